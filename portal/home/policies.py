"""Who may do what with a notice. Used by services and templates, so that a button never lies."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission
from portal.home.models import Incident


def can_declare(actor: Actor) -> bool:
    return actor.can(Permission.INCIDENT_DECLARE)


def can_change(actor: Actor, incident: Incident) -> bool:
    """Whoever may declare may also mend what a colleague declared; what is over stays as it was."""
    return can_declare(actor) and actor.sees(incident.access_key) and incident.is_up


def can_echo(actor: Actor) -> bool:
    return actor.is_signed_in and actor.can(Permission.INCIDENT_ECHO)
