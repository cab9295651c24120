"""Drop two columns that nobody reads: no title of a ticket is shown to others, and checks have their own days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000033"
down_revision = "000000000032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("ticket", "is_private_title")
    op.drop_column("item", "check_after_days")


def downgrade() -> None:
    op.add_column(
        "ticket",
        sa.Column(
            "is_private_title",
            sa.Boolean(),
            nullable=False,
            server_default=sa.true(),
            comment="its words are never shown outside its people, only counted",
        ),
    )
    op.add_column(
        "item",
        sa.Column(
            "check_after_days",
            sa.Integer(),
            nullable=False,
            server_default="30",
            comment="30, and again 90, after delivery",
        ),
    )
