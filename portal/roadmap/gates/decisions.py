"""Setting up gates, changing what they ask for, looking, signing, deciding. What was decided stays as it was."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from analytics.events import Name
from analytics.readouts import Comparison
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.ledger import services as ledger
from portal.measures import catalogue
from portal.roadmap import evidence, notes, policies
from portal.roadmap.gates import reading
from portal.roadmap.gates.models import Condition, Gate, GateDecision, Kind, Signature, Verdict
from portal.roadmap.gates.reading import Found, Met
from portal.roadmap.increments.models import Increment
from portal.roadmap.models import Item
from portal.roadmap.taskforce import actions, membership
from portal.roadmap.taskforce.models import Seat

WHY, SEEN, WORDS = 4000, 300, 200
DAYS_TO_FOLLOW = 28
MOST_CONDITIONS = 12


@cache
def defaults() -> Mapping[str, dict[str, Any]]:
    """Return what the five gates ask for, by their step."""
    found = tomllib.loads((Path(__file__).parent / "defaults.toml").read_text(encoding="utf-8"))
    return {gate["step"]: gate for gate in found["gate"]}


def can_see(actor: Actor) -> bool:
    return policies.may_steer(actor) or actor.can(Permission.GATE_DECIDE)


def can_decide(actor: Actor) -> bool:
    """By their role, or as one of the steering group; nobody in another's name."""
    if actor.person_id is None or actor.is_acting_for:
        return False
    return actor.can(Permission.GATE_DECIDE) or Seat.STEERING.value in membership.seats_of(actor)


def get(actor: Actor, gate_id: int) -> Gate:
    """Return a gate to those who work at it; refuses (NotFound) everybody else."""
    found = db.session.get(Gate, gate_id)
    if found is None or not can_see(actor):
        raise NotFound(_("There is no such gate."))
    return found


def open_gate(
    actor: Actor, *, name: str, step: str, increment: Increment | None = None, due_on: dt.date | None = None
) -> Gate:
    """Set up a gate with what its step usually asks for. Records `gate.opened`."""
    _require(actor)
    name = " ".join(name.split())
    if step not in defaults():
        raise Invalid(_("Choose from the list."), field="step")
    if not name:
        raise Invalid(_("How is it called?"), field="name")
    usual = defaults()[step]
    gate = Gate(
        name=name[:120],
        step=step,
        increment_id=increment.id if increment else None,
        due_on=due_on,
        seats=list(usual["seats"]),
        created_by_id=actor.person_id,
        created_at=clock.now(),
    )
    db.session.add(gate)
    db.session.flush()
    db.session.add_all(
        Condition(
            gate_id=gate.id,
            position=position,
            kind=one["kind"],
            subject=one.get("subject", ""),
            comparison=one.get("comparison", Comparison.AT_LEAST.value),
            threshold=one.get("threshold"),
            days=one.get("days", 28),
        )
        for position, one in enumerate(usual["conditions"])
    )
    db.session.flush()
    ledger.record(Name.GATE_OPENED, actor=actor, subject=gate.ref, step=step)
    return gate


def _require(actor: Actor) -> None:
    if not policies.may_steer(actor):
        raise Forbidden(_("Gates are set up by the task force."))


# What it asks for


def conditions(gate: Gate) -> Sequence[Condition]:
    """Return what a gate asks for; one query."""
    query = select(Condition).options(joinedload(Condition.seen_by))
    query = query.where(Condition.gate_id == gate.id, Condition.removed_at.is_(None))
    return db.session.execute(query.order_by(Condition.position, Condition.id)).scalars().all()


def get_condition(gate: Gate, condition_id: int) -> Condition:
    found = db.session.get(Condition, condition_id)
    if found is None or found.gate_id != gate.id or found.removed_at is not None:
        raise NotFound(_("This gate does not ask for that."))
    return found


def ask_for(
    actor: Actor, gate: Gate, *, kind: str, subject: str = "", words: str = "", comparison: str = ">=",
    threshold: float | None = None, days: int = 28, reason: str,
) -> Condition:  # fmt: skip
    """Let a gate ask for one thing more, with a reason: a named measure, or something somebody looks at."""
    _require(actor)
    if len(conditions(gate)) >= MOST_CONDITIONS:
        raise Invalid(_("%(n)s conditions are enough for one gate.", n=MOST_CONDITIONS))
    words = " ".join(words.split())[:WORDS]
    if kind == Kind.HAND and not words:
        raise Invalid(_("What is to be looked at?"), field="words")
    if kind == Kind.MEASURE and catalogue.find(subject) is None:
        raise Invalid(_("Choose a measure from the list."), field="subject")
    if kind not in (Kind.HAND, Kind.MEASURE):
        raise Invalid(_("Choose from the list."), field="kind")
    if kind == Kind.MEASURE:
        _check(comparison, threshold, days)
    row = Condition(
        gate_id=gate.id,
        position=1 + max((one.position for one in conditions(gate)), default=0),
        kind=kind,
        subject=subject if kind == Kind.MEASURE else "",
        comparison=comparison if kind == Kind.MEASURE else ">=",
        threshold=threshold if kind == Kind.MEASURE else None,
        days=days,
        words=words if kind == Kind.HAND else "",
    )
    _changed(actor, gate, before="", after=subject or words, reason=reason)
    db.session.add(row)
    db.session.flush()
    return row


def _check(comparison: str, threshold: float | None, days: int) -> None:
    if comparison not in set(Comparison):
        raise Invalid(_("Choose from the list."), field="comparison")
    if threshold is None or not -1e9 < threshold < 1e9:
        raise Invalid(_("From where on is it met? Write a number."), field="threshold")
    if not 1 <= days <= 366:
        raise Invalid(_("Between 1 and 366 days."), field="days")


def set_bar(
    actor: Actor, gate: Gate, row: Condition, *, threshold: float | None, days: int | None = None, reason: str
) -> None:
    """Ask for more or less, with a reason that stays. Records `gate.changed`."""
    _require(actor)
    if row.kind == Kind.HAND:
        raise Invalid(_("What somebody looks at has no figure."), field="threshold")
    _check(row.comparison, threshold, days or row.days)
    before, after = f"{row.kind} {row.subject} {row.threshold:g}", f"{row.kind} {row.subject} {threshold:g}"
    _changed(actor, gate, before=before, after=after, reason=reason)
    row.threshold, row.days = threshold, days or row.days
    db.session.flush()


def ask_no_more(actor: Actor, gate: Gate, row: Condition, *, reason: str) -> None:
    """Let a gate not ask for something any more, with a reason that stays. Records `gate.changed`."""
    _require(actor)
    _changed(actor, gate, before=f"{row.kind} {row.subject or row.words}", after="", reason=reason)
    row.removed_at = clock.now()
    db.session.flush()


def _changed(actor: Actor, gate: Gate, *, before: str, after: str, reason: str) -> None:
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say why the gate asks for something else."), field="reason")
    notes.write(actor, gate.ref, field="condition", before=before[:64], after=after[:64], reason=reason)
    ledger.record(Name.GATE_CHANGED, actor=actor, subject=gate.ref, reason=reason)


def look(actor: Actor, gate: Gate, row: Condition, *, is_met: bool | None, seen: str) -> None:
    """Say what one saw where no figure tells, or take it back (None). Records `gate.looked`."""
    _require(actor)
    if row.kind != Kind.HAND:
        raise Invalid(_("This is read from the figures; nobody can tick it."))
    seen = " ".join(seen.split())
    if is_met is not None and not seen:
        raise Invalid(_("Say in a line what you saw."), field="seen")
    row.is_met, row.seen = is_met, seen[:SEEN] if is_met is not None else ""
    row.seen_by_id = actor.person_id if is_met is not None else None
    row.seen_at = clock.now() if is_met is not None else None
    ledger.record(Name.GATE_LOOKED, actor=actor, subject=gate.ref, is_met=bool(is_met))
    db.session.flush()
    db.session.refresh(row)


# Signing


def signatures(gate: Gate) -> dict[str, Signature]:
    """Return who signed since the last decision, by seat; two queries."""
    decided = select(func.max(GateDecision.at)).where(GateDecision.gate_id == gate.id).scalar_subquery()
    query = select(Signature).options(joinedload(Signature.person)).where(Signature.gate_id == gate.id)
    query = query.where((decided.is_(None)) | (Signature.at > decided)).order_by(Signature.at, Signature.id)
    return {row.seat: row for row in db.session.execute(query).scalars()}


def can_sign(actor: Actor, gate: Gate) -> frozenset[str]:
    """Return the seats for which this actor may sign here: those they hold."""
    return membership.seats_of(actor) & frozenset(gate.seats)


def sign(actor: Actor, gate: Gate, seat: str, *, is_on: bool = True) -> None:
    """Sign for a seat one holds, or take that back. Records `gate.signed`."""
    if seat not in can_sign(actor, gate):
        raise Forbidden(_("Who holds the seat signs for it."))
    there = signatures(gate).get(seat)
    if is_on == (there is not None):
        return
    if is_on:
        db.session.add(Signature(gate_id=gate.id, seat=seat, person_id=actor.person_id, at=clock.now()))
    elif there is not None:
        db.session.delete(there)
    ledger.record(Name.GATE_SIGNED, actor=actor, subject=gate.ref, seat=seat, is_on=is_on)
    db.session.flush()


# Deciding


@dataclass(frozen=True, kw_only=True)
class Follow:
    """Something that has to follow a go with conditions."""

    title: str
    due_on: dt.date
    owner_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a gate stands now."""

    found: tuple[Found, ...]
    signed: Mapping[str, Signature]
    seats: tuple[str, ...]

    @property
    def n_met(self) -> int:
        return sum(one.met == Met.YES for one in self.found)

    @property
    def unsigned(self) -> tuple[str, ...]:
        return tuple(seat for seat in self.seats if seat not in self.signed)

    @property
    def is_clear(self) -> bool:
        """Everything it asks for is there: what a plain go takes."""
        return self.n_met == len(self.found) and not self.unsigned


def standing(gate: Gate) -> Standing:
    return Standing(found=tuple(reading.read(gate, conditions(gate))), signed=signatures(gate), seats=tuple(gate.seats))


def decide(
    actor: Actor, gate: Gate, verdict: str, *, why: str, follow: Collection[Follow] = (), seen: int | None = None
) -> GateDecision:
    """Decide, with the evidence as it stands now. Records `gate.decided`.

    A plain go takes everything the gate asks for; with something missing it is a go with conditions, each of which
    becomes an open action, or a hold. `seen` is the last decision whoever decides has seen: another since then is a
    collision (Conflict).
    """
    if not can_decide(actor):
        raise Forbidden(_("Gates are decided by the steering group."))
    before = latest(gate)
    if seen is not None and seen != (before.id if before else 0):
        raise Conflict(_("Somebody else decided meanwhile. Look at what they decided first."))
    why = why.replace("\r\n", "\n").strip()
    if verdict not in set(Verdict):
        raise Invalid(_("Go, go with conditions, or hold?"), field="verdict")
    if not why:
        raise Invalid(_("Say why. It stands beside the decision for good."), field="why")
    stands = standing(gate)
    if verdict == Verdict.GO and not stands.is_clear:
        raise Invalid(
            _("Not everything this gate asks for is there. Say what has to follow (go with conditions), or hold."),
            field="verdict",
        )
    if verdict == Verdict.CONDITIONS and not follow:
        raise Invalid(_("Which conditions? Write at least one, a line each."), field="follow")
    row = GateDecision(
        gate_id=gate.id,
        verdict=verdict,
        why=why[:WHY],
        at=clock.now(),
        person_id=actor.person_id,
        frozen=freeze(gate, stands, follow if verdict == Verdict.CONDITIONS else ()),
    )
    db.session.add(row)
    db.session.flush()
    ledger.record(
        Name.GATE_DECIDED,
        actor=actor,
        subject=gate.ref,
        verdict=verdict,
        n_met=stands.n_met,
        n_asked=len(stands.found),
    )
    if verdict == Verdict.CONDITIONS:
        _let_follow(actor, gate, follow)
    return row


def _let_follow(actor: Actor, gate: Gate, follow: Collection[Follow]) -> None:
    for one in follow:
        actions.give(actor, one.title, due_on=one.due_on, owner_id=one.owner_id, source=gate.ref)


def freeze(gate: Gate, stands: Standing, follow: Collection[Follow]) -> dict[str, Any]:
    """Return everything a decision rests on as plain values, so that nothing that changes later changes it."""
    items: Sequence[Item] = []
    if gate.increment_id is not None:
        query = select(Item).where(Item.increment_id == gate.increment_id).order_by(Item.id)
        items = db.session.execute(query).scalars().all()
    known = evidence.of([item.id for item in items])
    return {
        "conditions": reading.plain(stands.found),
        "signed": [
            {"seat": seat, "person": row.person_id, "at": row.at.isoformat()}  # by number: names are forgotten
            for seat, row in stands.signed.items()
        ],
        "unsigned": list(stands.unsigned),
        "follow": [{"title": one.title, "due_on": one.due_on.isoformat()} for one in follow],
        "items": [
            {"id": item.id, "title": item.title, "evidence": [one.frozen for one in known.get(item.id, ())]}
            for item in items
        ],
    }


def decisions(gate: Gate) -> Sequence[GateDecision]:
    """Return everything that was decided at a gate, the newest first; one query."""
    query = select(GateDecision).options(joinedload(GateDecision.person)).where(GateDecision.gate_id == gate.id)
    return db.session.execute(query.order_by(GateDecision.at.desc(), GateDecision.id.desc())).scalars().all()


def latest(gate: Gate) -> GateDecision | None:
    return next(iter(decisions(gate)), None)


def get_decision(gate: Gate, decision_id: int) -> GateDecision:
    found = db.session.get(GateDecision, decision_id)
    if found is None or found.gate_id != gate.id:
        raise NotFound(_("There is no such decision."))
    return found


def listing() -> list[tuple[Gate, GateDecision | None]]:
    """Return every gate with what was decided last: what is open first; two queries."""
    gates = db.session.execute(select(Gate).order_by(Gate.due_on, Gate.id).limit(200)).scalars().all()
    query = select(GateDecision).order_by(GateDecision.at, GateDecision.id)
    last = {row.gate_id: row for row in db.session.execute(query).scalars()}
    found = [(gate, last.get(gate.id)) for gate in gates]
    return sorted(found, key=lambda pair: pair[1] is not None and pair[1].verdict != Verdict.HOLD)
