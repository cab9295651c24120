"""Add daily measures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000017"
down_revision = "000000000016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daily_attempts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False, comment="how many attempts"),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the packing; an older one is folded again"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_attempts")),
    )
    op.create_table(
        "daily_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in UTC"),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column(
            "slice",
            sa.String(length=96),
            nullable=False,
            comment="empty: all; department:3, site:2, category:7, window:24h and the like",
        ),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_measure")),
        sa.UniqueConstraint("measure", "slice", "day", name=op.f("uq_daily_measure_measure_slice_day")),
    )
    with op.batch_alter_table("daily_measure", schema=None) as batch_op:
        batch_op.create_index("ix_daily_measure_day", ["day"], unique=False)

    op.create_table(
        "fold_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded_until", sa.Date(), nullable=True, comment="the first day that is not folded"),
        sa.Column("last_entry_id", sa.Integer(), nullable=False, comment="of the ledger, when it was folded"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="of the definitions; another one folds everything again"
        ),
        sa.Column("open_attempts", sa.LargeBinary(), nullable=False, comment="not ended at the last midnight"),
        sa.Column("rebuilt_until", sa.Date(), nullable=True, comment="while everything is folded again"),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fold_state")),
    )
    op.create_table(
        "change_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_date_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_date")),
    )
    with op.batch_alter_table("change_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_date_on"), ["on"], unique=False)


def downgrade() -> None:
    op.drop_table("change_date")
    op.drop_table("fold_state")
    op.drop_table("daily_measure")
    op.drop_table("daily_attempts")
