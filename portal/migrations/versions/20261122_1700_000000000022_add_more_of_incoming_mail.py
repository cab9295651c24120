"""Add more of incoming mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000022"
down_revision = "000000000021"
branch_labels = None
depends_on = None

KEY = "hash of what stays the same however often the mail is brought"
KEY_BEFORE = "hash of the Message-ID, or of the whole mail where it has none"


def upgrade() -> None:
    op.create_table(
        "mail_source",
        sa.Column("name", sa.String(length=16), nullable=False, comment="server or folder"),
        sa.Column(
            "mailbox",
            sa.String(length=300),
            nullable=False,
            comment="which one the numbers are of: account, folder and its UIDVALIDITY",
        ),
        sa.Column("last_uid", sa.Integer(), nullable=False, comment="everything up to here was taken"),
        sa.Column("tried_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("reached_at", types.UTCDateTime(timezone=True), nullable=True, comment="when all went well"),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_source")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sender_name", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="how often it was tried")
        )
        batch_op.add_column(
            sa.Column(
                "queue_id",
                sa.Integer(),
                nullable=True,
                comment="whose address it came to; none for what fits nowhere",
            )
        )
        batch_op.create_index(batch_op.f("ix_incoming_mail_queue_id"), ["queue_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_incoming_mail_queue_id_queue"), "queue", ["queue_id"], ["id"])
        batch_op.alter_column(
            "key", existing_type=sa.String(length=64), existing_nullable=False, comment=KEY, existing_comment=KEY_BEFORE
        )
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rest", sa.Text(), server_default="", nullable=False, comment="what a mail quoted, and its signature"
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("ticket_message", schema=None) as batch_op:
        batch_op.drop_column("rest")
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.alter_column(
            "key", existing_type=sa.String(length=64), existing_nullable=False, comment=KEY_BEFORE, existing_comment=KEY
        )
        batch_op.drop_constraint(batch_op.f("fk_incoming_mail_queue_id_queue"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_incoming_mail_queue_id"))
        batch_op.drop_column("queue_id")
        batch_op.drop_column("attempts")
        batch_op.drop_column("sender_name")
    op.drop_table("mail_source")
