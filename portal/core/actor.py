"""Who is acting: a small frozen picture of the person, made once per request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from flask import g, has_request_context
from flask_babel import gettext as _

from portal.core.errors import Forbidden
from portal.core.permissions import PERMISSIONS, Permission, Role
from portal.core.scopes import Scope


class Kind(StrEnum):
    """As what somebody acts; the strongest of their roles. Figures count only some kinds (METRICS 1.10)."""

    USER = "user"
    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"
    BOT = "bot"
    ANON = "anon"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The signed-in person, somebody unknown, or the portal itself."""

    person_id: int | None = None
    kind: Kind = Kind.ANON
    name: str = ""
    email: str = ""
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    department_id: int | None = None
    site_id: int | None = None
    locale: str = ""
    timezone: str = ""
    theme: str = "auto"
    keys: frozenset[str] = field(default=frozenset(), repr=False)
    """Access keys this actor may see; every list, search and page filters by them."""
    session_id: int | None = None
    scopes: frozenset[Scope] | None = None
    """What the token allows by which a program acts; None for a person in a browser."""
    service_id: int | None = None
    """The token of a program that is nobody's: known to the portal, but no person."""
    service_by_id: int | None = None
    """Who made that token; where two people have to look, what the program wrote is theirs."""
    visit: str = ""
    """Name of the visit for the ledger: one per signed-in session or anonymous browser."""
    acted_by_id: int | None = None
    """The administrator who acts in this person's place; every fact names both."""
    acted_by: str = ""
    """Their name, for the banner."""
    acting_until: dt.datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None or self.service_id is not None

    @property
    def is_acting_for(self) -> bool:
        """True when somebody else sits there; then whatever only the person themselves may do is refused."""
        return self.acted_by_id is not None

    @property
    def hands(self) -> frozenset[int]:
        """Everybody whose doing this is: the person, who acts for them, who made the token of the service."""
        return frozenset({self.person_id, self.acted_by_id, self.service_by_id} - {None})  # type: ignore[arg-type]

    @property
    def allowed_keys(self) -> frozenset[str]:
        return self.keys

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return "".join(p[0] for p in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse (Forbidden) unless this actor has the permission."""
        if not self.can(permission):
            raise Forbidden("")

    def require_self(self) -> None:
        """Refuse (Forbidden) whoever acts for the person: this is for themselves alone."""
        if self.is_acting_for:
            raise Forbidden(
                _("You act for %(name)s. This is for themselves alone: end it first, or ask them.", name=self.name)
            )

    def sees(self, access_key: str) -> bool:
        return access_key in self.keys


ANONYMOUS = Actor()


def system(name: str) -> Actor:
    """Return the portal acting by itself, for jobs and commands; it may do everything and sees nothing restricted."""
    return Actor(kind=Kind.SYSTEM, name=name, permissions=frozenset(Permission))


def current() -> Actor:
    """Return who is acting in this request; outside one, the portal itself."""
    if has_request_context():
        actor: Actor = g.get("actor", ANONYMOUS)
        return actor
    return system("command")


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything these roles may do together."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def kind_of(roles: frozenset[Role]) -> Kind:
    """Return as what somebody with these roles acts: the strongest wins."""
    for role, kind in ((Role.ADMIN, Kind.ADMIN), (Role.EDITOR, Kind.EDITOR), (Role.AGENT, Kind.AGENT)):
        if role in roles:
            return kind
    return Kind.USER
