"""Whether people find what they search for (METRICS 2.1, rules 26 to 30 of 1.10), held against a slow plain reading."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest

from analytics import words
from analytics.findability import Findability, Searched, Tally, count, figures, measure, read, resolution
from analytics.needs.topics import find
from analytics.needs.trails import GAP, follow
from analytics.proportions import Share
from analytics.table import TYPES, EventTable, events

SECOND, MINUTE = 1000, 60_000
Row = dict[str, Any]


def row(number: int, at: int, type: str, **more: Any) -> Row:
    return {"id": f"e{number:04}", "at": at, "type": type, "kind": "user", "actor": "u1", **more}


def searched(*rows: Row) -> Searched:
    table = events(rows)
    trails = follow(table)
    return read(trails, find(trails, gap=GAP))


def numbers(share: Share | None) -> tuple[int, int]:
    assert share is not None
    return share.k, share.n


# The golden table S1: (words, results, rank of the clicks); searches in one list are one person's, a minute apart.

S1: tuple[tuple[tuple[str, int, tuple[int, ...]], ...], ...] = (
    (("vpn", 5, (1,)),),
    (("vpn token", 3, (2,)),),
    (("printer jam", 0, ()), ("printer", 2, (1,))),
    (("outlook", 4, (3, 1)),),
    (("outlok", 0, ()),),
    (("mfa", 6, ()),),
    (("vpn", 5, (1,)),),
    (("teams", 3, ()), ("teams audio", 2, (2,))),
)


def golden() -> list[Row]:
    rows: list[Row] = []
    for person, attempt in enumerate(S1):
        at = person * 3_600_000
        for query, n, ranks in attempt:
            at += MINUTE
            who = {"actor": f"u{person}", "session": f"s{person}", "topic": query.split()[0]}
            rows.append(row(len(rows), at, "search", query=query, n_results=n, surface="search", **who))
            source = rows[-1]["id"]
            for seconds, rank in enumerate(ranks, start=1):
                click = {"rank": rank, "source": source, "object": f"A{rank}", **who}
                rows.append(row(len(rows), at + 10_000 * seconds, "result_click", **click))
    return rows


def test_the_golden_searches() -> None:
    found = measure(events(golden()))
    zero = found.zero_results
    assert zero is not None
    assert (zero.k, zero.n, zero.point, round(zero.low, 4), round(zero.high, 4)) == (2, 10, 0.2, 0.0567, 0.5098)
    assert numbers(found.no_click) == (2, 8)
    assert numbers(found.unsuccessful) == (4, 10)
    assert numbers(found.refinement) == (2, 10)
    assert numbers(found.attempts_unsuccessful) == (2, 8)
    assert [round(mean or 0, 4) for mean in (found.mrr, found.mrr_clicked, found.mean_rank)] == [0.4333, 0.7222, 1.6667]
    assert found.seconds_to_click == 10
    assert numbers(found.exit) == (2, 10)


def test_the_searches_of_another_vendor_in_our_words() -> None:
    """Ten times "threads": 3 clicked, 4 with results and no click, 3 without results. They call 7 of them no-click."""
    rows = []
    for person in range(10):
        n, who = (5 if person < 7 else 0), {"actor": f"u{person}", "topic": "threads"}
        rows.append(row(2 * person, 0, "search", query="threads", n_results=n, **who))
        if person < 3:
            rows.append(row(2 * person + 1, 5, "result_click", source=rows[-1]["id"], rank=1, object="A1", **who))
    found = measure(events(rows))
    assert (numbers(found.no_click), numbers(found.zero_results)) == ((4, 7), (3, 10))
    assert found.unsuccessful is not None
    assert found.unsuccessful.k == 7


# Rule by rule


def typed(*queries: tuple[int, str], **more: Any) -> list[Row]:
    return [row(n, at, "search", query=query, n_results=n, topic="t", **more) for n, (at, query) in enumerate(queries)]


@pytest.mark.parametrize(
    ("second", "n"),
    [
        ((5 * SECOND, "vpn token"), 1),
        ((5 * SECOND + 1, "vpn token"), 2),
        ((60 * SECOND, "VPN"), 1),
        ((60 * SECOND + 1, "VPN"), 2),
        ((SECOND, "vp"), 2),
        ((SECOND, "printer"), 2),
    ],
)
def test_letters_that_are_added_and_words_that_come_back_are_one_search(second: tuple[int, str], n: int) -> None:
    assert len(searched(*typed((0, "vpn"), second))) == n


def test_the_last_count_stands() -> None:
    assert searched(*typed((0, "v"), (1000, "vp"), (2000, "vpn"))).n_results.tolist() == [2]


def test_what_is_opened_between_ends_typing_but_not_the_way_back() -> None:
    opened = row(5, 500, "view", object="A1", surface="search", topic="t")
    assert len(searched(*typed((0, "vpn"), (1000, "vpn token")), opened)) == 2
    assert len(searched(*typed((0, "vpn"), (1000, "vpn")), opened)) == 1


def test_a_further_page_or_a_filter_changes_nothing() -> None:
    pages = [row(9, 200_000, "search", query="vpn", n_results=0, topic="other", source="e0000")]
    (found,) = [searched(*typed((0, "vpn"), (1000, "vpn t")), *pages)]
    assert (len(found), found.n_results.tolist()) == (1, [1])


def test_a_look_from_the_results_is_a_click_and_one_from_elsewhere_is_not() -> None:
    for surface, is_click in (("search", True), ("home", False), (None, False)):
        found = searched(*typed((0, "vpn")), row(5, 900, "view", object="A1", topic="t", surface=surface))
        assert found.is_clicked.tolist() == [is_click]


def test_each_search_needs_a_click_of_its_own() -> None:
    """Its attempt may go on and succeed: `teams` stays without a click."""
    found = searched(
        row(1, 0, "search", query="teams", n_results=3, topic="t"),
        row(2, 90_000, "search", query="teams audio", n_results=2, topic="t"),
        row(3, 95_000, "result_click", source="e0002", rank=2, object="A1", topic="t"),
    )
    assert found.is_no_click.tolist() == [True, False]
    assert found.is_refined.tolist() == [True, False]
    assert numbers(figures(found).attempts_unsuccessful) == (0, 1)


@pytest.mark.parametrize(("seconds", "is_boxed"), [(10, True), (9.9, False), (None, False)])
def test_reading_the_answer_box_is_neither_click_nor_no_click(seconds: float | None, is_boxed: bool) -> None:
    box = row(5, 60_000, "dwell", object_type="snippet", source="e0001", seconds=seconds)
    found = searched(row(1, 0, "search", query="vpn", n_results=3, topic="t"), box)
    assert (found.is_boxed.tolist(), found.is_no_click.tolist()) == ([is_boxed], [not is_boxed])
    assert numbers(figures(found).no_click) == (0 if is_boxed else 1, 1)


def test_what_was_trimmed_is_a_search_and_neither_zero_nor_unsuccessful() -> None:
    found = figures(searched(row(1, 0, "search", query="vpn", n_results=0, value="trimmed", topic="t")))
    assert (numbers(found.zero_results), numbers(found.unsuccessful)) == ((0, 1), (0, 1))
    assert (numbers(found.trimmed), found.no_click) == ((1, 1), None)


def test_a_first_click_without_a_rank_is_left_out_of_the_means_and_counted() -> None:
    ranked = row(3, 2000, "result_click", source="e0002", rank=2, object="A1", topic="t")
    found = figures(
        searched(
            row(1, 0, "search", query="vpn", n_results=3, topic="t"),
            row(5, 900, "view", object="A1", topic="t", source="e0001", surface="search"),
            row(6, 950, "result_click", object="A2", topic="t", source="e0001", rank=1),
            row(2, 1000, "search", query="printer", n_results=3, topic="t"),
            ranked,
        )
    )
    assert (found.tally.clicked, found.tally.unranked) == (2, 1)
    assert (found.mrr, found.mrr_clicked, found.mean_rank) == (0.5, 0.5, 2)


def test_without_any_ranked_click_there_is_no_mean() -> None:
    found = figures(searched(*typed((0, "vpn"))))
    assert (found.mrr, found.mrr_clicked, found.mean_rank, found.seconds_to_click) == (None, None, None, None)


def test_no_searches_have_no_shares() -> None:
    found = measure(events([row(1, 0, "view", object="A1")]))
    assert found == Findability(tally=Tally())
    assert (found.zero_results, found.no_click, found.refinement, found.attempts_unsuccessful) == (None,) * 4


def test_users_and_anonymous_count_and_nobody_else() -> None:
    kinds = ("user", "anon", "bot", "editor", "agent", "admin")
    rows = [row(n, 0, "search", query="vpn", n_results=1, kind=kind, session="s") for n, kind in enumerate(kinds)]
    assert measure(events(rows)).tally.searches == 2


def test_a_search_is_an_exit_when_nothing_follows_it() -> None:
    page = row(2, 50_000, "search", query="vpn", n_results=3, source="e0001", topic="t")
    first = row(1, 0, "search", query="vpn", n_results=3, topic="t")
    assert searched(first, page).is_exit.tolist() == [True]
    assert searched(first, page, row(3, 70_000, "form_start", topic="t")).is_exit.tolist() == [False]
    late = {**page, "at": 2 * GAP}
    assert searched(first, row(3, 70_000, "form_start", topic="t"), late).is_exit.tolist() == [False]


def test_departments_can_be_read_apart() -> None:
    rows = [{**each, "department": "IT" if each["actor"] == "u4" else "HR"} for each in golden()]
    found = searched(*rows)
    parts = [figures(found.where(found.department.is_(name))) for name in ("IT", "HR")]
    assert [part.tally.zero for part in parts] == [1, 1]
    assert parts[0].tally + parts[1].tally == count(found)


def test_times_to_resolution_leave_out_and_count_what_nobody_called_solved() -> None:
    hours = [hour * 3_600_000 for hour in (1, 2, 3, 10)]
    found = resolution([0] * 4, hours, n_open=7)
    assert (found.n, found.n_open, found.quarter, found.median, found.three_quarters) == (4, 7, 1.75, 2.5, 4.75)
    assert resolution([], [], n_open=2).median is None


# The slow reading, straight from the text


def in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda e: (e["at"], TYPES.index(e["type"]), e.get("value") == "no", e["id"]))


def actors(rows: Sequence[Row]) -> Iterator[list[Row]]:
    found: dict[tuple[str, str | None], list[Row]] = {}
    for each in in_order(rows):
        if each["kind"] in {"user", "anon"} and each["type"] != "suggest_shown":
            session = each.get("session") if each["kind"] == "anon" else None
            found.setdefault((each["kind"] + each["actor"], session), []).append(each)
    yield from found.values()


def opened(each: Row) -> bool:
    return each["type"] in {"result_click", "view", "suggest_click"}


class Slow:
    """One actor, read line by line."""

    def __init__(self, trail: list[Row], topic: Mapping[str, str | None]) -> None:
        self.trail, self.topic = trail, topic
        self.by_id = {each["id"]: each for each in trail}
        self.lines: list[list[Row]] = []
        """Searches as they were meant, each with its lines."""
        self.of: dict[str, list[Row]] = {}
        before: Row | None = None
        for place, each in enumerate(trail):
            if each["type"] == "search":
                self._search(each, before, trail[:place])
                before = each

    def _search(self, each: Row, before: Row | None, earlier: list[Row]) -> None:
        source = self.by_id.get(each.get("source") or "")
        if source is not None and source["type"] == "search":
            joined = self.of[source["id"]]
        elif before is not None and self._goes_on(each, before, earlier):
            joined = self.of[before["id"]]
        else:
            joined = []
            self.lines.append(joined)
        joined.append(each)
        self.of[each["id"]] = joined

    def _goes_on(self, each: Row, before: Row, earlier: list[Row]) -> bool:
        was, is_ = words.normal(before["query"]), words.normal(each["query"])
        apart = each["at"] - before["at"]
        between = earlier[earlier.index(before) + 1 :]
        if apart <= 5000 and is_.startswith(was) and not any(map(opened, between)):
            return True
        return apart <= 60_000 and set(was.split()) == set(is_.split())

    def origin(self, each: Row) -> list[Row] | None:
        if each.get("source"):
            source = self.by_id.get(each["source"])
            if source is None:
                return None
            return self.of[source["id"]] if source["type"] == "search" else self.origin(source)
        if each.get("surface") != "search":
            return None
        earlier = self.trail[: self.trail.index(each)]
        near = [e for e in earlier if e["type"] == "search" and each["at"] - e["at"] <= GAP]
        return self.of[near[-1]["id"]] if near else None

    def attempts(self) -> list[list[Row]]:
        found: list[list[Row]] = []
        for name in sorted({str(self.topic[each["id"]]) for each in self.trail}):
            last = None
            for each in self.trail:
                if str(self.topic[each["id"]]) != name:
                    continue
                if last is None or each["at"] - last > GAP:
                    found.append([])
                found[-1].append(each)
                last = each["at"]
        return found

    def figures(self) -> Iterator[tuple[str, Fraction]]:
        outcome: dict[str, bool] = {}
        for lines in self.lines:
            pages = [e for e in lines if (self.by_id.get(e.get("source") or "") or {}).get("type") == "search"]
            stands = [e for e in lines if e not in pages][-1]
            n = stands.get("n_results")
            from_it = [e for e in self.trail if opened(e) and self.origin(e) is lines]
            clicks = [e for e in from_it if e["type"] == "result_click" or e.get("surface") == "search"]
            clicks = [e for e in clicks if e["type"] != "suggest_click"]
            boxes = [
                e for e in self.trail
                if e.get("object_type") == "snippet" and e["source"] in {x["id"] for x in lines} and e["seconds"] >= 10
            ]  # fmt: skip
            is_trimmed = n == 0 and stands.get("value") == "trimmed"
            is_zero = n == 0 and not is_trimmed
            is_no_click = bool(n) and not clicks and not boxes
            outcome[lines[0]["id"]] = is_zero or is_no_click
            yield "searches", Fraction(1)
            yield "with_results", Fraction(bool(n))
            yield "zero", Fraction(is_zero)
            yield "trimmed", Fraction(is_trimmed)
            yield "no_click", Fraction(is_no_click)
            yield "boxed", Fraction(bool(boxes) and not clicks)
            yield "clicked", Fraction(bool(clicks))
            if clicks and clicks[0].get("rank"):
                yield "sum_of_reciprocals", Fraction(1, clicks[0]["rank"])
                yield "sum_of_ranks", Fraction(clicks[0]["rank"])
            elif clicks:
                yield "unranked", Fraction(1)
        for attempt in self.attempts():
            held = [e["id"] for e in attempt if e["id"] in outcome]
            if held:
                yield "attempts", Fraction(1)
                yield "attempts_unsuccessful", Fraction(outcome[held[-1]])
                yield "refined", Fraction(len(held) - 1)
                last = self.of.get(attempt[-1]["id"])
                yield "exits", Fraction(last is not None and last[0]["id"] in held)


def slowly(rows: Sequence[Row], table: EventTable) -> dict[str, Fraction]:
    trails = follow(table)
    topics = find(trails, gap=GAP)
    topic = {str(trails.table.id[place]): topics.topic[place] for place in range(len(trails.table))}
    total: dict[str, Fraction] = {}
    for trail in actors(rows):
        for name, n in Slow(trail, topic).figures():
            total[name] = total.get(name, Fraction(0)) + n
    return total


STEPS = (0, 1, 1000, 2000, 5000, 5001, 59_000, 60_000, 60_001, 300_000, GAP, GAP + 1)
QUERIES = ("v", "vp", "vpn", "VPN", "vpn token", "token vpn", "printer", "printer jam", "")


def tables(seed: int) -> list[Row]:
    """Make up a table whose moments fall on and beside every limit."""
    rng = random.Random(seed)
    rows: list[Row] = []
    for person in range(rng.randint(1, 3)):
        kind = rng.choice(("user", "user", "anon"))
        at = 0
        mine: list[Row] = []
        for _ in range(rng.randint(1, 14)):
            at += rng.choice(STEPS)
            type_ = rng.choice(("search",) * 5 + ("result_click",) * 3 + ("view", "view", "dwell", "suggest_click"))
            more: Row = {"topic": rng.choice(("t1", "t2", None)), "session": rng.choice("ab"), "kind": kind}
            before = [e for e in mine if e["at"] < at and e["session"] == more["session"]]
            asked = [e for e in before if e["type"] == "search"]
            if type_ == "search":
                more |= {"query": rng.choice(QUERIES), "n_results": rng.choice((0, 0, 1, 5, None))}
                more["value"] = rng.choice((None, None, "trimmed")) if more["n_results"] == 0 else None
                more["source"] = rng.choice(asked)["id"] if asked and rng.random() < 0.15 else None
            elif type_ == "dwell":
                if not asked:
                    continue
                source = rng.choice(asked)["id"]
                more |= {"object_type": "snippet", "source": source, "seconds": rng.choice((9.9, 10.0))}
            else:
                more |= {"object": rng.choice(("A1", "A2")), "surface": rng.choice(("search", "search", "home", None))}
                more["rank"] = rng.choice((1, 2, 5, None)) if type_ == "result_click" else None
                named = [e["id"] for e in before if e["type"] == "search" or opened(e)]
                more["source"] = rng.choice((*named[-2:], "gone", None, None)) if rng.random() < 0.6 else None
            mine.append(row(len(rows) + len(mine), at, type_, **{"actor": f"u{person}", **more}))
        rows += mine
    rng.shuffle(rows)
    return rows


def test_every_figure_is_that_of_a_slow_plain_reading() -> None:
    seen: dict[str, Fraction] = {}
    for seed in range(400):
        rows = tables(seed)
        table = events(rows)
        fast, slow = measure(table).tally, slowly(rows, table)
        for name in Tally.__dataclass_fields__:
            assert float(getattr(fast, name)) == pytest.approx(float(slow.get(name, 0)), abs=1e-9), (seed, name)
            seen[name] = seen.get(name, Fraction(0)) + slow.get(name, 0)
    assert min(seen.values()) > 20, f"some figure hardly ever occurred: {seen}"


def test_the_order_of_lines_changes_nothing() -> None:
    rows = [each for seed in range(20) for each in tables(seed)]
    rows = [{**each, "id": f"{n}", "source": None} for n, each in enumerate(rows) if each["type"] != "dwell"]
    told = measure(events(rows))
    random.Random(4).shuffle(rows)
    assert measure(events(rows)) == told


def test_days_add_up_to_months() -> None:
    rows: list[Row] = []
    for seed in range(60):
        day = seed * 86_400_000
        for each in tables(seed):
            source = f"{seed}-{each['source']}" if each.get("source") else None
            rows.append({**each, "id": f"{seed}-{each['id']}", "source": source, "at": day + each["at"]})
    found = searched(*rows)
    day = found.at // 86_400_000
    days = [count(found.where(np.asarray(day == number))) for number in range(60)]
    folded = reduce(add, days, Tally())
    whole = count(found)
    assert folded.sum_of_reciprocals == pytest.approx(whole.sum_of_reciprocals)
    assert {**vars(folded), "sum_of_reciprocals": 0} == {**vars(whole), "sum_of_reciprocals": 0}
