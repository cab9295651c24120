"""Add more of incoming mail."""

from __future__ import annotations

revision = "000000000022"
down_revision = "000000000021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
