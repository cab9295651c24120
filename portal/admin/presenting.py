"""From rows to what a page shows: a line of the audit log, a size in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.admin import wording
from portal.core.actor import Actor
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.notifications import kinds
from portal.notifications.models import OutboxMail
from portal.people.models import AudienceRule

USES_SHOWN = 10


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


def tables(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return counts by table with words for the tables."""
    return [(str(wording.TABLES.get(table, table.replace("_", " "))), n) for table, n in counts.items()]


def mail_words(mail: OutboxMail) -> str:
    """Say what a mail is about by its kind; its subject may name what only its reader should see."""
    declared = kinds.KINDS.get(mail.kind)
    return str(wording.MAILS.get(mail.kind) or (declared.text if declared else mail.kind))
