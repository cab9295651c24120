"""Add attachments.

Revision ID: 000000000002
Revises: 000000000001
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000002"
down_revision = "000000000001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="a Ref: what it hangs on, article:12"),
        sa.Column("stored_name", sa.String(length=64), nullable=False, comment="below files/, made by us"),
        sa.Column("download_name", sa.String(length=160), nullable=False, comment="what a browser saves it as"),
        sa.Column("media_type", sa.String(length=96), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes as stored"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the bytes as stored"),
        sa.Column(
            "width",
            sa.Integer(),
            nullable=True,
            comment="of a picture that we drew anew; only such are shown in pages",
        ),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt", sa.String(length=300), nullable=False, comment="words for those who cannot see the picture"),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", types.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_attachment_uploaded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_attachment_stored_name")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_uploaded_by_id"), ["uploaded_by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("attachment")
