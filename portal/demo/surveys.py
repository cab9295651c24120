"""Waves of surveys over fifteen months: planned, answered, closed, and what came of the last one.

Planted is what the pages are to find: Logistics lacks skill before anything is built, the Workshop gets lost in the
portal, Management has too few answers to be shown, and intention rises from stage to stage.
"""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from portal.core import clock
from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DATA, DEPARTMENTS
from portal.demo.timeline import Do
from portal.jobs.models import Job, State
from portal.people.models import Person
from portal.pulse import closing, launching, outcomes, waves
from portal.pulse.models import Invitation, Sheet, Wave, WaveMailing
from surveys import loading
from surveys.instrument import Item

SEED = 77
LASTS = 14
SPREAD, MOOD = 0.85, 0.55
"""How far apart the answers of one person lie, and how far apart people."""
LEFT_OUT = 0.03
READS_MAIL = ("ana", "ben", "cleo", "dara", "sam", "eli", "mia", "ada")
"""Whoever one can be in the demo gets the invitation of the running wave when it starts, and may answer it."""


@dataclass
class Told:
    """The waves as they come into being."""

    at: dt.datetime
    cast: Cast
    words: Mapping[str, Any]
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    made: list[Wave] = field(default_factory=list)

    def launch(self, name: str, stage: str) -> None:
        eli, today = self.cast.actor("eli"), clock.today()
        wave = waves.plan(
            eli,
            name=name,
            stage=stage,
            opens_on=today,
            closes_on=today + dt.timedelta(days=LASTS),
            sender_name="Eli Lindqvist",
            why=self.words["why"],
            before_id=self.made[-1].id if self.made else None,
        )
        launching.launch(eli, wave, version=wave.version)
        self.made.append(wave)

    def run(self, told: Mapping[str, Any]) -> None:
        """Launch a wave whose mails went out, and let people answer it."""
        self.launch(told["name"], told["stage"])
        wave = self.made[-1]
        self._mails_left(wave)
        self._answer(wave, intention=told["intention"], is_last=told is self.words["wave"][-1])

    def run_now(self) -> None:
        """Launch the wave that runs while somebody looks at the demo."""
        told = self.words["running"]
        self.launch(told["name"], told["stage"])
        wave = self.made[-1]
        self._mails_left(wave, without=READS_MAIL)
        self._answer(wave, intention=0.4, is_last=False, share=told["share"])

    def plan_next(self) -> None:
        """Begin the next wave; what is still needed stands on its page."""
        told = self.words["draft"]
        waves.plan(self.cast.actor("eli"), name=told["name"], stage=told["stage"])

    def close(self) -> None:
        wave = self.made[-1]
        closing.close(self.cast.actor("eli"), wave)
        closing.keep(wave.id, closing.worked_out(wave))

    def tell_what_came(self) -> None:
        """Publish what came of the last closed wave. Nobody is told by bell: that was months ago."""
        eli, wave = self.cast.actor("eli"), self.made[-1]
        for row in self.words["done"]:
            sentence = outcomes.Sentence(
                said=row["said"],
                done=row["done"],
                department=row.get("department", ""),
                link=row.get("article", ""),
            )
            outcomes.write(eli, wave, sentence)
        outcomes.publish(eli, wave)
        db.session.execute(delete(Job).where(Job.kind == outcomes.TELL, Job.state == State.WAITING.value))

    def _mails_left(self, wave: Wave, *, without: Sequence[str] = ()) -> None:
        """Note that the invitations have gone out; those of some still wait, and leave when the demo runs."""
        mine = update(Invitation).where(Invitation.wave_id == wave.id)
        kept = [self.cast.actor(name).person_id for name in without]
        db.session.execute(mine.where(Invitation.person_id.not_in(kept)).values(sent_at=clock.now()))
        mailing = select(WaveMailing).where(WaveMailing.wave_id == wave.id).order_by(WaveMailing.due_at).limit(1)
        row = db.session.execute(mailing).scalar_one()
        row.began_at = clock.now()
        row.n_sent = db.session.execute(
            select(func.count()).where(Invitation.wave_id == wave.id, Invitation.sent_at.is_not(None))
        ).scalar_one()
        if not without:
            row.ended_at = clock.now()

    def _answer(self, wave: Wave, *, intention: float, is_last: bool, share: float = 1.0) -> None:
        """Write the sheets of everybody who answers, in no order that tells anything."""
        slugs = {name: slug for slug, name in DEPARTMENTS.items()}
        items = loading.load(wave.instrument).asked_at(wave.stage)
        invited = (
            select(Invitation.id, Invitation.department, Person.email)
            .join(Person, Person.id == Invitation.person_id)
            .where(Invitation.wave_id == wave.id)
        )
        rows = sorted(db.session.execute(invited).all(), key=lambda row: row.email)
        open_ones = {f"{name}@" for name in READS_MAIL} if share < 1 else set()
        by_unit: dict[str, list[Any]] = {}
        for row in rows:
            if not any(row.email.startswith(name) for name in open_ones):
                by_unit.setdefault(row.department, []).append(row)
        used, sheets = [], []
        for unit, people in by_unit.items():
            told = self.words["department"][slugs[unit]]
            for row in self.rng.sample(people, round(len(people) * told["answers"] * share)):
                used.append(row.id)
                sheets.append(self._sheet(wave, items, slugs[unit], unit, intention=intention))
        self.rng.shuffle(sheets)
        if is_last:
            places = self.rng.sample(range(len(sheets)), len(self.words["comment"]))
            for place, comment in zip(places, self.words["comment"], strict=True):
                sheets[place]["comment"] = comment["text"]
        db.session.execute(insert(Sheet.__table__), sheets)  # type: ignore[arg-type]
        db.session.execute(update(Invitation).where(Invitation.id.in_(used)).values(is_used=True))

    def _sheet(self, wave: Wave, items: Sequence[Item], slug: str, unit: str, *, intention: float) -> dict[str, Any]:
        mood, planted = self.rng.gauss(0, MOOD), self.words["planted"].get(slug, {})
        answers: dict[str, int | None] = {}
        for item in items:
            level = planted.get(item.dimension, self.words["department"][slug]["level"])
            level += intention if item.dimension == "IN" else 0.0
            said = min(5, max(1, round(level + mood + self.rng.gauss(0, SPREAD))))
            if self.rng.random() >= LEFT_OUT:
                answers[item.code] = 6 - said if item.is_reversed else said
        return {
            "id": f"{self.rng.getrandbits(128):032x}",
            "wave_id": wave.id,
            "department": unit,
            "site": "",
            "answers": dict(sorted(answers.items())),
            "comment": "",
        }


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield launches, closes and what came of it, each at its time."""
    with (DATA / "surveys.toml").open("rb") as file:
        told = Told(at=at, cast=cast, words=tomllib.load(file))
    for row in told.words["wave"]:
        begin = story.days_before(at, row["weeks_ago"] * 7, hour=8)
        yield begin, partial(told.run, row)
        yield begin + dt.timedelta(days=LASTS + 1), told.close
    yield story.days_before(at, 20, hour=10), told.tell_what_came
    yield story.days_before(at, told.words["running"]["days_ago"], hour=8), told.run_now
    yield story.days_before(at, 1, hour=15), told.plan_next
