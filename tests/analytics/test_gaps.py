"""What several people looked for in vain (METRICS 2.2)."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from analytics.gaps import Miss, gaps, key, slip_of

TYPED = (
    *(
        "vpn",
        "VPN",
        "vpn token",
        "vpn tokens",
        "vpn token expired",
        "expired token vpn",
        "outlook",
        "outlok",
        "outloook",
    ),
    *("printer jam", "Jam printer", "printers jammed", "printer", "how do I", "jury service", "services of a jury"),
    *("teams audio", "teams audio mute", "mute audio in teams", "c++", "wifi", "wi-fi", "error 0x80070057", "104233"),
)


def misses(*pairs: tuple[str, str]) -> list[Miss]:
    return [Miss(query=query, visitor=visitor) for query, visitor in pairs]


def test_the_golden_keys() -> None:
    assert {key(q) for q in ("printer jam", "Jam printer", "printers jammed", "my printer is jamming")} == {
        "jam printer"
    }
    assert {key(q) for q in ("vpn token expired", "expired VPN tokens")} == {"expir token vpn"}


def test_people_are_counted_not_searches() -> None:
    found = gaps(misses(*[("bike", "ana")] * 9, ("bike", "ben")), least_people=3)
    assert found == []


def test_a_slip_of_the_same_word_is_the_same_gap() -> None:
    (gap,) = gaps(misses(("outlook", "ana"), ("outlok", "ben"), ("outlook", "mia")), least_people=3)
    assert (gap.n_people, gap.n_searches, gap.words) == (3, 3, ("outlook",))


def test_a_narrower_question_is_another_gap() -> None:
    found = gaps(misses(*(("vpn", p) for p in "abc"), *(("vpn token", p) for p in "abcd")), least_people=3)
    assert [gap.words for gap in found] == [("vpn token",), ("vpn",)]


def test_what_was_typed_only_once_is_told_by_the_words_people_share() -> None:
    """It could name a person; the words of many wordings cannot."""
    found = gaps(misses(("jury service", "a"), ("service jury", "b"), ("the jury services", "c")), least_people=3)
    assert found[0].words == ("juri servic",)


def test_what_one_person_added_is_not_told_however_often() -> None:
    """Her twins stay hers."""
    twins = [("parental leave form twins", "ana")] * 5
    (gap,) = gaps(misses(*twins, *(("parental leave form", p) for p in "bc")), least_people=3)
    assert (gap.n_people, gap.words) == (3, ("parental leave form",))
    others = [("parental leave form adopt", "b"), ("parental leave form sorrow", "c")]
    for shown in gaps(misses(*twins, *others), least_people=3):
        assert shown.words == ("form leav parent",)


def test_addresses_and_long_numbers_are_never_told() -> None:
    asked = [(f"mailbox ana.ruiz@ostreyvale.example {number}", who) for number, who in ((104233, "a"), (104234, "b"))]
    (gap,) = gaps(misses(*asked, *asked, ("mailbox zoe@ostreyvale.example 99887766", "c")), least_people=3)
    assert gap.words == ("mailbox [address] [number]",)
    assert all("ana" not in found and "1042" not in found for found in gap.keys)


def test_what_is_near_to_something_near_belongs_to_it() -> None:
    """The ends of a chain are not alike, its links are."""
    chain = misses(("printer basement", "a"), ("printer basement a1", "b"), ("printer basement a1 b2", "c"))
    (gap,) = gaps(chain, least_people=3)
    assert gap.n_people == 3
    assert fuzz.ratio(gap.keys[0], gap.keys[-1]) < 85
    assert gaps([chain[0], chain[2], Miss(query=chain[0].query, visitor="c")], least_people=3) == []


def test_a_slip_of_a_word_that_is_known_wants_a_synonym() -> None:
    (gap,) = gaps(misses(("outlok", "ana"), ("Outlok", "ben"), ("outlok", "mia")), least_people=3)
    assert slip_of(gap, ["vpn", "outlook", "outlook password"]) == "outlook"
    assert slip_of(gap, ["vpn", "outlok"]) is None
    (broad,) = gaps(misses(*(("vpn token", p) for p in "abc")), least_people=3)
    assert slip_of(broad, ["vpn", "token"]) is None


@given(st.lists(st.tuples(st.sampled_from(TYPED), st.sampled_from("abcdef")), max_size=25), st.randoms())
def test_the_order_of_searches_changes_nothing(typed: list[tuple[str, str]], turns: random.Random) -> None:
    shuffled = list(typed)
    turns.shuffle(shuffled)
    told, again = gaps(misses(*typed), least_people=3), gaps(misses(*shuffled), least_people=3)
    assert [(g.n_people, g.n_searches, g.keys) for g in told] == [(g.n_people, g.n_searches, g.keys) for g in again]
    assert {frozenset(g.words) for g in told} == {frozenset(g.words) for g in again}


@given(st.lists(st.tuples(st.sampled_from(TYPED), st.sampled_from("abcdef")), max_size=25))
def test_what_is_told_was_typed_by_two_or_is_shared_by_two(typed: list[tuple[str, str]]) -> None:
    for gap in gaps(misses(*typed), least_people=3):
        for words in gap.words:
            whole = {who for query, who in typed if query.casefold() == words}
            parts = [{who for query, who in typed if word in key(query).split()} for word in words.split()]
            assert len(whole) >= 2 or all(len(people) >= 2 for people in parts)


@given(st.lists(st.sampled_from(TYPED), min_size=1, max_size=12))
def test_groups_are_those_of_a_search_along_all_pairs(queries: list[str]) -> None:
    """Against the plain definition: walk from key to key as long as two are alike."""
    keys = sorted({key(query) for query in queries} - {""})
    seen: set[str] = set()
    groups = set()
    for start in keys:
        if start in seen:
            continue
        reached, ahead = {start}, [start]
        while ahead:
            here = ahead.pop()
            for there in keys:
                several = " " in here or " " in there
                alike = fuzz.token_sort_ratio(here, there) >= 85 if several else fuzz.ratio(here, there) >= 90
                if alike and there not in reached:
                    reached.add(there)
                    ahead.append(there)
        seen |= reached
        groups.add(frozenset(reached))
    found = gaps([Miss(query=query, visitor=f"{n}") for n, query in enumerate(queries * 3)], least_people=1)
    assert {frozenset(gap.keys) for gap in found} == groups


def test_a_search_of_small_words_is_no_gap() -> None:
    assert gaps(misses(*(("how do i", p) for p in "abc")), least_people=3) == []
