"""Add more of the queue."""

from __future__ import annotations

revision = "000000000020"
down_revision = "000000000019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
