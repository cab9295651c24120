"""Who may enter which part of administration; the refusal says who can."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.core.actor import Actor
from portal.core.errors import Forbidden
from portal.core.permissions import PERMISSIONS, Permission
from portal.people import queries as people

NAMED = 3


def require(actor: Actor, permission: Permission) -> None:
    """Refuse (Forbidden) somebody without the permission, in words that name those who have it."""
    if not actor.can(permission):
        raise Forbidden(_refusal(permission))


def _refusal(permission: Permission) -> str:
    roles = [role.value for role, granted in PERMISSIONS.items() if permission in granted]
    names = [person.name for person in people.with_role(*roles)[:NAMED]]
    if not names:
        return _("This part is for those who look after the portal.")
    return _("This part is for those who look after the portal. Ask %(names)s.", names=_either(names))


def _either(names: list[str]) -> str:
    """Return `Ada, Ben or Cleo`."""
    if len(names) == 1:
        return names[0]
    return _("%(some)s or %(last)s", some=", ".join(names[:-1]), last=names[-1])
