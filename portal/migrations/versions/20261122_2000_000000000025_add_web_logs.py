"""Add web logs."""

from __future__ import annotations

revision = "000000000025"
down_revision = "000000000024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
