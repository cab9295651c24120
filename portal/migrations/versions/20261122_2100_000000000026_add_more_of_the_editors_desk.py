"""Add more of the editors' desk."""

from __future__ import annotations

revision = "000000000026"
down_revision = "000000000025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
