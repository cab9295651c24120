"""From ticks to scores: METRICS 4.4 and 11."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring import counts, is_straight, score
from tests.surveys.sheets import PULSE, ticking

EVERY = [item.code for item in PULSE.items]
ticks = st.dictionaries(st.sampled_from(EVERY), st.integers(1, 5))


def scored(**raw: int) -> dict[str, float]:
    return dict(score(PULSE, EVERY, raw).dimensions)


def test_the_printed_examples() -> None:
    assert scored(VA1=4, VA2=4, VA3R=1)["VA"] == pytest.approx(83.3333, abs=1e-4)
    assert scored(VA1=4, VA3R=1)["VA"] == 87.5, "two of three are enough"
    assert scored(VA1=4) == {}, "one is not"


def test_a_reversed_answer_is_turned_before_it_counts() -> None:
    assert scored(VA1=4, VA2=5, VA3R=2) == scored(VA1=4, VA2=4, VA3R=1), "4, 2R, 5 is 4, 4, 5"


def test_an_index_needs_two_of_the_three_core_dimensions() -> None:
    assert score(PULSE, EVERY, ticking(5, "VA", "EA")).index is None
    assert score(PULSE, EVERY, ticking(5, "VA") | ticking(3, "IN")).index == 75
    assert score(PULSE, EVERY, ticking(5, "VA", "AW") | ticking(3, "IN") | ticking(1, "SO")).index == 50, (
        "AW is not core"
    )


def test_a_sheet_counts_when_a_dimension_is_scored() -> None:
    assert not score(PULSE, EVERY, {}).counts
    assert not score(PULSE, EVERY, {"VA1": 3, "SO1": 3, "IN1": 3}).counts
    assert score(PULSE, EVERY, {"VA1": 3, "VA2": 3}).counts


def test_what_was_not_asked_counts_for_nothing() -> None:
    found = score(PULSE, ["VA1", "VA2"], {"VA1": 5, "VA2": 5, "SO1": 1, "SO2": 1})
    assert found.dimensions == {"VA": 100.0}


@pytest.mark.parametrize("tick", [0, 6, -1])
def test_a_tick_off_the_scale_is_refused(tick: int) -> None:
    with pytest.raises(ValueError, match=f"{tick} for VA1 is no answer"):
        score(PULSE, EVERY, {"VA1": tick})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"VA1": 3, "VA2": 3, "VA3R": 3}, True),
        ({"VA1": 3, "VA3R": 3}, True),
        ({"VA1": 3, "VA2": 3}, False),
        ({"VA3R": 3}, False),
        ({"VA1": 3, "VA2": 3, "VA3R": 4}, False),
        ({}, False),
    ],
    ids=["neutral all the way", "half of what was asked", "none reversed", "too few", "one differs", "empty"],
)
def test_one_point_all_the_way_is_a_straight_line(raw: dict[str, int], expected: bool) -> None:
    asked = [item for item in PULSE.items if item.code in ("VA1", "VA2", "VA3R", "IN1")]
    assert is_straight(raw, asked) is expected


def test_what_speaks_the_same_all_the_way_is_no_straight_line() -> None:
    """Agreeing throughout means to disagree with what is turned."""
    assert not score(PULSE, EVERY, ticking(5, *[dimension.code for dimension in PULSE.dimensions])).is_straight


@given(ticks, st.sets(st.sampled_from(EVERY)))
def test_whether_a_sheet_counts_is_told_alike_with_and_without_its_scores(raw: dict[str, int], asked: set[str]) -> None:
    assert counts(PULSE, asked, raw) is score(PULSE, asked, raw).counts


@given(ticks)
def test_scores_stay_on_the_scale_and_turning_twice_changes_nothing(raw: dict[str, int]) -> None:
    found = score(PULSE, EVERY, raw)
    assert all(0 <= each <= 100 for each in found.dimensions.values())
    assert found.index is None or 0 <= found.index <= 100
    again = {
        code: PULSE.scale.turned(tick) if PULSE.item(code).is_reversed else tick for code, tick in found.turned.items()
    }
    assert again == raw


@given(ticks)
def test_opposite_answers_give_the_opposite_score(raw: dict[str, int]) -> None:
    found = score(PULSE, EVERY, raw)
    other = score(PULSE, EVERY, {code: PULSE.scale.turned(tick) for code, tick in raw.items()})
    assert other.dimensions == pytest.approx({code: 100 - each for code, each in found.dimensions.items()})
    assert (other.index is None) == (found.index is None)
