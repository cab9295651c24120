"""What each event was about: the topic under which it will be chained (rules 7 to 10).

A search is about what was opened from it last; one that led to nothing is about what its quest led to; an answer is
about what its object was opened for; what is said of one's own question is about that question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analytics import words
from analytics.columns import NONE, Coded
from analytics.needs.trails import ANSWERS, Trails, bag, latest
from analytics.table import SNIPPET, EventTable, Mask, Places, Times

NO_TOPIC = "none"
NOT_YET = np.iinfo(np.int64).max
"""Stands where somebody has asked nothing."""

Asker = tuple[str, str | None, str]
"""Actor, session of an anonymous one, question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was asked, the topic its need has, and whether the asker's event named that topic itself."""

    at: int
    topic: str
    is_named: bool


@dataclass(frozen=True)
class Topics:
    """The topic of each event of the trails, and for events on one's own question, when it was asked."""

    topic: Coded
    asked_at: Times
    """`NOT_YET` unless the event is a later one of an asker on their own question (rule 10)."""
    is_own: Mask
    went: Places
    """Where the object of an answer was opened, a place among the events; -1 if it was not."""
    asking: Mapping[Asker, int] = field(default_factory=dict)
    """By which event each question was asked."""
    own: Mapping[int, Asker] = field(default_factory=dict)
    """Which question each event of `is_own` is about."""

    def take(self, rows: Places) -> Topics:
        """Keep these events, in this order; what points at other events is left behind."""
        return Topics(self.topic.take(rows), self.asked_at[rows], self.is_own[rows], self.went[:0])


def find(trails: Trails, *, gap: int, reach: int | None = None, asked: Mapping[Asker, Asked] | None = None) -> Topics:
    """Give every event of the trails its topic; `asked` are the questions of earlier days."""
    table = trails.table
    names = _Names(table.topic)
    own = _Own(trails, asked or {})
    topic = table.topic.codes.astype(np.int64)
    of_search = _of_searches(trails, names, gap)
    from_search = (trails.search >= 0) & (table.is_("search", "result_click", "view", "suggest_click"))
    topic = np.where(from_search, np.append(of_search, NONE)[trails.search], topic)
    topic, went = _of_answers(trails, topic, of_search, reach)
    topic = own.put(topic, names, is_final=False)
    topic = _filled(table, trails.who, topic, names, gap)
    topic = own.put(topic, names, is_final=True)
    return Topics(names.coded(topic), own.asked_at, own.is_own, went, own.asking, own.of)


class _Names:
    """The topics there are; new ones are added behind those of the table."""

    def __init__(self, topics: Coded) -> None:
        self.labels = list(topics.labels)
        self.codes = {label: code for code, label in enumerate(self.labels)}

    def code(self, label: str) -> int:
        if label not in self.codes:
            self.codes[label] = len(self.labels)
            self.labels.append(label)
        return self.codes[label]

    def coded(self, codes: Places) -> Coded:
        """Make a column of it, with labels in order."""
        used, inverse = np.unique(codes, return_inverse=True)
        labels = sorted(self.labels[code] for code in used.tolist())
        place = {label: number for number, label in enumerate(labels)}
        turn = np.array([place[self.labels[code]] for code in used.tolist()], dtype=np.int32)
        return Coded(turn[inverse.reshape(-1)] if len(turn) else np.empty(0, dtype=np.int32), tuple(labels))


def _of_searches(trails: Trails, names: _Names, gap: int) -> Places:
    """Give each search its topic (rules 7 and 8)."""
    table, searches = trails.table, trails.searches
    n = len(searches)
    raw_topic = table.topic.codes.astype(np.int64)
    if not n:
        return np.zeros(0, dtype=np.int64)
    led = np.flatnonzero(trails.opens() & (trails.search >= 0) & (raw_topic >= 0))
    last_opened = np.full(n, -1, dtype=np.int64)
    np.maximum.at(last_opened, trails.search[led], led)
    quest = _quests(trails, gap)
    topic = np.where(last_opened >= 0, raw_topic[last_opened], NONE)
    topic = _spread(topic, quest)
    n_quests = int(quest[-1]) + 1
    begins = np.flatnonzero(np.diff(quest, prepend=-1))
    voted = np.full(n_quests, -1, dtype=np.int64)
    vote = raw_topic[searches.standing]
    np.maximum.at(voted, quest[vote >= 0], np.flatnonzero(vote >= 0))
    lost = np.flatnonzero(topic[begins] == NONE)
    formed = _of_forms(trails, quest, n_quests, gap)
    for number in lost.tolist():
        begin = int(begins[number])
        if formed[number] != NONE:
            found = int(formed[number])
        elif voted[number] >= 0:
            found = int(vote[voted[number]])
        else:
            found = names.code("q:" + bag(searches.texts[begin]))
        topic[begin : int(begins[number + 1]) if number + 1 < n_quests else n] = found
    return topic


def _quests(trails: Trails, gap: int) -> Places:
    """Number the quests: searches in a row within the gap that look for the same."""
    table, searches = trails.table, trails.searches
    before = np.searchsorted(searches.raw, searches.first[1:]) - 1
    near = trails.who[searches.first[1:]] == trails.who[searches.first[:-1]]
    near &= table.at[searches.first[1:]] - table.at[searches.raw[before]] <= gap
    goes_on = np.zeros(len(searches), dtype=np.bool_)
    for place in np.flatnonzero(near).tolist():
        goes_on[place + 1] = words.are_one_quest(searches.texts[place], searches.texts[place + 1])
    return np.cumsum(~goes_on) - 1


def _spread(topic: Places, quest: Places) -> Places:
    """Give a search without topic that of the next one of its quest which has one, else of the previous one."""
    n, places = len(topic), np.arange(len(topic))
    after = np.minimum.accumulate(np.where(topic >= 0, places, n)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(topic >= 0, places, -1))
    has_after = (after < n) & (quest[np.minimum(after, n - 1)] == quest)
    has_before = (before >= 0) & (quest[before] == quest)
    taken = np.where(has_before, topic[before], NONE)
    return np.where(has_after, topic[np.minimum(after, n - 1)], taken)


def _of_forms(trails: Trails, quest: Places, n_quests: int, gap: int) -> Places:
    """Find the topic of the first form or question begun after each quest, within the gap and before another search."""
    table, searches = trails.table, trails.searches
    n = len(table)
    last = np.full(n_quests, -1, dtype=np.int64)
    np.maximum.at(last, quest[searches.number], searches.raw)
    begun = np.where(table.is_("form_start", "ask"), np.arange(n), n)
    following = np.append(np.minimum.accumulate(begun[::-1])[::-1], n)[last + 1]
    found = np.minimum(following, n - 1)
    upon = np.searchsorted(searches.raw, last, side="right")
    next_search = np.append(searches.raw, n)[upon]
    fits = (following < n) & (trails.who[found] == trails.who[last]) & (table.at[found] - table.at[last] <= gap)
    fits &= following < next_search
    return np.where(fits, table.topic.codes[found], NONE)


def _objects(trails: Trails) -> Places:
    """Number the objects, actor by actor; -1 where none is named. What is accepted is a question unless it says."""
    table = trails.table
    types = {label: number for number, label in enumerate(table.object_type.labels, start=3)}
    types |= {"article": 0, "question": 1}
    turn = np.array([*(types[label] for label in table.object_type.labels), 0], dtype=np.int64)
    kind = turn[table.object_type.codes]
    kind[table.is_("ask", "accept") & (table.object_type.codes == NONE)] = 1
    n_kinds, n_objects = len(types) + 3, len(table.object.labels) + 1
    key = (trails.who * n_kinds + kind) * n_objects + table.object.codes
    return np.where(table.object.codes == NONE, NONE, key)


def _of_answers(trails: Trails, topic: Places, of_search: Places, reach: int | None) -> tuple[Places, Places]:
    """Let answers go where their object went, and say where that was; those on an answer box go with its search."""
    table = trails.table
    answers = table.is_(*ANSWERS)
    on_box = answers & table.object_type.is_(SNIPPET)
    topic = np.where(on_box & (trails.search >= 0), np.append(of_search, NONE)[trails.search], topic)
    objects = _objects(trails)
    rows = np.flatnonzero((trails.opens() | (answers & ~on_box)) & (objects >= 0))
    rows = rows[np.argsort(objects[rows], kind="stable")]
    opened = latest(trails.opens()[rows], objects[rows], table.at[rows], reach if reach is not None else NOT_YET)
    went = np.full(len(table), -1, dtype=np.int64)
    found = answers[rows] & (opened >= 0)
    went[rows[found]] = rows[opened[found]]
    moved = went >= 0
    moved[moved] = topic[went[moved]] != NONE
    topic[moved] = topic[went[moved]]
    return topic, went


def _filled(table: EventTable, who: Places, topic: Places, names: _Names, gap: int) -> Places:
    """Give what is left the topic of the previous event within the gap, else of the next, else none (rule 9)."""
    if not len(topic):
        return topic
    broken = (np.diff(who) != 0) | (np.diff(table.at) > gap)
    filled = _spread_backward_first(topic, np.cumsum(np.append(True, broken)))
    return np.where(filled == NONE, names.code(NO_TOPIC), filled) if (filled == NONE).any() else filled


def _spread_backward_first(topic: Places, stretch: Places) -> Places:
    """Fill from the previous event of the stretch, and what begins it from the next."""
    return _spread(topic[::-1], -stretch[::-1])[::-1]


class _Own:
    """Which events are an asker's on their own question, and what the need that asked it is about (rule 10)."""

    def __init__(self, trails: Trails, asked: Mapping[Asker, Asked]) -> None:
        table = trails.table
        n = len(table)
        self.trails, self.known, self.is_anon = trails, asked, table.by("anon")
        self.is_own = np.zeros(n, dtype=np.bool_)
        self.asked_at = np.full(n, NOT_YET, dtype=np.int64)
        self.asking: dict[Asker, int] = {}
        """Place of the event by which each question of this table was asked."""
        self.of: dict[int, Asker] = {}
        asks = table.is_("ask")
        about = asks | (table.is_("accept") & (table.object_type.codes == NONE)) | table.object_type.is_("question")
        for place in np.flatnonzero(about & (table.object.codes >= 0)).tolist():
            asker = self._asker(place)
            if asker in asked or asker in self.asking:
                self.is_own[place], self.of[place] = True, asker
                earlier = asked.get(asker)
                self.asked_at[place] = earlier.at if earlier else table.at[self.asking[asker]]
            elif asks[place]:
                self.asking[asker] = place

    def _asker(self, place: int) -> Asker:
        table = self.trails.table
        session = (table.session[place] or "") if self.is_anon[place] else None
        return table.actor[place] or "", session, table.object[place] or ""

    def put(self, topic: Places, names: _Names, *, is_final: bool) -> Places:
        """Give these events the topic of the need that asked: before filling where it was named, in the end always."""
        topic = topic.copy()
        for place, asker in self.of.items():
            earlier = self.known.get(asker)
            if earlier is not None:
                if is_final or earlier.is_named:
                    topic[place] = names.code(earlier.topic)
            elif is_final or topic[self.asking[asker]] != NONE:
                topic[place] = topic[self.asking[asker]]
        return topic
