"""Attempts: what one actor did on one topic with no pause longer than the gap (METRICS 1.4).

An attempt that begins with answers is kept in two pieces, because answers never begin a need (rule 11): whether the
first piece belongs to an earlier need or is an orphan depends on the window, and so do all outcomes. A piece carries
whatever they need, so that a year is chained again under another window without its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Self

import numpy as np

from analytics.columns import NONE, Coded
from analytics.needs.topics import Topics
from analytics.needs.trails import ANSWERS
from analytics.table import (
    CONTENT,
    NEVER,
    OPENINGS,
    SNIPPET,
    EventTable,
    Mask,
    Places,
    Real,
    Small,
    Times,
    Whole,
    joined,
    used,
)

READ = 10.0
"""Seconds from which a measured look is a reading."""
AT_A_TIME = 32
"""Days joined first among themselves, so that memory holds few small pieces."""
ENDED = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Listed:
    """Several texts to a piece: `owner` is the piece, ascending."""

    owner: Places
    text: Coded

    def __len__(self) -> int:
        return len(self.owner)

    def of(self, piece: int) -> list[str]:
        """Return the texts of one piece."""
        begin, end = np.searchsorted(self.owner, [piece, piece + 1])
        return [self.text.labels[code] for code in self.text.codes[begin:end].tolist()]


@dataclass(frozen=True)
class Looks:
    """What was opened, or measured as read, in each piece: one line for each object."""

    owner: Places
    object: Coded
    opened_at: Times
    """When it was last opened so that it could help; `NEVER` if it only was measured."""
    seconds: Real
    """The longest measured look, nan if none was."""

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(frozen=True)
class Attempts:
    """Pieces of attempts, each with everything that outcomes under any window need."""

    actor: Coded
    is_anon: Mask
    session: Coded
    """Of the anonymous, who are one actor for each session; nothing for users."""
    topic: Coded
    start: Times
    end: Times
    is_head: Mask
    """False for the second piece of an attempt that began with answers."""
    is_passive: Mask
    """Only answers and left forms: belongs to a need, or is an orphan."""
    holds: Mask
    """Has a search, opened content or a question: without one it is no need (rule 12)."""
    n_events: Whole
    n_searches: Whole
    n_submits: Whole
    last_answer: Small
    """1 yes, 0 no, -1 none: the last of solved and the asker's accept (rule 19)."""
    answered_at: Times
    first_yes_at: Times
    last_intent: Small
    form_at: Times
    """When a form or a question was begun last; `NEVER` if none was."""
    has_form: Mask
    asked_at: Times
    """When the question was asked that this piece comes back to; `NOT_YET` if to none."""
    department: Coded
    site: Coded
    tickets: Listed
    """Tickets that forms of this piece made."""
    names: Listed
    """Names by which an agent may have related a ticket."""
    met: Listed
    """Topics met on the way, other than the own."""
    texts: Listed
    """Queries and titles of objects."""
    looks: Looks

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Mask) -> Self:
        """Keep these pieces, in their order."""
        number = np.cumsum(rows) - 1
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, (Listed, Looks)):
                taken[field.name] = _owned(column, rows, number)
            else:
                taken[field.name] = column.take(rows) if isinstance(column, Coded) else column[rows]
        return type(self)(**taken)


def _owned(lines: Listed | Looks, rows: Mask, number: Places) -> Listed | Looks:
    kept = rows[lines.owner]
    owner = number[lines.owner[kept]]
    if isinstance(lines, Listed):
        return Listed(owner, lines.text.take(kept))
    return Looks(owner, lines.object.take(kept), lines.opened_at[kept], lines.seconds[kept])


def together(parts: Iterable[Attempts]) -> Attempts:
    """Put the attempts of several days behind each other, at least one day; a year of them in little more memory."""
    stream = iter(parts)
    months: list[Attempts] = []
    while days := list(islice(stream, AT_A_TIME)):
        months.append(_joined(days))
    return months[0] if len(months) == 1 else _joined(months)


def _joined(parts: list[Attempts]) -> Attempts:
    """Join column by column, letting go of each as it is read: `parts` is empty in the end."""
    gathered: dict[str, list[Any]] = {field.name: [] for field in fields(Attempts)}
    starts = [0]
    while parts:
        part = parts.pop(0)
        for name, column in gathered.items():
            column.append(getattr(part, name))
        starts.append(starts[-1] + len(part))
    del part
    columns: dict[str, Any] = {}
    for name in list(gathered):
        column = gathered.pop(name)
        if isinstance(column[0], (Listed, Looks)):
            columns[name] = _lines_together(column, starts)
        else:
            columns[name] = joined(column) if isinstance(column[0], Coded) else np.concatenate(column)
    return Attempts(**columns)


def _lines_together(column: Sequence[Any], starts: Sequence[int]) -> Listed | Looks:
    owner = np.concatenate([lines.owner + start for lines, start in zip(column, starts, strict=False)])
    if isinstance(column[0], Listed):
        return Listed(owner, joined([lines.text for lines in column]))
    return Looks(
        owner,
        joined([lines.object for lines in column]),
        np.concatenate([lines.opened_at for lines in column]),
        np.concatenate([lines.seconds for lines in column]),
    )


def pack(table: EventTable, who: Places, topics: Topics, *, gap: int) -> Attempts:
    """Pack events, given actor by actor in order of reading, into the pieces of attempts.

    Gaps are measured within actor and topic: an attempt on one does not interrupt another (rule 10).
    """
    order = np.lexsort((topics.topic.codes, who))  # stable: the order of reading stays within actor and topic
    return _Packing(table.take(order), who[order], topics.take(order), gap).attempts()


class _Packing:
    """The events in the order in which they are packed, and where each piece begins."""

    def __init__(self, table: EventTable, who: Places, topics: Topics, gap: int) -> None:
        self.table, self.topics, self.topic = table, topics, topics.topic
        self.active = ~table.is_(*ANSWERS, "form_abandon")
        broken = (np.diff(who) != 0) | (np.diff(self.topic.codes) != 0) | (np.diff(table.at) > gap)
        head = np.append(True, broken) if len(table) else np.zeros(0, dtype=np.bool_)
        attempt = np.cumsum(head) - 1
        heads = np.flatnonzero(head)
        so_far = np.cumsum(self.active)
        before = (so_far - self.active)[heads] if len(heads) else so_far
        leads = so_far - before[attempt] == 0 if len(heads) else head
        wakes = np.append(False, leads[:-1] & ~leads[1:]) & ~head if len(heads) else head
        self.begins = np.flatnonzero(head | wakes)
        self.owner = np.cumsum(head | wakes) - 1
        self.is_head = head[self.begins]
        self.leads = leads

    def __len__(self) -> int:
        return len(self.begins)

    def attempts(self) -> Attempts:
        """Read every column off the pieces."""
        table, begins = self.table, self.begins
        is_anon = table.by("anon")
        session = Coded(np.where(is_anon, table.session.codes, NONE).astype(np.int32), table.session.labels)
        ends = np.append(begins[1:], len(table)) - 1 if len(begins) else begins
        asked = np.minimum.reduceat(self.topics.asked_at, begins) if len(begins) else begins
        answers, intents = self._answers(), table.is_("intent")
        yes = table.value.is_("yes") | table.is_("accept")
        return Attempts(
            actor=table.actor.take(begins),
            is_anon=is_anon[begins],
            session=session.take(begins),
            topic=self.topic.take(begins),
            start=table.at[begins],
            end=table.at[ends],
            is_head=self.is_head,
            is_passive=self.leads[begins],
            holds=self._any(table.is_("search", "ask", *OPENINGS)),
            n_events=self._count(np.ones(len(table), dtype=np.bool_)),
            n_searches=self._count(table.is_("search")),
            n_submits=self._count(table.is_("form_submit")),
            last_answer=self._last_word(answers, yes),
            answered_at=self._last_time(answers),
            first_yes_at=self._first_time(answers & yes),
            last_intent=self._last_word(intents, yes),
            form_at=self._last_time(table.is_("form_start", "ask")),
            has_form=self._any(table.is_("form_start")),
            asked_at=asked,
            department=table.department.take(begins),
            site=table.site.take(begins),
            tickets=self._listed(table.is_("form_submit"), table.object),
            names=self._listed(np.ones(len(table), dtype=np.bool_), table.need),
            met=self._met(),
            texts=self._texts(),
            looks=self._looks(),
        )

    def _answers(self) -> Mask:
        """Mark what says whether it is solved: solved itself, and the accept of who asked."""
        return np.asarray(self.table.is_("solved") | (self.table.is_("accept") & self.topics.is_own))

    def _count(self, marked: Mask) -> Whole:
        return np.bincount(self.owner[marked], minlength=len(self)).astype(np.int32)

    def _any(self, marked: Mask) -> Mask:
        return np.asarray(self._count(marked) > 0)

    def _last(self, marked: Mask) -> Places:
        """Find the place of the last marked event of each piece, -1 for none."""
        last = np.full(len(self), -1, dtype=np.int64)
        np.maximum.at(last, self.owner[marked], np.flatnonzero(marked))
        return last

    def _last_time(self, marked: Mask) -> Times:
        last = self._last(marked)
        return np.where(last >= 0, self.table.at[last], NEVER) if len(self.table) else last

    def _first_time(self, marked: Mask) -> Times:
        first = np.full(len(self), ENDED, dtype=np.int64)
        np.minimum.at(first, self.owner[marked], self.table.at[marked])
        return np.where(first == ENDED, NEVER, first)

    def _last_word(self, marked: Mask, yes: Mask) -> Small:
        last = self._last(marked)
        return np.where(last >= 0, yes[last], -1).astype(np.int8) if len(self.table) else last.astype(np.int8)

    def _listed(self, marked: Mask, text: Coded) -> Listed:
        """Gather the distinct texts of the marked events of each piece."""
        rows = marked & (text.codes != NONE)
        return _distinct(self.owner[rows], text.codes[rows], text.labels)

    def _met(self) -> Listed:
        """Gather the topics events named themselves, where another one became that of the attempt (rule 7)."""
        own = self.table.topic
        names = joined([own, self.topic])
        raw, final = names.codes[: len(own)], names.codes[len(own) :]
        rows = (raw != NONE) & (raw != final)
        return _distinct(self.owner[rows], raw[rows], names.labels)

    def _texts(self) -> Listed:
        """Gather queries and titles, which the subject of a ticket may resemble (rule 17)."""
        table = self.table
        names = joined([table.query, table.title])
        query, title = names.codes[: len(table)], names.codes[len(table) :]
        asked = table.is_("search") & (query != NONE)
        called = table.is_("ask", *OPENINGS) & (title != NONE)
        owner = np.append(self.owner[asked], self.owner[called])
        return _distinct(owner, np.append(query[asked], title[called]), names.labels)

    def _looks(self) -> Looks:
        """Gather what was opened and could help, and how long it was read (rule 20)."""
        table = self.table
        is_question = table.object_type.is_("question")
        opens = table.is_(*OPENINGS) & (~is_question | (table.n_results >= 1))
        reads = table.is_("dwell") & ~np.isnan(table.seconds)
        box = reads & table.object_type.is_(SNIPPET) & (table.seconds >= READ)
        measured = reads & ~table.object_type.is_(SNIPPET) & (table.object.codes != NONE)
        rows = np.flatnonzero(opens | box | measured)
        objects = self._objects(rows)
        owner = self.owner[rows]
        opened_at = np.where((opens | box)[rows], table.at[rows], NEVER)
        seconds = np.where(measured[rows], table.seconds[rows], np.nan)
        order = np.lexsort((objects.codes, owner))
        owner, codes = owner[order], objects.codes[order]
        begins = np.flatnonzero(np.append(True, (np.diff(owner) != 0) | (np.diff(codes) != 0))) if len(order) else order
        if not len(begins):
            return Looks(begins, objects, opened_at, seconds)
        return Looks(
            owner[begins],
            Coded(codes[begins], objects.labels),
            np.maximum.reduceat(opened_at[order], begins),
            np.fmax.reduceat(seconds[order], begins),
        )

    def _objects(self, rows: Places) -> Coded:
        """Name objects by type and id; every answer box is one and the same."""
        table = self.table
        kinds = (*CONTENT, SNIPPET)
        kind = np.zeros(len(rows), dtype=np.int64)
        for number, name in enumerate(kinds):
            kind[table.object_type.is_(name)[rows]] = number
        named = np.where(kind == len(CONTENT), NONE, table.object.codes[rows]).astype(np.int64)
        key = kind * (len(table.object.labels) + 1) + named + 1
        used, inverse = np.unique(key, return_inverse=True)
        texts = []
        for code in used.tolist():
            number, place = divmod(code, len(table.object.labels) + 1)
            texts.append(f"{kinds[number]}:{table.object.labels[place - 1] if place else ''}")
        coded = Coded.of(texts)
        return Coded(coded.codes[inverse.reshape(-1)], coded.labels)


def _distinct(owner: Places, codes: Whole, labels: tuple[str, ...]) -> Listed:
    """Keep each text of an owner once, owners ascending."""
    width = len(labels) + 1
    key = np.unique(owner * width + codes)
    return Listed(key // width, used(Coded((key % width).astype(np.int32), labels)))
