"""Changes an administrator makes, each through the service of the feature it belongs to. The caller commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import func, select

from analytics.events import Name
from portal.accounts import services as accounts
from portal.admin import queries
from portal.core import actor as actors
from portal.core import addresses, options
from portal.core.actor import Actor
from portal.core.database import Base, db
from portal.core.errors import Forbidden, Invalid, Refusal
from portal.core.permissions import Permission, Role
from portal.jobs import services as jobs
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import grouping
from portal.people import services as people
from portal.people.models import Audience, Department, Person, Site

MAIL_OPTIONS = ("desk_mail", "mail_from")
MOST_UNKNOWN = 5
LARGEST = 12


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """What a form says of a person."""

    name: str
    email: str
    department_id: int | None
    site_id: int | None


def invite(actor: Actor, somebody: Somebody, *, roles: Collection[Role]) -> Person:
    """Add a person and put the invitation in the outbox; they choose their password themselves."""
    person = people.add_person(
        actor,
        email=somebody.email,
        name=somebody.name,
        department=db.session.get(Department, somebody.department_id) if somebody.department_id else None,
        site=db.session.get(Site, somebody.site_id) if somebody.site_id else None,
        roles=roles,
        by="invitation",
    )
    accounts.invite(actor, person)
    return person


def change_options(actor: Actor, *, password: str, is_password_forgotten: bool, **values: Any) -> None:
    """Change the portal's options; an empty password leaves the stored one. Refuses what cannot work (Invalid)."""
    actor.require(Permission.OPTION_CHANGE)
    for name in MAIL_OPTIONS:
        values[name] = _address(values[name], name)
    if values["mail_mode"] == "smtp" and not values["smtp_host"]:
        raise Invalid(_("Name the mail server, or choose another way."), field="smtp_host")
    if password or is_password_forgotten:
        values["smtp_password"] = "" if is_password_forgotten else password
    options.change(actor, **values)


def _address(text: str, field: str) -> str:
    if not text and field != "mail_from":
        return ""
    return addresses.mail(text, field=field, is_local_too=True)


def record_option_changes(actor: Actor, changes: dict[str, list[Any]]) -> None:
    """Write one fact for each changed option, values as text; the value of a secret stays out."""
    for name, (before, after) in changes.items():
        is_secret = name in options.SECRET_OPTIONS
        values: dict[str, Any] = {} if is_secret else {"before": _as_text(before), "after": _as_text(after)}
        ledger.record(Name.OPTION_CHANGED, actor=actor, option=name, **values)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def note_refusal(refusal: Refusal) -> None:
    """Note that somebody signed in was refused what they may not do; what they may not know of is not noted."""
    who = actors.current()
    if isinstance(refusal, Forbidden) and who.is_signed_in:
        ledger.observe(Name.PERMISSION_DENIED, actor=who, endpoint=request.endpoint)


def send_test_mail(actor: Actor) -> Person:
    """Put a test mail to the actor in the outbox."""
    person = people.get_person(actor.person_id)
    notifications.send_test(actor, person)
    return person


def add_audience(actor: Actor, *, slug: str, name: str, rules: Sequence[grouping.Rule]) -> Audience:
    """Name a group of people. Refuses a short name that is taken, and a group of nobody."""
    if db.session.execute(select(Audience.id).where(Audience.slug == slug)).first():
        raise Invalid(_("Another audience has this short name."), field="slug")
    _refuse_nobody(rules)
    return people.add_audience(actor, slug=slug, name=name, rules=rules)


def change_audience(actor: Actor, audience: Audience, *, name: str, rules: Sequence[grouping.Rule]) -> None:
    """Give a group another name or other rules; refuses a group of nobody."""
    _refuse_nobody(rules)
    people.change_audience(actor, audience, name=name, rules=rules)


def _refuse_nobody(rules: Sequence[grouping.Rule]) -> None:
    if not rules:
        raise Invalid(_("Choose at least one department, site, role or person."))


def rules(
    *, departments: Iterable[int], sites: Iterable[int], roles: Iterable[str], addresses: Iterable[str]
) -> list[grouping.Rule]:
    """Return what was chosen as rules; refuses addresses nobody has (Invalid)."""
    return [
        *(("department", str(one)) for one in departments),
        *(("site", str(one)) for one in sites),
        *(("role", one) for one in roles),
        *(("person", str(one)) for one in _people_at(addresses)),
    ]


def chosen_rules(audience: Audience) -> dict[str, Any]:
    """Return an audience's rules as the fields of its form."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in grouping.RULE_KINDS}
    for kind, value in grouping.rules_of(audience):
        by_kind[kind].append(value)
    ids = [int(value) for value in by_kind["person"] if value.isdigit()]
    query = select(Person.email).where(Person.id.in_(ids)).order_by(Person.email)
    return {
        "departments": [int(value) for value in by_kind["department"] if value.isdigit()],
        "sites": [int(value) for value in by_kind["site"] if value.isdigit()],
        "roles": by_kind["role"],
        "people": "\n".join(db.session.execute(query).scalars()),
    }


def _people_at(addresses: Iterable[str]) -> list[int]:
    wanted = {address.strip().lower() for address in addresses if address.strip()}
    query = select(Person.email, Person.id).where(Person.email.in_(wanted))
    found = dict(db.session.execute(query).all())
    if unknown := sorted(wanted - set(found)):
        shown = ", ".join(address[:80] for address in unknown[:MOST_UNKNOWN])
        raise Invalid(_("Nobody has this address: %(addresses)s", addresses=shown), field="people")
    return sorted(found.values())


def retry_job(actor: Actor, job_id: int) -> None:
    """Give a dead job new attempts."""
    job = jobs.retry(actor, job_id)
    ledger.record(Name.JOB_RETRIED, actor=actor, kind=job.kind)


def retry_mail(actor: Actor, mail_id: int) -> None:
    """Send a failed mail again."""
    mail = notifications.retry(actor, mail_id)
    ledger.record(Name.JOB_RETRIED, actor=actor, kind=f"mail: {mail.kind}")


def table_sizes() -> list[tuple[str, int]]:
    """Return how many rows each table has, the largest first; for whoever wonders what grows."""
    tables = (table for table in Base.metadata.sorted_tables if table.name != "ledger_opening")
    counted = [(t.name, db.session.execute(select(func.count()).select_from(t)).scalar_one()) for t in tables]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:LARGEST]


def rebuild_index(actor: Actor) -> bool:
    """Ask for a fresh search index; False when one is being built already."""
    actor.require(Permission.JOB_MANAGE)
    if (latest := queries.latest_rebuild()) is not None and latest.state in queries.IN_HAND:
        return False
    jobs.enqueue(queries.REBUILD, {})
    return True
