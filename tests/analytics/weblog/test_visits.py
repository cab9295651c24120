"""Hits are joined to visits in whatever order and in however many batches they come."""

from random import Random

import pytest

from analytics.weblog import visits
from analytics.weblog.days import Days, Memory
from analytics.weblog.reading import Reader
from tests.analytics.weblog.logs import MIDNIGHT, NOON, line, random_hits, read, total, visits_slowly


def sessions(*offsets: int, start: int = NOON) -> int:
    return total(read([line(start + offset) for offset in offsets]), "sessions")


def test_half_an_hour_to_the_second_still_belongs_to_the_visit() -> None:
    assert sessions(0, 1_799, 3_599) == 1
    assert sessions(0, 1_799, 3_599, 5_400) == 2


def test_a_visit_may_cross_midnight_and_counts_on_the_day_it_began() -> None:
    found = read([line(MIDNIGHT - 600), line(MIDNIGHT + 300)])
    first, second = (found.days[day] for day in sorted(found.days))
    assert (first.sessions, second.sessions) == (1, 0)
    assert (first.visitors, second.visitors) == (1, 1)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_lines_and_batches_changes_nothing(order: tuple[int, ...]) -> None:
    lines = [line(MIDNIGHT - 600), line(MIDNIGHT + 300), line(MIDNIGHT + 2_000)]
    together = read([lines[place] for place in order])
    apart = read(*[[lines[place]] for place in order])
    for found in (together, apart):
        assert [found.days[day].sessions for day in sorted(found.days)] == [1, 0]


@pytest.mark.parametrize("seed", range(12))
def test_visits_are_those_of_sorting_everything(seed: int) -> None:
    hits = random_hits(seed, n=40 + 30 * (seed % 4))
    lines = [line(at, address) for address, at in hits]
    Random(seed).shuffle(lines)
    cut = len(lines) // 3
    found = read(lines[:cut], lines[cut : 2 * cut], lines[2 * cut :])
    assert total(found, "sessions") == total(found, "visits") == visits_slowly(hits)


def test_an_account_is_a_visitor_wherever_it_comes_from() -> None:
    found = read([line(NOON, "10.0.0.1", account="ana"), line(NOON + 60, "10.0.0.2", account="ana", agent="Other/1")])
    assert (total(found, "sessions"), total(found, "everyone")) == (1, 1)


def test_robots_have_sessions_and_no_visits() -> None:
    found = read([line(NOON, agent="Googlebot/2.1"), line(NOON, agent="-"), line(NOON)])
    assert (total(found, "sessions"), total(found, "visits"), total(found, "visitors")) == (3, 1, 1)


def test_the_key_is_that_of_the_definition() -> None:
    key = visits.key_of(bytes(32), "203.0.113.0|Mozilla/5.0 (X11; Linux x86_64)")
    assert f"{key:016x}" == "cf12de58270aff87"


def test_a_day_comes_off_the_shelf_as_it_was_laid_there() -> None:
    state = visits.DayState(20_000, b"s" * 32)
    for at in (0, 5_000, 20_000, 86_399):
        visits.put(state.visitor("10.0.0.1|A"), visits.ALL, 20_000 * 86_400 + at)
    visits.put(state.visitor("10.0.0.1|A"), visits.VIEWS, 20_000 * 86_400 + 7)
    visits.put(state.visitor("10.0.0.2|A"), visits.VIEWS, 20_000 * 86_400)
    state.visitor("10.0.0.2|A")[visits.VIEWS + visits.JOINED] = 1
    state.searched["vpn"] = visits.Searched(2, {3, 2**64 - 1})
    state.searched["wifi"] = visits.Searched(0, None)
    again = visits.unpacked(20_000, b"s" * 32, visits.packed(state))
    assert (again.kept, again.searched) == (state.kept, state.searched)
    assert visits.unpacked(1, b"", visits.packed(visits.DayState(1, b""))).kept == {}


def test_what_lies_on_the_shelf_names_nobody() -> None:
    shelf = Memory()
    read([line(NOON, "203.0.113.77", account="ana.ruiz", agent="Telltale/1")], reader=Reader(Days(shelf)))
    (_salt, kept), *_rest = shelf._days.values()
    assert not any(word in kept for word in (b"203.0.113.77", b"ana", b"Telltale"))


def test_every_day_has_a_salt_of_its_own() -> None:
    shelf = Memory()
    read([line(NOON), line(NOON + 86_400)], reader=Reader(Days(shelf)))
    salts = {salt for salt, _kept in shelf._days.values()}
    assert len(salts) == 2
    assert all(len(salt) == 32 for salt in salts)
