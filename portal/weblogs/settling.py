"""What a portion brought goes into the database: counts add up, and the file's mark moves with them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from analytics.weblog.counts import DayCounts
from analytics.weblog.following import Mark
from analytics.weblog.reading import Batch
from analytics.weblog.targets import Class
from portal.core import clock
from portal.core.database import db, upsert
from portal.core.errors import Conflict
from portal.weblogs.models import LogAddresses, LogBatch, LogDay, LogFile, LogRow, RowKind, WebLog
from portal.weblogs.shelf import date_of

MOST_EXAMPLES = 20
MOST_ROWS = 2_000
"""Names of a kind that a day keeps apart; what comes after is one row together, so that nobody can fill the disk."""
OTHER = "…"
MOST = 2**62
"""A sum that a row can hold, whatever a log claims to have sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What some lines brought, and what they were read from."""

    version: int
    """Of the log, as it was before."""
    salt: bytes
    batch: Batch
    days: Mapping[int, tuple[bytes, bytes]]
    """Salt and packed visitors, by day."""
    met: bytes
    mark: Mark
    name: str
    detector: str
    is_first: bool

    @property
    def n_addresses(self) -> int:
        return len(self.met) // 8


def settle(weblog_id: int, portion: Portion) -> None:
    """Add a portion, in the caller's transaction. Refuses (Conflict) when the log was read elsewhere meanwhile."""
    log = db.session.get(WebLog, weblog_id, populate_existing=True, with_for_update=True)
    if log is None or log.version != portion.version:
        raise Conflict(_("This log is being read elsewhere right now. What was read so far is kept."))
    now = clock.now()
    log.version += 1
    log.read_at = now
    if log.salt is None:
        log.salt, log.salted_at = portion.salt, now
    if portion.met:
        db.session.add(LogAddresses(weblog_id=weblog_id, packed=portion.met))
    _move(weblog_id, portion)
    for day in sorted(portion.batch.days.keys() | portion.days.keys()):
        _add_day(weblog_id, day, portion.batch.days.get(day, DayCounts()), portion.days.get(day), now)
        if day in portion.batch.days:
            _add_rows(weblog_id, date_of(day), portion.batch.days[day])
    if portion.batch.read:
        _note_batch(weblog_id, portion)
    db.session.flush()


def _move(weblog_id: int, portion: Portion) -> None:
    mark = portion.mark
    query = select(LogFile).where(LogFile.weblog_id == weblog_id, LogFile.fingerprint == mark.fingerprint)
    file = db.session.scalar(query)
    if file is None:
        file = LogFile(weblog_id=weblog_id, fingerprint=mark.fingerprint, length=mark.length)
        db.session.add(file)
    file.offset, file.n_lines, file.name = mark.offset, mark.n_lines, portion.name[-400:]
    # Known as unchanged only once it is read to its end, which `close` notes.
    file.size, file.changed_ns = 0, 0


def close(weblog_id: int, name: str, stat: tuple[int, int]) -> None:
    """Note that a file was read to its end as it lay there, so that it need not be opened until it changes."""
    query = select(LogFile).where(LogFile.weblog_id == weblog_id, LogFile.name == name[-400:])
    for file in db.session.scalars(query.order_by(LogFile.id.desc()).limit(1)):
        file.size, file.changed_ns = stat
    db.session.flush()


def _note_batch(weblog_id: int, portion: Portion) -> None:
    """Add to the row of this reading, which its first portion makes."""
    name = portion.name.replace("\\", "/").rpartition("/")[2][-200:]
    found = None
    if not portion.is_first:
        query = select(LogBatch).where(LogBatch.weblog_id == weblog_id, LogBatch.name == name)
        found = db.session.scalar(query.order_by(LogBatch.id.desc()).limit(1))
    if found is None:
        found = LogBatch(
            weblog_id=weblog_id, name=name, n_read=0, n_parsed=0, refused={}, examples=[], classes=[0] * len(Class),
            n_sessions=0, n_visits=0, n_addresses=0, detector=portion.detector, began_at=clock.now(),
        )  # fmt: skip
        db.session.add(found)
    batch = portion.batch
    found.ended_at = clock.now()
    found.n_read += batch.read
    found.n_parsed += batch.parsed
    refused = Counter(found.refused)
    refused.update({why.value: n for why, n in batch.refused.items()})
    found.refused = dict(refused)
    room = MOST_EXAMPLES - len(found.examples)
    found.examples = [*found.examples, *([number, why.value] for number, why in batch.examples[:room])]
    days = batch.days.values()
    found.classes = [n + sum(each.classes[place] for each in days) for place, n in enumerate(found.classes)]
    found.n_sessions += sum(each.sessions for each in days)
    found.n_visits += sum(each.visits for each in days)
    found.n_addresses += portion.n_addresses


def note_broken(weblog_id: int, name: str) -> None:
    """Note that the file of the latest reading broke off."""
    query = select(LogBatch).where(LogBatch.weblog_id == weblog_id).order_by(LogBatch.id.desc()).limit(1)
    found = db.session.scalar(query)
    if found is not None and found.name == name.rpartition("/")[2][-200:]:
        found.is_broken = True
    db.session.flush()


def _add_day(
    weblog_id: int, day: int, counts: DayCounts, kept: tuple[bytes, bytes] | None, now: dt.datetime
) -> None:  # fmt: skip
    row = db.session.get(LogDay, (weblog_id, date_of(day)))
    values = {
        "hits": counts.hits,
        "n_bytes": min(counts.bytes, MOST),
        "views": counts.views,
        "robots": counts.classes[Class.BOT],
        "bad_requests": counts.classes[Class.BAD_REQUEST],
        "other_methods": counts.classes[Class.METHOD],
        "other_statuses": counts.classes[Class.STATUS],
        "static": counts.classes[Class.STATIC],
        "four_words": counts.four_words,
        "sessions": counts.sessions,
        "visits": counts.visits,
        "visitors": counts.visitors,
        "everyone": counts.everyone,
        "robot_errors": counts.robot_errors,
        "client_errors": sum(n for (status, _path), n in counts.errors.items() if status[0] == "4"),
        "server_errors": sum(n for (status, _path), n in counts.errors.items() if status[0] == "5"),
    }
    if row is None:
        row = LogDay(weblog_id=weblog_id, day=date_of(day), **values)
        db.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, min(getattr(row, name) + value, MOST))
    row.touched_at = now
    if kept is not None:
        row.salt, row.visitors_kept = kept


def _add_rows(weblog_id: int, day: dt.date, counts: DayCounts) -> None:
    for kind, found in (
        (RowKind.PAGE, {("", name): n for name, n in counts.pages.items()}),
        (RowKind.ERROR, counts.errors),
        (RowKind.REFERRER, {("", name): n for name, n in counts.referrers.items()}),
        (RowKind.TERM, {("", name): n for name, n in counts.terms.items()}),
        (RowKind.OPENER, counts.openers),
    ):
        if found:
            _upsert(_capped(weblog_id, day, kind, found))


def _capped(
    weblog_id: int, day: dt.date, kind: RowKind, found: Mapping[tuple[str, str], int]
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield rows, those of names beyond what a day keeps as one."""
    here = (LogRow.weblog_id == weblog_id, LogRow.day == day, LogRow.kind == kind.value)
    room = MOST_ROWS - db.session.scalars(select(func.count()).select_from(LogRow).where(*here)).one()
    is_scarce = room < len(found)
    known: set[tuple[str, str]] = set()
    if is_scarce:
        known = {(note, name) for note, name in db.session.execute(select(LogRow.note, LogRow.name).where(*here))}
    other = 0
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0])) if is_scarce else found.items()
    for (note, name), n in ranked:
        if (note, name) not in known:
            if room <= 0:
                other += n
                continue
            room -= 1
        yield {"weblog_id": weblog_id, "day": day, "kind": kind.value, "note": note, "name": name, "n": n}
    if other:
        yield {"weblog_id": weblog_id, "day": day, "kind": kind.value, "note": "", "name": OTHER, "n": other}


def _upsert(rows: Iterable[dict[str, Any]]) -> None:
    """Add to rows that are there, make the others. One statement with many sets of values is written only once."""
    values = list(rows)
    if not values:
        return
    statement = upsert(LogRow.__table__)
    keys = ["weblog_id", "day", "kind", "note", "name"]
    added = LogRow.__table__.c.n + statement.excluded.n
    db.session.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_={"n": added}), values)
