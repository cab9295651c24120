"""PULSE as it is asked: METRICS 4.3."""

from __future__ import annotations

import pytest

from surveys.instrument import Band, Phase
from surveys.loading import load
from tests.surveys.sheets import PULSE

DIGEST = "955d1e91ec97a1a5bb6c3ba5006b6ccd9d18b78465ccb6534807e8331a8ecc7c"


def test_an_edition_that_waves_have_used_is_never_edited() -> None:
    """If this fails: put the file back, copy it to the next edition, and change that."""
    assert load("pulse-1").digest == DIGEST


def test_nine_dimensions_have_three_statements_each_and_the_third_is_turned() -> None:
    codes = [dimension.code for dimension in PULSE.dimensions]
    assert codes == ["AW", "VA", "EA", "SK", "SO", "SU", "TR", "RV", "IN"]
    for dimension in PULSE.dimensions:
        assert [item.code for item in dimension.items] == [dimension.code + end for end in ("1", "2", "3R")]
        assert [item.is_reversed for item in dimension.items] == [False, False, True]


@pytest.mark.parametrize(
    ("stage", "asked", "n"),
    [
        ("idea", "AW VA SK SO IN", 15),
        ("design", "VA EA SO TR IN", 15),
        ("build", "VA SK SO SU IN", 15),
        ("launch", "AW VA EA SO SU IN", 18),
        ("use", "VA EA SO SU TR RV IN", 21),
    ],
)
def test_each_stage_asks_the_core_and_what_matters_then(stage: str, asked: str, n: int) -> None:
    items = PULSE.asked_at(stage)
    assert len(items) == n
    assert {item.dimension for item in items} == set(asked.split())
    assert set(PULSE.rules.core) <= set(asked.split())
    assert all(PULSE.stage(stage).why[code] for code in asked.split()), "each with its reason"
    assert PULSE.stage_of([item.code for item in items]) is PULSE.stage(stage)


def test_a_set_of_statements_of_no_stage_has_no_stage() -> None:
    assert PULSE.stage_of([item.code for item in PULSE.items]) is None
    assert PULSE.stage_of(["VA1"]) is None


def test_wording_turns_to_what_was_found_at_go_live_and_anchors_stay() -> None:
    assert [PULSE.stage(code).phase for code in ("idea", "design", "build")] == [Phase.BEFORE] * 3
    assert [PULSE.stage(code).phase for code in ("launch", "use")] == [Phase.AFTER] * 2
    assert PULSE.item("IN3R").wording(Phase.BEFORE) == "I will go on calling or mailing as I do now."
    assert PULSE.item("IN3R").wording(Phase.AFTER) == "I still call or mail before I look here."
    anchors = [item.code for item in PULSE.items if not item.changes_at_go_live]
    assert anchors == ["SK1", "SK2", "SK3R", "SO1", "SO3R", "SU2", "RV1", "RV3R", "IN2"]


def test_bands_go_by_the_unrounded_score() -> None:
    found = {score: PULSE.band(score) for score in (49.99, 50, 64.5, 65, 79.5, 80, 100)}
    assert found == {
        49.99: Band.BARRIER,
        50: Band.AT_RISK,
        64.5: Band.AT_RISK,
        65: Band.SOUND,
        79.5: Band.SOUND,
        80: Band.STRONG,
        100: Band.STRONG,
    }
