"""Add increments and gates."""

from __future__ import annotations

revision = "000000000030"
down_revision = "000000000029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
