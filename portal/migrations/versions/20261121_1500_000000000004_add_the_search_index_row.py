"""Add the row that tells which search index is the right one.

Revision ID: 000000000004
Revises: 000000000003
Create Date: 2026-11-21
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000004"
down_revision = "000000000003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("build", sa.String(length=32), nullable=False, comment="name of the build in use"),
        sa.Column("next_build", sa.String(length=32), nullable=False, comment="name of the build being made"),
        sa.Column("changes", sa.Integer(), nullable=False, comment="changes written to the build since it was made"),
        sa.Column("n_documents", sa.Integer(), nullable=False),
        sa.Column("built_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", types.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_index")),
    )


def downgrade() -> None:
    op.drop_table("search_index")
