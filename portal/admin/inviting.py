"""Several people invited at once: one a line, as they are copied out of a mail or a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from portal.accounts import services as accounts
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Role
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Department, Person, Site

MOST = 200
_ADDRESS = re.compile(r"[^\s<>,;\"'()]+@[^\s<>,;\"'()]+")


@dataclass(frozen=True)
class Wanted:
    """One line that names somebody."""

    line: int
    name: str
    email: str


@dataclass(frozen=True)
class Mistake:
    """One line that cannot be used, and why."""

    line: int
    text: str
    why: str


def read(text: str) -> tuple[list[Wanted], list[Mistake]]:
    """Return who is named, and the lines that name nobody; `Ana Ruiz <ana@…>`, `ana@…; Ana Ruiz` and `ana@…` will do.

    A line without a name gets one made of its address, to be put right by whoever is invited.
    """
    found: dict[str, Wanted] = {}
    mistakes = []
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST:
        raise Invalid(_("At most %(n)s lines at once; for more there is the import of people.", n=MOST), field="lines")
    for n, line in lines:
        addresses = _ADDRESS.findall(line)
        if len(addresses) != 1:
            why = _("more than one address") if addresses else _("no mail address")
            mistakes.append(Mistake(n, line, why))
            continue
        try:
            email = people.clean_email(addresses[0])
            name = people.clean_name(_name_in(line, addresses[0]))
        except Invalid as refusal:
            mistakes.append(Mistake(n, line, refusal.message))
            continue
        if email in found:
            mistakes.append(Mistake(n, line, _("the same address as in line %(n)s", n=found[email].line)))
        else:
            found[email] = Wanted(n, name, email)
    known = people_queries.ids_by_email(list(found))
    for email in known:
        one = found.pop(email)
        mistakes.append(Mistake(one.line, email, _("somebody has an account with this address already")))
    return list(found.values()), sorted(mistakes, key=lambda mistake: mistake.line)


def _name_in(line: str, address: str) -> str:
    """Return what stands beside the address, or a name made of the address."""
    rest = re.sub(r"[\s<>,;\"()\t]+", " ", line.replace(address, " ")).strip(" -:")
    return rest or re.sub(r"[._\-+\d]+", " ", address.partition("@")[0]).strip().title() or address


def invite(
    actor: Actor,
    wanted: Collection[Wanted],
    *,
    department_id: int | None,
    site_id: int | None,
    roles: Collection[Role],
) -> list[Person]:
    """Add everybody and send the invitations; the caller commits, so it is all of them or none."""
    department = db.session.get(Department, department_id) if department_id else None
    site = db.session.get(Site, site_id) if site_id else None
    added = []
    for one in wanted:
        person = people.add_person(
            actor, email=one.email, name=one.name, department=department, site=site, roles=roles, by="invitation"
        )
        accounts.invite(actor, person)
        added.append(person)
    return added
