"""Files into counts: reading takes no lock and writes nothing; what was read is settled in one short transaction.

A portion holds what some ten thousand lines brought, together with how far the file is read now, so a kill loses no
line and takes none twice. Two readings of the same log never mix: each portion names the version it was read from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path

from sqlalchemy import select

from analytics.weblog import following, lines, robots
from analytics.weblog.days import Days, fresh_salt
from analytics.weblog.following import Mark, Start
from analytics.weblog.formats import Why
from analytics.weblog.reading import Batch, Reader
from analytics.weblog.tallying import Places
from analytics.weblog.targets import Class
from portal.core.database import db, looking
from portal.weblogs import settling
from portal.weblogs.models import LogFile, WebLog
from portal.weblogs.settling import Portion
from portal.weblogs.shelf import DayShelf, Met

LINES = 100_000
"""Lines of a portion: read in well under a second, and written in less."""
BYTES = 256 << 20
"""Bytes of a portion, for lines that are longer than most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What reading must know of a log; `id` is None for one that is only tried."""

    id: int | None = None
    version: int = 0
    is_common: bool = False
    places: Places = field(default_factory=Places)
    salt: bytes = field(default_factory=fresh_salt, repr=False)


def log_of(weblog_id: int) -> Log:
    """Return a log as it is now. Takes no lock; nothing may wait to be committed."""
    with looking():
        row = db.session.get_one(WebLog, weblog_id, populate_existing=True)
        found = Log(
            id=row.id,
            version=row.version,
            is_common=row.is_common,
            places=Places(row.below, frozenset(row.hosts)),
            salt=row.salt or fresh_salt(),
        )
        db.session.rollback()
    return found


@dataclass(slots=True)
class Reading:
    """What was read of one file."""

    portions: int = 0
    n_read: int = 0
    refused: Counter[Why] = field(default_factory=Counter)
    examples: list[tuple[int, Why]] = field(default_factory=list)
    classes: list[int] = field(default_factory=lambda: [0] * len(Class))
    n_addresses: int = 0
    n_sessions: int = 0
    n_visits: int = 0
    is_known: bool = False
    is_broken: bool = False
    is_endless: bool = False
    """It is broken because one of its lines has no end."""

    @property
    def n_refused(self) -> int:
        return self.refused.total()

    @property
    def n_parsed(self) -> int:
        return self.n_read - self.n_refused

    @property
    def n_views(self) -> int:
        return self.classes[Class.PAGE_VIEW]

    def stop(self, trouble: lines.Damaged) -> None:
        """Note that the file was not read to its end."""
        self.is_broken, self.is_endless = True, isinstance(trouble, lines.Endless)

    def take(self, portion: Portion) -> None:
        self.portions += 1
        self.n_read += portion.batch.read
        self.refused.update(portion.batch.refused)
        self.examples += portion.batch.examples[: settling.MOST_EXAMPLES - len(self.examples)]
        self.n_addresses += portion.n_addresses
        for counts in portion.batch.days.values():
            self.classes = [mine + more for mine, more in zip(self.classes, counts.classes, strict=True)]
            self.n_sessions += counts.sessions
            self.n_visits += counts.visits


class Intake:
    """Reads files of one log, one after the other. Nothing may wait to be committed while it reads."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._version = log.version
        self._shelf = DayShelf(log.id)
        self._reader = Reader(Days(self._shelf), places=log.places, is_common=log.is_common)
        self._met = Met(log.salt, log.id)
        self._tried: list[Mark] = []

    def read(self, path: Path, name: str, reading: Reading) -> Iterator[Portion]:
        """Yield what a file brings. The caller settles each portion before asking for the next, or none of them.

        A file that breaks off, or goes on in one line for ever, brings what it held before; `reading` says so.
        """
        try:
            with lines.opened(path) as file:
                start = following.start(file, self._known())
                if start is None:
                    return
                reading.is_known = start.is_known
                yield from self._portions(file, start, name, reading)
        except lines.Damaged as trouble:
            reading.stop(trouble)

    def _known(self) -> Sequence[Mark]:
        if self._log.id is None:
            return self._tried
        with looking():
            rows = db.session.scalars(select(LogFile).where(LogFile.weblog_id == self._log.id)).all()
            found = [Mark(row.fingerprint, row.length, row.offset, row.n_lines) for row in rows]
            db.session.rollback()
        return [*found, *self._tried]

    def _portions(self, file: BufferedIOBase, start: Start, name: str, reading: Reading) -> Iterator[Portion]:
        mark, batch = start.mark, Batch()
        self._reader.n_lines = mark.n_lines
        broken: lines.Damaged | None = None
        found = lines.blocks(file, mark.offset)
        until = mark.offset
        while True:
            try:
                block = next(found, None)
            except lines.Damaged as trouble:
                block, broken = None, trouble
                reading.stop(trouble)
            if block is not None:
                if block.is_too_long:
                    self._reader.refuse(Why.TOO_LONG, batch)
                else:
                    self._reader.read(block.lines, batch)
                until = block.until
            if block is None or batch.read >= LINES or until - mark.offset >= BYTES:
                # An empty last portion moves the mark too: over what was known by another name, or to a new name.
                mark = Mark(mark.fingerprint, mark.length, until, self._reader.n_lines)
                yield self._portion(batch, mark, name, reading)
                batch = Batch()
            if block is None:
                break
        if self._log.id is None:
            self._tried.append(mark)
        if broken:
            raise broken

    def _portion(self, batch: Batch, mark: Mark, name: str, reading: Reading) -> Portion:
        self._reader.days.put_back()
        met = self._met.new(batch.addresses)
        batch.addresses = set()
        found = Portion(
            version=self._version,
            salt=self._log.salt,
            batch=batch,
            days=self._shelf.waiting.copy(),
            met=met,
            mark=mark,
            name=name,
            detector=robots.detector(),
            is_first=reading.portions == 0,
        )
        self._version += 1
        reading.take(found)
        return found

    def go_on(self) -> None:
        """Let go of the days of the last portion: they are in the database now, or were only tried."""
        if self._log.id is not None:
            self._shelf.waiting.clear()


def bring(weblog_id: int, path: Path, name: str, reading: Reading) -> Iterator[None]:
    """Read a file into a log; yields after each portion, for the caller to commit.

    Refuses (Conflict) when somebody else reads the same log meanwhile; what was settled before stays.
    """
    intake = Intake(log_of(weblog_id))
    for portion in intake.read(path, name, reading):
        settling.settle(weblog_id, portion)
        yield
        intake.go_on()
    if reading.is_broken:
        settling.note_broken(weblog_id, name)
        yield


def files_of(path: str) -> list[Path]:
    """Return the files a path means, the oldest first: itself with its rotated copies, a folder's, or a pattern's."""
    place = Path(path)
    if "**" in place.name:
        return []
    if place.is_dir():
        found = list(place.iterdir())
    elif any(sign in place.name for sign in "*?["):
        found = list(place.parent.glob(place.name))
    else:
        found = list(place.parent.glob(f"{_literal(place.name)}*")) if place.parent.is_dir() and place.name else []
    files = [each for each in found if each.is_file() and not each.name.startswith(".")]
    return sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name))


def _literal(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def is_unchanged(weblog_id: int, path: Path) -> bool:
    """Tell whether a file lies there as it was last read to its end, so that it need not be opened."""
    stat = path.stat()
    query = select(LogFile.id).where(
        LogFile.weblog_id == weblog_id,
        LogFile.name == str(path),
        LogFile.size == stat.st_size,
        LogFile.changed_ns == stat.st_mtime_ns,
    )
    return db.session.execute(query).first() is not None
