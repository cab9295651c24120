"""Add how far days are counted, so that counting goes on where it was stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000032"
down_revision = "000000000031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "fold_state",
        sa.Column(
            "uncounted_since",
            sa.Date(),
            nullable=True,
            comment="the first day that was folded and whose sums are not counted yet",
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("fold_state", schema=None) as batch_op:
        batch_op.drop_column("uncounted_since")
