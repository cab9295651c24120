"""The words that an installation told its search: what means the same, what is left out.

They are looked at when a question is read, so a change holds at once in every process and no index is built again.
A `Change` is first applied to the list in memory, where it can be tried; keeping it writes the same change to the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Permission
from portal.ledger import services as ledger
from portal.search import synonyms
from portal.search.analyzers import STOPPED, fold, stems
from portal.search.models import StopWord, WordGroup, WordsOff
from portal.search.synonyms import LEADS, LONGEST_PHRASE, NEAR, SAME, Group, Synonyms, parts_of

STAMP = "search-words"
MOST = 12
"""Words and phrases of one group."""
LONGEST = 40
KINDS = (SAME, NEAR, LEADS)
OPS = ("add", "change", "remove", "off", "on", "stop", "unstop")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing to do to the list, as it was typed and checked."""

    op: str
    id: int = 0
    """The own group that is changed or removed."""
    group: Group | None = None
    """What is added, or what it becomes."""
    key: str = ""
    """The group of the portal's that is switched off or on."""
    word: str = ""
    """The word that is left out, or not any more."""


@dataclass(frozen=True)
class WordList:
    """Everything the search was told, at one moment."""

    own: dict[int, Group]
    off: frozenset[str]
    stops: frozenset[str]

    @cached_property
    def synonyms(self) -> Synonyms:
        kept = [group for group in synonyms.shipped() if group.key not in self.off]
        return synonyms.build([*kept, *self.own.values()], self.stops)

    def with_change(self, change: Change) -> WordList:
        """Return the list as it would be; refuses what is not there (NotFound)."""
        if change.op in ("change", "remove") and change.id not in self.own:
            raise NotFound(_("These words are gone: somebody was faster."))
        if change.op == "add" and change.group in self.own.values():
            raise Invalid(_("These words are on the list already."), field="words")
        if change.op in ("add", "change") and change.group is not None:
            return replace(self, own={**self.own, change.id: change.group})
        if change.op == "remove":
            return replace(self, own={i: group for i, group in self.own.items() if i != change.id})
        if change.op in ("off", "on") and change.key not in {group.key for group in synonyms.shipped()}:
            raise NotFound("")
        if change.op == "off":
            return replace(self, off=self.off | {change.key})
        if change.op == "on":
            return replace(self, off=self.off - {change.key})
        return replace(self, stops=self.stops | {change.word} if change.op == "stop" else self.stops - {change.word})

    def told(self, change: Change) -> str:
        """Return what a change is about, as it stands in this list; empty when nothing stands there."""
        if change.op in ("off", "on"):
            is_on = change.key not in self.off
            return next((str(group) for group in synonyms.shipped() if group.key == change.key and is_on), "")
        if change.op in ("stop", "unstop"):
            return change.word if change.word in self.stops else ""
        return str(self.own[change.id]) if change.id in self.own else ""


def listed() -> WordList:
    """Return the list as the database has it; three queries."""
    rows = db.session.execute(select(WordGroup).order_by(WordGroup.id)).scalars()
    return WordList(
        own={row.id: _group(row.kind, row.words, row.sought) for row in rows},
        off=frozenset(db.session.execute(select(WordsOff.key)).scalars()),
        stops=frozenset(db.session.execute(select(StopWord.word)).scalars()),
    )


def current() -> Synonyms:
    """Return what holds now; read again in every process when it was changed."""
    return _read(str(db.engine.url), options.stamp(STAMP))


@lru_cache(maxsize=64)
def _read(database: str, stamp: str) -> Synonyms:
    return listed().synonyms if stamp else synonyms.load()


def _group(kind: str, words: list[str], sought: list[str]) -> Group:
    single = tuple(word for word in words if len(parts_of(word)) == 1)
    phrases = tuple(word for word in words if len(parts_of(word)) > 1)
    return Group(kind, single, phrases, tuple(sought), is_whole=True)


def group_of(kind: str, words: str, sought: str = "") -> Group:
    """Read a group as it was typed, separated by commas or lines; refuses what cannot be one (Invalid, by field)."""
    if kind not in KINDS:
        raise Invalid(_("Say how these words belong together."), field="kind")
    typed = _items(words, "words")
    led = _items(sought, "sought") if kind == LEADS else []
    if kind == LEADS and not led:
        raise Invalid(_("Say which words are to be looked for as well."), field="sought")
    if kind == LEADS and not typed:
        raise Invalid(_("Say which words people type."), field="words")
    if kind != LEADS and len(typed) < 2:
        raise Invalid(_("At least two, separated by commas."), field="words")
    group = _group(kind, typed, [word for word in led if word not in typed])
    if kind != LEADS and not group.words:
        raise Invalid(_("At least one of them has to be a single word."), field="words")
    return group


def _items(text: str, field: str) -> list[str]:
    items = list(dict.fromkeys(" ".join(fold(one).split()) for one in re.split(r"[,;\n=]", text) if one.strip()))
    if len(items) > MOST:
        raise Invalid(_("Twelve are enough; more make answers worse."), field=field)
    for item in items:
        parts = parts_of(item)
        if not parts or len(parts) > LONGEST_PHRASE or len(item) > LONGEST:
            raise Invalid(_("“%(item)s” is no word, nor two or three of them.", item=item[:LONGEST]), field=field)
        if len(parts) == 1 and not stems(parts[0]):
            raise Invalid(_("“%(item)s” is left out of every search, so it leads nowhere.", item=item), field=field)
    return items


def stop_word(text: str) -> str:
    """Read a word that is to be left out; refuses what is none (Invalid, field `word`)."""
    parts = parts_of(text)
    if len(parts) != 1 or len(parts[0]) > LONGEST:
        raise Invalid(_("One word, please."), field="word")
    if parts[0] in STOPPED:
        raise Invalid(_("“%(item)s” is left out already: it is one of the small words.", item=parts[0]), field="word")
    return parts[0]


def keep(actor: Actor, change: Change, *, n_better: int | None = None, n_worse: int | None = None) -> WordList:
    """Make the change hold for everybody at once and return the list. Records `words.changed`, with what was seen."""
    actor.require(Permission.WORDS_MANAGE)
    before = listed()
    after = before.with_change(change)
    if after == before:
        return before
    _store(actor, change)
    options.touch(STAMP)
    db.session.flush()
    ledger.record(
        Name.WORDS_CHANGED,
        actor=actor,
        kind=change.op,
        before=before.told(change),
        after=after.told(change),
        n_better=n_better,
        n_worse=n_worse,
    )
    return after


def _store(actor: Actor, change: Change) -> None:
    if change.op in ("add", "change") and change.group is not None:
        row = db.session.get(WordGroup, change.id) if change.op == "change" else WordGroup()
        if row is None:
            raise NotFound(_("These words are gone: somebody was faster."))
        row.kind, row.sought = change.group.kind, list(change.group.sought)
        row.words = [*change.group.words, *change.group.phrases]
        row.changed_at, row.changed_by_id = clock.now(), actor.person_id
        db.session.add(row)
    elif change.op == "remove":
        db.session.delete(db.session.get_one(WordGroup, change.id))
    elif change.op == "off":
        db.session.add(WordsOff(key=change.key))
    elif change.op == "on":
        db.session.delete(db.session.get_one(WordsOff, change.key))
    elif change.op == "stop":
        db.session.add(StopWord(word=change.word))
    else:
        db.session.delete(db.session.get_one(StopWord, change.word))
