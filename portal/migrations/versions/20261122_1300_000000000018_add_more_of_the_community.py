"""Note when questions and tips came to be for other people; keep how their texts begin.

Revision ID: 000000000018
Revises: 000000000017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.core import types

revision = "000000000018"
down_revision = "000000000017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    before = "what was said before was for other people"
    op.add_column("question", sa.Column("access_changed_at", types.UTCDateTime(timezone=True), comment=before))
    op.add_column("tip", sa.Column("access_changed_at", types.UTCDateTime(timezone=True), comment=before))
    for name in ("question", "answer", "tip"):
        begins = sa.Column(
            "excerpt", sa.String(length=200), server_default="", nullable=False, comment="its beginning, plain"
        )
        op.add_column(name, begins)


def downgrade() -> None:
    # Without a batch: that would make the tables anew, and answers point at them.
    for name in ("tip", "answer", "question"):
        op.drop_column(name, "excerpt")
    op.drop_column("tip", "access_changed_at")
    op.drop_column("question", "access_changed_at")
