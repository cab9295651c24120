"""Add more of measures: what a day leaves to the next, figures worked out ahead, and what must be believed of money."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core.types import UTCDateTime

revision = "000000000023"
down_revision = "000000000022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fold_carry",
        sa.Column(
            "day", sa.Date(), nullable=False, comment="the first day that is not folded, as this was carried into it"
        ),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_fold_carry")),
    )
    op.create_table(
        "kept_report",
        sa.Column("key", sa.String(length=96), nullable=False, comment="days, window and slice: 84d|24h|department:3"),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the definitions"),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kept_report")),
    )
    op.create_table(
        "assumption",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assumption_person_id_person")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_assumption")),
    )
    op.drop_column("fold_state", "open_attempts")
    op.add_column(
        "daily_attempts",
        sa.Column(
            "searches", sa.LargeBinary(), server_default="", nullable=False, comment="settled with them, packed alike"
        ),
    )


def downgrade() -> None:
    op.drop_column("daily_attempts", "searches")
    op.add_column(
        "fold_state",
        sa.Column(
            "open_attempts",
            sa.LargeBinary(),
            server_default="",
            nullable=False,
            comment="not ended at the last midnight",
        ),
    )
    op.drop_table("assumption")
    op.drop_table("kept_report")
    op.drop_table("fold_carry")
