"""You said, we did: what a closed wave led to, written by who runs it and published for everybody.

Published are how many answered, the scores of everybody, and these sentences: no score of a department, no comment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.jobs import services as jobs
from portal.kb.reading import services as articles
from portal.kb.writing import references
from portal.ledger import services as ledger
from portal.pulse import policies, waves
from portal.pulse.models import SaidDone, Wave, WaveReading, WaveState
from portal.pulse.reading import Seen, for_everybody, frozen, kept

TELL = "pulse.tell_outcome"
MOST_SAID, MOST_DONE = 300, 2000
KIND = "outcome"
STAMP = "outcomes"
"""Renewed with every change of what is published (`core.options.touch`)."""
_ITEM = re.compile(r"/roadmap/items/(\d{1,9})(?:\b|$)")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What somebody wants to have said was done."""

    said: str
    done: str
    department: str = ""
    link: str = ""
    """An address within the portal, or words of an answer's title."""


def get(actor: Actor, wave_id: int) -> Wave:
    """Return the wave to who writes what came of it; refuses (Conflict) one that is not closed."""
    wave = waves.get_to_plan(actor, wave_id)
    if wave.state != WaveState.CLOSED:
        raise Conflict(_("What came of a survey is told when it is closed."))
    return wave


def get_sentence(actor: Actor, wave: Wave, sentence_id: int) -> SaidDone:
    """Return a sentence of this wave or refuse (NotFound)."""
    row = db.session.get(SaidDone, sentence_id)
    if row is None or row.wave_id != wave.id:
        raise NotFound(_("There is no such sentence."))
    return row


def write(actor: Actor, wave: Wave, wanted: Sentence) -> SaidDone:
    """Write a sentence; only who runs surveys sees it until it is published. Refuses (Invalid) by field."""
    _require(actor, wave)
    row = SaidDone(wave_id=wave.id, person_id=actor.person_id, created_at=clock.now(), said="")
    _set(actor, wave, row, wanted)
    db.session.add(row)
    db.session.flush()
    return row


def change(actor: Actor, wave: Wave, row: SaidDone, wanted: Sentence) -> None:
    """Change a sentence; what is published changes for everybody at once."""
    _require(actor, wave)
    _set(actor, wave, row, wanted)
    options.touch(STAMP)
    db.session.flush()


def remove(actor: Actor, wave: Wave, row: SaidDone) -> None:
    """Take a sentence away, published or not."""
    _require(actor, wave)
    db.session.delete(row)
    options.touch(STAMP)
    db.session.flush()


def publish(actor: Actor, wave: Wave) -> int:
    """Publish the wave's outcome, or the sentences added since; returns how many sentences are new.

    The first time everybody who was asked is told. Records `wave.published`. Refuses (Conflict) what is still being
    read, (Invalid) an outcome of which nothing is told: people want to hear what comes of what they said.
    """
    _require(actor, wave)
    frozen(wave)
    rows = sentences([wave.id], is_whole=True)
    if not rows:
        raise Invalid(_("Write at least one sentence of what was done, or will be."))
    new = [row for row in rows if row.published_at is None]
    for row in new:
        row.published_at = clock.now()
    if wave.published_at is None:
        wave.published_at = clock.now()
        jobs.enqueue(TELL, {"wave": wave.id}, key=f"{TELL}:{wave.id}")
    if new:
        options.touch(STAMP)
        ledger.record(Name.WAVE_PUBLISHED, actor=actor, subject=wave.ref, n_sentences=len(rows))
    db.session.flush()
    return len(new)


def _require(actor: Actor, wave: Wave) -> None:
    if not policies.can_plan(actor):
        raise Forbidden(_("What came of a survey is written by those who run it."))
    if wave.state != WaveState.CLOSED:
        raise Conflict(_("What came of a survey is told when it is closed."))


def _set(actor: Actor, wave: Wave, row: SaidDone, wanted: Sentence) -> None:
    said, done = " ".join(wanted.said.split()), wanted.done.replace("\r\n", "\n").strip()
    if not said:
        raise Invalid(_("Say in a sentence what people said."), field="said")
    if len(said) > MOST_SAID:
        raise Invalid(_("Please keep it under %(n)s characters.", n=MOST_SAID), field="said")
    if not done:
        raise Invalid(_("Say what was done, or when it will be."), field="done")
    if len(done) > MOST_DONE:
        raise Invalid(_("Please keep it under %(n)s characters.", n=MOST_DONE), field="done")
    if wanted.department and wanted.department not in shown_groups(wave):
        raise Invalid(_("Only a group that is shown may be named."), field="department")
    row.said, row.done, row.department = said, done, wanted.department
    row.link = _link(actor, wanted.link)


def shown_groups(wave: Wave) -> tuple[str, ...]:
    """Return the groups a sentence may name: naming a hidden one would tell what it said."""
    row = db.session.get(WaveReading, wave.id)
    return tuple(each.name for each in kept(row).released.units.rows if each.is_shown and each.name) if row else ()


def _link(actor: Actor, text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    if (item := _ITEM.search(text)) is not None:
        ref = Ref("item", int(item[1]))
        if ref in load_things(actor, [ref]):
            return str(ref)
    slug = text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    try:
        return str(Ref("article", articles.get(actor, slug).id))
    except NotFound:
        found = references.find(actor, text)
    if len(found) != 1:
        raise Invalid(_("Paste the address of an answer, or of an item of the roadmap."), field="link")
    return str(Ref("article", found[0].id))


def sentences(wave_ids: Collection[int], *, is_whole: bool = False) -> list[SaidDone]:
    """Return what was published of these waves, or everything, in the order in which it was written; one query."""
    query = select(SaidDone).where(SaidDone.wave_id.in_(wave_ids)).order_by(SaidDone.id)
    if not is_whole:
        query = query.where(SaidDone.published_at.is_not(None))
    return list(db.session.execute(query).scalars())


def linked(actor: Actor, rows: Collection[SaidDone]) -> Mapping[str, Thing]:
    """Return the things sentences lead to, as far as this reader may see them."""
    refs = [Ref.parse(row.link) for row in rows if row.link]
    return {str(ref): thing for ref, thing in load_things(actor, refs).items()}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A published wave as everybody reads it."""

    seen: Seen
    sentences: tuple[SaidDone, ...]


@dataclass(frozen=True, kw_only=True)
class Short:
    """An outcome in a few lines."""

    name: str
    n: int
    """How many answered; 0 where that is not told."""
    sentences: tuple[tuple[str, str], ...]
    published_at: dt.datetime


def latest() -> Short | None:
    """Return what came of the last wave of which it is told; no query while nothing of it changes."""
    return _latest(str(db.engine.url), options.stamp(STAMP))


@lru_cache(maxsize=64)
def _latest(database: str, stamp: str) -> Short | None:
    for outcome in published(most=1):
        wave = outcome.seen.wave
        said = tuple((row.said, row.done.split("\n")[0]) for row in outcome.sentences[:2])
        if said and wave.published_at is not None:
            return Short(name=wave.name, n=outcome.seen.total.n or 0, sentences=said, published_at=wave.published_at)
    return None


def published(*, most: int, after: int = 0) -> list[Outcome]:
    """Return the published waves, the newest first; a fixed number of queries."""
    query = (
        select(Wave, WaveReading)
        .join(WaveReading, WaveReading.wave_id == Wave.id)
        .where(Wave.published_at.is_not(None))
        .order_by(Wave.published_at.desc(), Wave.id.desc())
    )
    rows = db.session.execute(query.limit(most).offset(after)).all()
    if not rows:
        return []
    written = sentences([wave.id for wave, _row in rows])
    return [
        Outcome(
            seen=for_everybody(wave, kept(row)), sentences=tuple(each for each in written if each.wave_id == wave.id)
        )
        for wave, row in rows
    ]


def things(actor: Actor, ids: Collection[int]) -> dict[int, Thing]:
    """Return published outcomes, for everybody signed in; one query."""
    if not actor.is_signed_in:
        return {}
    query = select(Wave).where(Wave.id.in_(ids), Wave.published_at.is_not(None))
    return {
        wave.id: Thing(
            ref=Ref(KIND, wave.id), title=wave.name, url=url_for("surveys.outcomes", _anchor=f"survey-{wave.id}")
        )
        for wave in db.session.execute(query).scalars()
    }
