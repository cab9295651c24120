"""Note when to look after a ticket's promises, and which warnings were given.

Revision ID: 000000000021
Revises: 000000000020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000021"
down_revision = "000000000020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    when = "when to see next whether its people must be warned"
    op.add_column("ticket", sa.Column("look_at", types.UTCDateTime(timezone=True), comment=when))
    op.create_index("ix_ticket_look_at", "ticket", ["look_at"])
    # The job reckons the rest when it comes to them.
    op.execute(
        "UPDATE ticket SET look_at = COALESCE(first_response_due_at, resolution_due_at) WHERE status IN ('new', 'open')"
    )
    op.create_table(
        "ticket_alarm",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="how often the ticket had been reopened"),
        sa.Column("promise", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_alarm_ticket_id_ticket"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "round", "promise", "stage", name=op.f("pk_ticket_alarm")),
    )


def downgrade() -> None:
    op.drop_table("ticket_alarm")
    op.drop_index("ix_ticket_look_at", "ticket")
    # Without a batch: that would make the table anew, and much points at it.
    op.drop_column("ticket", "look_at")
