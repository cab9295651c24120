"""Who may see and do what with webhooks."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission


def require(actor: Actor) -> None:
    """Refuse (Forbidden) who does not look after webhooks."""
    actor.require(Permission.WEBHOOK_MANAGE)
