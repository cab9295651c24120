"""Add more of waves."""

from __future__ import annotations

revision = "000000000031"
down_revision = "000000000030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
