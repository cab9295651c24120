"""What an item rests on: questions to the portal's own figures, read again every night and whenever somebody asks.

The gap is open while the figure stands on the wrong side of its threshold. A figure of too few says nothing, and one
that nobody has read for a week is stale: both are said, never passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from analytics.priorities import Evidence as Graded
from analytics.priorities import Grade, Kind
from analytics.readouts import Comparison, Question
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.ledger import services as ledger
from portal.measures import catalogue, fixed, people, reports
from portal.measures.catalogue import Measure
from portal.roadmap import asking, linking, notes, policies
from portal.roadmap.models import Evidence, EvidenceReading, Item, ItemState

STALE = dt.timedelta(days=7)
DAYS = (7, 28, 56, 84)
MOST = 6
"""Pieces of evidence an item can rest on."""


@dataclass(frozen=True)
class Known:
    """A piece of evidence with the newest reading, as pages show it."""

    row: Evidence
    measure: Measure | None
    """None for a measure that no feature offers any more."""
    reading: EvidenceReading | None
    is_held_back: bool = False
    """It was read, and whoever looks may not know yet what it said."""

    @property
    def is_stale(self) -> bool:
        """Whether nobody has read it for a week, or since more was settled of a department or site."""
        if self.is_held_back:
            return False
        is_of_group = self.row.slice.partition(":")[0] in reports.GROUPS
        due = fixed.end(clock.today()) if is_of_group else clock.today()
        return self.reading is None or due - self.reading.on > STALE

    @property
    def holds(self) -> bool | None:
        return self.reading.holds if self.reading is not None else None

    @property
    def grade(self) -> Grade:
        return Grade(self.row.grade)

    @property
    def question(self) -> Question:
        row = self.row
        return Question(
            comparison=Comparison(row.comparison), threshold=row.threshold, days=row.days, minimum_n=row.minimum_n
        )

    @property
    def frozen(self) -> dict[str, Any]:
        """Return it as plain values, as it stands now: decisions keep this copy."""
        row, read = self.row, self.reading
        return {
            "measure": row.measure, "slice": row.slice, "comparison": row.comparison, "threshold": row.threshold,
            "days": row.days, "minimum_n": row.minimum_n, "grade": row.grade, "link": row.link,
            "on": read.on.isoformat() if read else None, "value": read.value if read else None,
            "low": read.low if read else None, "high": read.high if read else None, "n": read.n if read else 0,
            "holds": read.holds if read else None,
        }  # fmt: skip


def standing() -> Sequence[Evidence]:
    """Return the evidence of every item that is not stopped."""
    query = select(Evidence).join(Item, Item.id == Evidence.item_id)
    query = query.where(Evidence.removed_at.is_(None), Item.state != ItemState.STOPPED)
    return db.session.execute(query.order_by(Evidence.id)).scalars().all()


def of(items: Collection[int]) -> dict[int, list[Known]]:
    """Return what these items rest on, with the newest readings; two queries."""
    if not items:
        return {}
    query = select(Evidence).where(Evidence.item_id.in_(items), Evidence.removed_at.is_(None)).order_by(Evidence.id)
    rows = db.session.execute(query).scalars().all()
    readings = newest([row.id for row in rows])
    found: dict[int, list[Known]] = {}
    for row in rows:
        found.setdefault(row.item_id, []).append(Known(row, catalogue.find(row.measure), readings.get(row.id)))
    return found


def newest(ids: Collection[int]) -> dict[int, EvidenceReading]:
    """Return the newest reading of each; one query."""
    if not ids:
        return {}
    since = clock.today() - dt.timedelta(days=400)
    query = select(EvidenceReading).where(EvidenceReading.evidence_id.in_(ids), EvidenceReading.on >= since)
    rows = db.session.execute(query.order_by(EvidenceReading.on)).scalars()
    return {row.evidence_id: row for row in rows}


def tie(
    actor: Actor,
    item: Item,
    *,
    measure: str,
    slice: str,
    comparison: str,
    threshold: float | None,
    days: int = 28,
    minimum_n: int = 50,
    grade: str = "",
    note: str = "",
    link: str = "",
) -> Evidence:
    """Tie a question to an item and read it at once. Records `evidence.tied`.

    Refuses what cannot be asked (Invalid, by field), and who does not steer (Forbidden).
    """
    row = asked(
        actor, item, measure=measure, slice=slice, comparison=comparison, threshold=threshold, days=days,
        minimum_n=minimum_n, grade=grade, note=note, link=link,
    )  # fmt: skip
    if len(of([item.id]).get(item.id, ())) >= MOST:
        raise Invalid(_("%(n)s pieces of evidence are enough for one item.", n=MOST))
    db.session.add(row)
    db.session.flush()
    asking.refresh([row])
    kept = of([item.id])[item.id][-1].frozen
    notes.write(actor, item.ref, field="evidence", after=measure, reason=row.note, frozen={"evidence": [kept]})
    ledger.record(Name.EVIDENCE_TIED, actor=actor, subject=item.ref, measure=measure)
    return row


def asked(
    actor: Actor, item: Item, *, measure: str, slice: str, comparison: str, threshold: float | None,
    days: int = 28, minimum_n: int = 50, grade: str = "", note: str = "", link: str = "",
) -> Evidence:  # fmt: skip
    """Return the question as a row that is not kept, to be looked at first; refuses as `tie`.

    `link` is the address of what stands behind the figure.
    """
    if not policies.may_steer(actor):
        raise Forbidden(_("The task force ties evidence to items."))
    known = catalogue.find(measure)
    if known is None:
        raise Invalid(_("Choose a measure from the list."), field="measure")
    try:
        of_slice = asking.slice_of(slice)
    except ValueError:
        raise Invalid(_("Choose from the list."), field="slice") from None
    if of_slice.kind and of_slice.kind not in known.kinds:
        raise Invalid(_("This measure cannot be read for that: nobody belongs to it."), field="slice")
    if not asking.may_be_told(known, of_slice, shown=people.shown_groups()):
        if known.is_for_few:
            raise Invalid(
                _("Everybody reads the roadmap; what a department answered, only those who lead it and who asked."),
                field="slice",
            )
        raise Invalid(_("Of a group so small nothing is shown, so that nobody can be recognised."), field="slice")
    if comparison not in set(Comparison):
        raise Invalid(_("Choose from the list."), field="comparison")
    if threshold is None or not -1e9 < threshold < 1e9:
        raise Invalid(_("From where on is it a gap? Write a number."), field="threshold")
    if not 1 <= days <= 366:
        raise Invalid(_("Between 1 and 366 days."), field="days")
    if not 1 <= minimum_n <= 1_000_000:
        raise Invalid(_("At least 1."), field="minimum_n")
    chosen = Grade(grade) if grade in set(Grade) else Graded(kind=Kind.GAP).grade
    if chosen < Grade.C and not note.strip():
        raise Invalid(_("What shows that it is surer than a count? Say it in a line."), field="note")
    return Evidence(
        item_id=item.id,
        measure=measure,
        slice=str(of_slice) if of_slice.kind else "",
        comparison=comparison,
        threshold=threshold,
        days=days,
        minimum_n=minimum_n,
        grade=chosen.value,
        note=" ".join(note.split())[:300],
        link=linking.named(actor, link),
        created_at=clock.now(),
        created_by_id=actor.person_id,
    )


def untie(actor: Actor, item: Item, evidence_id: int, *, reason: str) -> None:
    """Take evidence off an item, with a reason; what was decided by it keeps its copy. Records `evidence.untied`."""
    if not policies.may_steer(actor):
        raise Forbidden(_("The task force ties evidence to items."))
    known = next((each for each in of([item.id]).get(item.id, ()) if each.row.id == evidence_id), None)
    if known is None:
        raise NotFound("")
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a line why it does not count any more."), field="reason")
    if item.state != ItemState.DRAFT and len(of([item.id])[item.id]) == 1:
        raise Invalid(
            _("It is the last evidence of an item that left triage. Tie other evidence first."), field="reason"
        )
    known.row.removed_at = clock.now()
    copy = {"evidence": [known.frozen]}
    notes.write(actor, item.ref, field="evidence", before=known.row.measure, reason=reason, frozen=copy)
    ledger.record(Name.EVIDENCE_UNTIED, actor=actor, subject=item.ref, measure=known.row.measure, reason=reason)


def frozen(item: Item) -> dict[str, Any]:
    """Return everything an item rests on as plain values: the copy a decision keeps."""
    return {"evidence": [known.frozen for known in of([item.id]).get(item.id, ())]}
