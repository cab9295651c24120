"""Add scopes of tokens, webhooks and their deliveries."""

from __future__ import annotations

revision = "000000000010"
down_revision = "000000000009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
