"""From rows to what a page shows: a line of the audit log, a size in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from babel.units import format_unit
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from analytics.events import Name
from portal.admin import wording
from portal.core.actor import Actor, Kind
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.ledger.models import LedgerEntry
from portal.notifications import kinds
from portal.notifications.models import OutboxMail
from portal.people import queries as people
from portal.people.models import AudienceRule

PEOPLE = "person"
USES_SHOWN = 10
UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


@dataclass(frozen=True)
class Link:
    """Words, and where they lead; no address for words alone."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Choice:
    """One value of a filter, as a link."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True)
class Line:
    """One line of the audit log."""

    at: dt.datetime
    who: Link
    did: str
    about: Link | None
    details: tuple[str, ...]


def lines(actor: Actor, entries: Sequence[LedgerEntry]) -> list[Line]:
    """Turn facts into lines; names and titles come in one query for each kind of thing."""
    refs = {Ref.parse(entry.subject) for entry in entries if entry.subject}
    ids = {ref.id for ref in refs if ref.kind == PEOPLE} | {entry.actor_id for entry in entries if entry.actor_id}
    names = people.names(ids)
    titles = {ref: Link(thing.title, thing.url) for ref, thing in load_things(actor, refs).items()}
    return [_line(entry, names, titles) for entry in entries]


def _line(entry: LedgerEntry, names: Mapping[int, str], titles: Mapping[Ref, Link]) -> Line:
    name = Name(entry.name)
    subject = Ref.parse(entry.subject) if entry.subject else None
    about = _about(subject, names, titles) if subject and not _is_own(entry, subject) else None
    details = tuple(words for words in _details(entry.props) if about is None or words != about.text)
    return Line(entry.at, _who(entry, names), str(wording.FACTS[name]), about, details)


def _is_own(entry: LedgerEntry, subject: Ref) -> bool:
    return subject == Ref(PEOPLE, entry.actor_id or 0)


def _who(entry: LedgerEntry, names: Mapping[int, str]) -> Link:
    if entry.actor_id is not None:
        text = names.get(entry.actor_id) or _("Somebody who was erased")
        return Link(text, url_for("admin.person", person_id=entry.actor_id) if entry.actor_id in names else "")
    return Link(_("The portal") if entry.actor_kind == Kind.SYSTEM.value else _("Somebody not signed in"))


def _about(subject: Ref, names: Mapping[int, str], titles: Mapping[Ref, Link]) -> Link:
    if subject.kind == PEOPLE and subject.id in names:
        return Link(names[subject.id], url_for("admin.person", person_id=subject.id))
    return titles.get(subject) or Link(str(wording.THINGS.get(subject.kind, subject)))


def _details(props: Mapping[str, Any]) -> Iterator[str]:
    if "option" in props:
        yield _option(props)
        return
    for name, value in props.items():
        if name in ("reason", "method", "by") and value in wording.REASONS:
            yield str(wording.REASONS[value])
        elif name == "fields":
            yield ", ".join(str(wording.PERSON_FIELDS.get(field, field)) for field in value)
        elif name in ("added", "removed"):
            yield from _roles(name, value)
        elif name == "sessions_ended" and value:
            yield ngettext("%(num)s session ended", "%(num)s sessions ended", value)
        elif name == "tokens_revoked" and value:
            yield ngettext("%(num)s token revoked", "%(num)s tokens revoked", value)
        elif name == "bytes":
            yield size(value)
        elif name in ("label", "title", "file", "code", "endpoint", "permission", "kind", "slug"):
            yield str(value)


def _option(props: Mapping[str, Any]) -> str:
    label = str(wording.OPTIONS.get(props["option"], props["option"]))
    if "before" not in props:
        return _("%(option)s: a new value", option=label)
    return _(
        "%(option)s: %(before)s → %(after)s", option=label, before=_shown(props["before"]), after=_shown(props["after"])
    )


def _shown(value: str) -> str:
    return f"“{value}”" if value else _("empty")


def _roles(change: str, roles: Sequence[str]) -> Iterator[str]:
    for role in roles:
        word = str(wording.ROLES.get(role, role))  # type: ignore[call-overload]
        yield _("now %(role)s", role=word) if change == "added" else _("no longer %(role)s", role=word)


def size(n_bytes: int) -> str:
    """Tell a size in the unit that suits it: `1.4 MB`."""
    value, step = float(n_bytes), 0
    while value >= 1000 and step < len(UNITS) - 1:
        value, step = value / 1000, step + 1
    shown = round(value) if step < 2 or value >= 100 else round(value, 1)
    length: Literal["short", "long"] = "short" if step else "long"
    return format_unit(shown, f"digital-{UNITS[step]}", length=length, locale=get_locale())


def without(kept: Mapping[str, str], name: str) -> dict[str, Any]:
    """Return the arguments of an address without one; paging starts over."""
    return {key: value for key, value in kept.items() if key != name}


def also(kept: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Return the arguments of an address with some changed."""
    return {**kept, **more}


def chosen(choices: Sequence[Choice]) -> str | None:
    """Return the words of the choice that is current, for the head of its menu; None for the first, which means all."""
    return next((str(choice.text) for choice in choices[1:] if choice.current), None)


def choices(endpoint: str, kept: Mapping[str, str], name: str, values: Iterable[tuple[str, str]]) -> list[Choice]:
    """Return a filter's values as links, the first one for all."""
    now = kept.get(name, "")
    everything = Choice(_("All"), url_for(endpoint, **without(kept, name)), not now)
    return [
        everything,
        *(Choice(text, url_for(endpoint, **also(kept, **{name: key})), key == now) for key, text in values),
    ]


def rule_words(rule: AudienceRule, names: Mapping[tuple[str, str], str]) -> str:
    """Say one way into an audience."""
    if rule.kind == "role":
        return str(wording.ROLES.get(rule.value, rule.value))  # type: ignore[call-overload]
    return names.get((rule.kind, rule.value)) or _("something that is gone")


@dataclass(frozen=True)
class Use:
    """What is for an audience: how many of a kind, and those its reader may see."""

    kind: str
    n: int
    seen: tuple[Link, ...]


def uses(actor: Actor, found: Mapping[str, Sequence[int]]) -> list[Use]:
    """Tell where an audience is used; what the reader may not see is counted and not named."""
    refs = {table: [Ref(table, row_id) for row_id in ids[:USES_SHOWN]] for table, ids in found.items()}
    things = load_things(actor, [ref for some in refs.values() for ref in some])
    return [
        Use(
            str(wording.TABLES.get(table, table)),
            len(ids),
            tuple(Link(things[ref].title, things[ref].url) for ref in refs[table] if ref in things),
        )
        for table, ids in found.items()
    ]


def mail_words(mail: OutboxMail) -> str:
    """Say what a mail is about by its kind; its subject may name what only its reader should see."""
    declared = kinds.KINDS.get(mail.kind)
    return str(wording.MAILS.get(mail.kind) or (declared.text if declared else mail.kind))
