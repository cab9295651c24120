"""Add more of service levels."""

from __future__ import annotations

revision = "000000000021"
down_revision = "000000000020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
