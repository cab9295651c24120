"""Add merged and erased people, and acting for somebody."""

from __future__ import annotations

revision = "000000000009"
down_revision = "000000000008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
