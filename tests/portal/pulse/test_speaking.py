"""Words for figures never say more than the figures bear."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from flask import Flask

from portal.pulse import speaking
from surveys.flaws import MEASURES, Bound, Condition, Evidence, Measured, Source
from surveys.loading import load
from surveys.privacy.printing import Printed, Side
from surveys.privacy.released import Mean, Since
from surveys.reliability import Reliability
from surveys.trend import Method, Strength

PULSE = load("pulse-1")


@pytest.fixture(autouse=True)
def _speaking(app: Flask) -> None:
    """Words need a request's language."""


def since(strength: Strength, *, is_rise: bool = True, difference: float | None = 6.0) -> Since:
    low, high = (None, None) if difference is None else (difference - 4, difference + 4)
    return Since(
        strength=strength,
        is_rise=is_rise,
        is_notable=False,
        difference=difference,
        low=low,
        high=high,
        g=0.3 if is_rise else -0.3,
        p=0.03,
        p_by=Method.WELCH,
    )


def test_only_what_the_interval_bears_is_called_a_rise_or_a_fall() -> None:
    for strength, is_rise in product(Strength, (True, False)):
        said = speaking.change(since(strength, is_rise=is_rise), "Summer")
        is_claimed = strength in (Strength.SMALL, Strength.CLEAR, Strength.LARGE)
        assert ("rise" in said or "fall" in said) == is_claimed, said
        assert "Summer" in said
    assert "may be chance" in speaking.change(since(Strength.NOT_DISTINGUISHABLE), "Summer")


def test_a_change_of_a_capped_figure_has_no_size() -> None:
    said = speaking.change(since(Strength.LARGE, difference=None), "Summer")
    assert said == "A large rise since “Summer”."
    assert speaking.difference(since(Strength.SMALL, is_rise=False, difference=-6)) == "−6, between −10 and −2"


def test_a_range_that_ends_just_short_of_nought_is_not_said_to_reach_it() -> None:
    fall = replace(since(Strength.SMALL, is_rise=False, difference=-5), low=-9.6, high=-0.2)
    assert speaking.difference(fall) == "−5.0, between −9.6 and −0.2"
    assert speaking.difference(replace(fall, high=-0.02)) == "−5.00, between −9.60 and −0.02"


def test_capped_figures_say_so() -> None:
    assert speaking.mean(Mean(value=Printed(95.0, Side.MORE), low=90, high=100)) == "≥ 95"
    assert speaking.mean(None) == "–"
    assert speaking.printed(Printed(0.2, Side.LESS), is_share=True).startswith("≤")


def test_nothing_is_never_certain_to_the_last_digit() -> None:
    tiny = Since(**{**{name: getattr(since(Strength.LARGE), name) for name in Since.__slots__}, "p": 0.0, "g": -0.01})
    assert speaking.effect(tiny) == "g = 0.0, p < 0.01"


def evidence(source: Source, of: str, bound: Bound = Bound.BELOW, value: float = 0.22) -> Evidence:
    return Evidence(
        condition=Condition(source=source, of=of, bound=bound, threshold=0.4),
        measured=Measured(value=value, low=value - 0.1, high=value + 0.1, n=30),
    )


def test_evidence_is_a_sentence_of_its_own_kind() -> None:
    said = speaking.evidence(evidence(Source.FAVOURABLE, "SO1"), PULSE, "use")
    assert said.startswith("22")
    assert "agree with “My manager looks for an IT answer before asking others.”" in said
    assert "disagree with" in speaking.evidence(evidence(Source.FAVOURABLE, "SO3R"), PULSE, "use")
    assert "found nothing" in speaking.evidence(evidence(Source.MEASURE, "zero_result_rate"), PULSE, "use")
    assert "Ease is 43" in speaking.evidence(evidence(Source.SCORE, "EA", value=43.0), PULSE, "use")
    assert "answered" in speaking.evidence(evidence(Source.RESPONSE, ""), PULSE, "use")
    assert "fell" in speaking.evidence(evidence(Source.CHANGE, "IN", Bound.FALLS_BY), PULSE, "use")
    assert set(speaking.MEASURED) == set(MEASURES)


def test_only_intervals_on_one_line_are_drawn() -> None:
    assert speaking.on_line(evidence(Source.FAVOURABLE, "SO1")) == pytest.approx((12.0, 22.0, 32.0, 40.0))
    assert speaking.on_line(evidence(Source.RESPONSE, "")) is None
    assert speaking.on_line(evidence(Source.CHANGE, "IN", Bound.FALLS_BY)) is None


def test_every_dimension_has_a_few_words_for_strangers() -> None:
    assert {dimension.code for dimension in PULSE.dimensions} == set(speaking.SHORT)


@pytest.mark.parametrize(
    ("alpha", "low", "said"),
    [
        (0.82, 0.71, "agree well enough"),
        (0.66, 0.52, "may agree too little"),
        (0.55, 0.40, "agree poorly: do not read this dimension alone"),
        (-0.2, -0.7, "contradict each other"),
    ],
)
def test_statements_are_said_to_agree_only_where_the_whole_range_says_so(alpha: float, low: float, said: str) -> None:
    found = Reliability(n=60, alpha=alpha, low=low, high=0.9, if_dropped=())
    assert said in speaking.agreement(found)


def test_nothing_is_said_of_statements_that_few_have_answered() -> None:
    assert "Too few complete answers" in speaking.agreement(None)
