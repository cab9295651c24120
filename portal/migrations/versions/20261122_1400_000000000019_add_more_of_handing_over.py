"""Add more of handing over."""

from __future__ import annotations

revision = "000000000019"
down_revision = "000000000018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
