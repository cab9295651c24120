"""Logs brought by hand, on the page of imports: one row for the file, its counts settled in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import (
    Choice,
    Done,
    Given,
    Ground,
    Importer,
    Made,
    Note,
    Outcome,
    Plan,
    Row,
    Undone,
    Unusable,
)
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.weblogs import intake, queries, services, settling, wording
from portal.weblogs.intake import Intake, Log, Reading
from portal.weblogs.settling import Portion

KIND = "weblog"
MOST_LINES = 5_000_000
"""Lines of a file brought by hand; a larger one is for the command, which settles it bit by bit."""
MOST_BYTES = 2 << 30
"""The same in bytes, unpacked: a small packed file can hold very much."""


@contextmanager
def read(path: Path, given: Given) -> Iterator[Sequence[Row]]:
    """Take the file as it is: it is one row, whatever it holds. Refuses (Unusable) where logs may not be read."""
    if not services.is_on():
        raise Unusable(services.SwitchedOff().message)
    yield [Row(path=given.name, values={"path": str(path)}, title=given.name)]


@dataclass(slots=True)
class _Read:
    """What a file would bring."""

    reading: Reading
    portions: list[Portion] = field(default_factory=list)


@dataclass(slots=True)
class _Work:
    actor: Actor
    name: str
    weblog_id: int | None = None

    def check(self, row: Row) -> Plan:
        log = intake.log_of(self.weblog_id) if self.weblog_id is not None else Log()
        found = _Read(Reading())
        for portion in Intake(log).read(Path(row.values["path"]), row.path, found.reading):
            found.portions.append(portion)
            if found.reading.n_read > MOST_LINES or portion.mark.offset > MOST_BYTES:
                raise Unusable(_("This file is too long to be brought here. Use the command “dity import weblog”."))
        reading = found.reading
        notes = tuple(Note(number, wording.reason(why)) for number, why in reading.examples)
        reason = " ".join(wording.told(reading))
        is_bad = reading.n_read or reading.is_endless
        outcome = Outcome.CREATED if reading.n_parsed else Outcome.FAILED if is_bad else Outcome.UNCHANGED
        if outcome is Outcome.FAILED and reading.n_read:
            reason += " " + _("Not one line of it is a line of an access log.")
        return Plan(row=row, outcome=outcome, reason=reason, title=row.title, notes=notes, content=found)

    def rest(self) -> Iterable[Plan]:
        return ()

    def prepare(self) -> Sequence[Ground]:
        services.require_on()
        self.weblog_id = services.named(self.actor, self.name).id
        return ()

    def apply(self, plans: Sequence[Plan]) -> Sequence[Done]:
        done = []
        for plan in plans:
            found: _Read = plan.content
            weblog_id = self.weblog_id or services.named(self.actor, self.name).id
            for portion in found.portions:
                settling.settle(weblog_id, portion)
            if found.reading.is_broken:
                settling.note_broken(weblog_id, plan.row.path)
            services.note(self.actor, weblog_id, found.reading)
            done.append(Done(plan=replace(plan, content=None), subject=Ref(KIND, weblog_id)))
        return done

    def finish(self, subjects: Iterable[Ref]) -> None:
        """Nothing follows: counts are there at once."""


def plan(actor: Actor, rows: Sequence[Row], given: Given) -> _Work:
    name = given.choice("log") or _("Logs brought by hand")
    known = next((log.id for log in queries.logs() if log.name.lower() == name.lower()), None)
    db.session.rollback()
    return _Work(actor, name, known)


def undo(actor: Actor, made: Made) -> Undone:
    """Leave it: visits of two files are joined, so one cannot be taken out again."""
    return Undone(reason=str(FOR_GOOD))


def after_undo(actor: Actor, subjects: Iterable[Ref], ground: Sequence[Ground]) -> Mapping[Ref, str]:
    return {}


FOR_GOOD = _l("Visits of several files are joined, so one file cannot be taken out again. Remove the whole log.")


def _known() -> Sequence[str]:
    return [log.name for log in queries.logs()]


IMPORTER = Importer(
    kind=KIND,
    label=_l("Log of a web server"),
    hint=_l("A file of Apache or nginx, plain or packed as .gz; addresses and agents are dropped as it is read."),
    endings=(".log", ".gz", ".txt", ".json", ".1"),
    read=read,
    plan=plan,
    undo=undo,
    after_undo=after_undo,
    for_good=FOR_GOOD,
    choices=(
        Choice(
            name="log",
            label=_l("Log it belongs to"),
            hint=_l("Files of one server belong to one log: in it nothing counts twice. A new name makes a new log."),
            known=_known,
        ),
    ),
    batch=1,
    permission=Permission.WEBLOG_IMPORT,
)
