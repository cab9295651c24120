"""Facts as the audit log tells them: who did what to whom, and what it was before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from analytics.events import Name
from portal.accounts import tokens
from portal.admin import queries, wording
from portal.admin.presenting import Link
from portal.core.actor import Actor, Kind
from portal.core.i18n import size
from portal.core.refs import Ref
from portal.core.registry import load_things, registry
from portal.ledger.models import LedgerEntry
from portal.people import queries as people

PEOPLE = "person"
RUNS = frozenset({Name.IMPORT_FINISHED, Name.IMPORT_UNDONE})
"""Facts that tell of many others as a whole."""
NAMES = frozenset({"title", "file", "slug"})
"""Props that name the thing the fact is about."""
WORDS = ("label", "title", "file", "code", "endpoint", "permission", "kind", "slug", "why")
"""Props that are told as they are."""
PARTS: dict[Name, tuple[str, ...]] = {
    Name.DEPARTMENT_CHANGED: ("name", "above", "manager"),
    Name.SITE_CHANGED: ("name", "timezone"),
}
"""What the lists `before` and `after` of a fact hold, in their order."""


@dataclass(frozen=True)
class Line:
    """One line of the audit log."""

    at: dt.datetime
    who: Link
    helper: Link | None
    """The administrator who acted in their place."""
    did: str
    about: Link | None
    details: tuple[str, ...]
    parts: Link | None = None
    """Where the single facts are of what this line tells as a whole."""


@dataclass(frozen=True)
class Names:
    """What the facts of a page speak of, fetched at once."""

    people: Mapping[int, str]
    things: Mapping[Ref, Link]
    places: Mapping[tuple[str, str], str]


def lines(actor: Actor, entries: Sequence[LedgerEntry]) -> list[Line]:
    """Turn facts into lines; names and titles come in a few queries for all of them."""
    refs = {Ref.parse(entry.subject) for entry in entries if entry.subject}
    refs |= {program for entry in entries if (program := _program(entry)) is not None}
    ids = {ref.id for ref in refs if ref.kind == PEOPLE}
    ids |= {one for entry in entries for one in (entry.actor_id, entry.acted_by_id) if one}
    ids |= {entry.props["into"] for entry in entries if entry.name == Name.PERSON_MERGED}
    things = {ref: Link(thing.title, thing.url) for ref, thing in load_things(actor, refs).items()}
    names = Names(people.names(ids), things, queries.place_names(refs, _rules(entries)))
    return [_line(entry, names) for entry in entries]


def _rules(entries: Sequence[LedgerEntry]) -> set[tuple[str, str]]:
    """Return the rules of audiences that these facts speak of, as kind and value."""
    told = (entry.props.get(when) for entry in entries for when in ("before", "after") if _is_audience(entry))
    rules = (rule for one in told if isinstance(one, list) for rule in one[1:])
    return {(kind, value) for kind, _colon, value in (str(rule).partition(":") for rule in rules)}


def _is_audience(entry: LedgerEntry) -> bool:
    return entry.name.startswith("audience.")


def _line(entry: LedgerEntry, names: Names) -> Line:
    name = Name(entry.name)
    subject = Ref.parse(entry.subject) if entry.subject else None
    is_own = subject == Ref(PEOPLE, entry.actor_id or 0)
    about = _about(subject, names) if subject and not is_own else None
    details = tuple(words for words in _details(entry, names) if words and (about is None or words != about.text))
    helper = _person(entry.acted_by_id, names) if entry.acted_by_id else None
    is_run = name in RUNS and subject is not None
    parts = Link(_("Show each change"), url_for("admin.audit", about=str(subject))) if is_run else None
    return Line(entry.at, _who(entry, names), helper, str(wording.FACTS[name]), about, details, parts)


def run_of(words: str) -> Ref | None:
    """Return the import that is asked for by its Ref."""
    try:
        ref = Ref.parse(words)
    except ValueError:
        return None
    return ref if ref.kind == "import" else None


def _who(entry: LedgerEntry, names: Names) -> Link:
    if entry.actor_id is not None:
        return _person(entry.actor_id, names)
    if (program := _program(entry)) is not None:
        return names.things.get(program) or Link(str(wording.THINGS[program.kind]))
    return Link(_("The portal") if entry.actor_kind == Kind.SYSTEM.value else _("Somebody not signed in"))


def _program(entry: LedgerEntry) -> Ref | None:
    """Return the service that did it, if it was one: its facts are by nobody, on the visit of its token."""
    return tokens.service_of_visit(entry.visit) if entry.actor_id is None else None


def _person(person_id: int, names: Names) -> Link:
    text = names.people.get(person_id)
    return Link(text, url_for("admin.person", person_id=person_id)) if text else Link(_("Somebody who was erased"))


def _about(subject: Ref, names: Names) -> Link:
    if subject.kind == PEOPLE and subject.id in names.people:
        return _person(subject.id, names)
    if (subject.kind, str(subject.id)) in names.places:
        numbered: dict[str, Any] = {f"{subject.kind}_id": subject.id}
        return Link(names.places[subject.kind, str(subject.id)], url_for(f"admin.{subject.kind}", **numbered))
    return names.things.get(subject) or Link(str(wording.THINGS.get(subject.kind, subject)))


def _details(entry: LedgerEntry, names: Names) -> Iterator[str]:
    props = entry.props
    if "option" in props:
        yield _option(props)
        return
    yield from _changes(entry, names)
    for name, value in props.items():
        if name in ("reason", "method", "by", "how") and value in wording.REASONS:
            yield str(wording.REASONS[value])
        elif name == "fields" and "before" not in props:
            yield ", ".join(str(wording.PERSON_FIELDS.get(field, field)) for field in value)
        elif name in ("added", "removed"):
            yield from _roles(name, value)
        elif name == "sessions_ended" and value:
            yield ngettext("%(num)s session ended", "%(num)s sessions ended", value)
        elif name == "tokens_revoked" and value:
            yield ngettext("%(num)s token revoked", "%(num)s tokens revoked", value)
        elif name == "n_people" and value:
            yield ngettext("%(num)s person moved", "%(num)s people moved", value)
        elif name == "lines":
            yield ngettext("%(num)s line", "%(num)s lines", value)
        elif name == "minutes":
            yield ngettext("%(num)s minute", "%(num)s minutes", value)
        elif name == "into" and entry.name == Name.PERSON_MERGED:
            yield _("into %(name)s", name=names.people.get(value, _("somebody who was erased")))
        elif name == "bytes":
            yield size(value)
        elif name == "kind" and entry.name in RUNS and value in registry().importers:
            yield str(registry().importers[value].label)
        elif name in WORDS and not (name in NAMES and _is_hidden(entry, names)):
            yield str(value)


def _is_hidden(entry: LedgerEntry, names: Names) -> bool:
    """True where the fact is about a thing this reader may not know of; what it is called stays out too."""
    subject = Ref.parse(entry.subject) if entry.subject else None
    return subject is not None and subject.kind in registry().things and subject not in names.things


def _changes(entry: LedgerEntry, names: Names) -> Iterator[str]:
    """Tell what was there before and after; what did not change is not told."""
    before, after = entry.props.get("before"), entry.props.get("after")
    if entry.name == Name.QUEUE_CHANGED:
        yield _("%(before)s → %(after)s", before=_shown(before), after=_shown(after))
        return
    if not isinstance(before or after, list):
        return
    if _is_audience(entry):
        yield from _rule_changes(before or [""], after or [""], names)
        return
    fields = entry.props.get("fields") or PARTS.get(Name(entry.name), ())
    for field, old, new in zip_longest(fields, before or (), after or (), fillvalue=""):
        if old != new:
            yield _change(str(wording.PERSON_FIELDS.get(field, field)), old, new)


def _rule_changes(before: list[str], after: list[str], names: Names) -> Iterator[str]:
    if before[0] != after[0]:
        yield _change(str(wording.PERSON_FIELDS["name"]), before[0], after[0])
    for rule in (one for one in after[1:] if one not in before[1:]):
        yield _("also %(who)s", who=_rule(rule, names))
    for rule in (one for one in before[1:] if one not in after[1:]):
        yield _("no longer %(role)s", role=_rule(rule, names))


def _rule(rule: str, names: Names) -> str:
    kind, _colon, value = rule.partition(":")
    if kind == "role":
        return str(wording.ROLES.get(value, value))  # type: ignore[call-overload]
    return names.places.get((kind, value)) or _("something that is gone")


def _option(props: Mapping[str, Any]) -> str:
    label = str(wording.OPTIONS.get(props["option"], props["option"]))
    if "before" not in props:
        return _("%(option)s: a new value", option=label)
    return _change(label, props["before"], props["after"])


def _change(label: str, before: Any, after: Any) -> str:
    return _("%(option)s: %(before)s → %(after)s", option=label, before=_shown(before), after=_shown(after))


def _shown(value: Any) -> str:
    return _("“%(words)s”", words=value) if value else _("empty")


def _roles(change: str, roles: Sequence[str]) -> Iterator[str]:
    for role in roles:
        word = str(wording.ROLES.get(role, role))  # type: ignore[call-overload]
        yield _("now %(role)s", role=word) if change == "added" else _("no longer %(role)s", role=word)
