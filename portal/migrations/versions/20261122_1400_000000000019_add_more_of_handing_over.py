"""Add more of handing over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "000000000019"
down_revision = "000000000018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "about",
                sa.String(length=64),
                nullable=True,
                comment="a Ref: what it tells, so that a bounce can be shown there",
            )
        )
        batch_op.add_column(
            sa.Column(
                "refers_to",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="Message-IDs of its thread, oldest first",
            )
        )
        batch_op.add_column(
            sa.Column(
                "reply_to",
                sa.String(length=254),
                server_default="",
                nullable=False,
                comment="where answers are read",
            )
        )
        batch_op.create_index(batch_op.f("ix_outbox_mail_about"), ["about"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_about"))
        batch_op.drop_column("reply_to")
        batch_op.drop_column("refers_to")
        batch_op.drop_column("about")
