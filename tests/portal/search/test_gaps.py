"""What several people looked for in vain (METRICS 2.2)."""

from __future__ import annotations

from portal.search.gaps import Miss, gaps, key


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


def test_what_was_typed_only_once_is_told_by_its_key() -> None:
    """It could name a person; the key of many wordings cannot."""
    found = gaps(misses(("jury service", "a"), ("service jury", "b"), ("the jury services", "c")), least_people=3)
    assert found[0].words == ("juri servic",)


def test_a_search_of_small_words_is_no_gap() -> None:
    assert gaps(misses(*(("how do i", p) for p in "abc")), least_people=3) == []
