"""Add goals and interventions."""

from __future__ import annotations

revision = "000000000028"
down_revision = "000000000027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
