"""Add more of measures."""

from __future__ import annotations

revision = "000000000023"
down_revision = "000000000022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
