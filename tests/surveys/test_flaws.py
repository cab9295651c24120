"""Adoption flaws: METRICS 4.8 and 11. Each rule fires with its evidence, and only where it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from surveys.finding import WHOLE, find
from surveys.flaws import BadRules, Fired, Measured, parse, rules
from surveys.groups import Headcount
from surveys.privacy.freezing import freeze, thaw
from surveys.privacy.gate import Before, release
from surveys.privacy.policy import Policy
from surveys.scoring import Sheet
from tests.surveys.sheets import PULSE, read, sheet

EVERY = [dimension.code for dimension in PULSE.dimensions]
EXACT = Policy(is_exact=True)


def leaning(n: int, *, unit: str = "HR", **levels: int) -> list[Sheet]:
    """Return sheets that say 4 and 5 by turns everywhere, but a level and the one below it in these dimensions."""
    found = []
    for i in range(n):
        answers: dict[str, int] = {}
        for item in PULSE.items:
            said = levels.get(item.code, levels.get(item.dimension, 5)) - i % 2
            answers[item.code] = 6 - said if item.is_reversed else said
        found.append(Sheet(answers=answers, unit=unit))
    return found


def fired(
    sheets: Sequence[Sheet],
    *,
    before: Sequence[Sheet] | None = None,
    measures: Mapping[str, Mapping[str, Measured]] | None = None,
    roster: Mapping[str, Headcount] | None = None,
    policy: Policy = EXACT,
) -> tuple[Fired, ...]:
    reading = read(sheets, wave="2", roster=roster)
    earlier = None
    if before is not None:
        was = read(before, wave="1")
        earlier = Before(was, release(PULSE, was, policy))
    released = release(PULSE, reading, policy, before=earlier)
    return find(rules(), released, measures=measures)


def codes(found: Sequence[Fired], unit: str = WHOLE) -> list[str]:
    return [each.code for each in found if each.unit == unit]


def measured(value: float, half: float = 0.01) -> Measured:
    return Measured(value=value, low=value - half, high=value + half, n=200)


def test_there_are_thirteen_each_with_something_to_do() -> None:
    found = rules()
    assert [flaw.number for flaw in found] == list(range(1, 14))
    assert all(flaw.handles for flaw in found)
    assert [flaw.code for flaw in found if flaw.silences] == ["not_reached"]


def test_where_all_is_well_nothing_fires() -> None:
    assert fired(leaning(40)) == ()


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ({"AW": 3}, "not_known"),
        ({"VA1": 2, "VA2": 2}, "no_gain_seen"),
        ({"VA3R": 2}, "feels_like_dumping"),
        ({"EA": 3}, "hard_to_find"),
        ({"SK": 3}, "not_able"),
        ({"SO1": 3}, "no_example"),
        ({"SO3R": 3}, "an_it_thing"),
        ({"SU": 3}, "no_time_or_fallback"),
        ({"TR": 3}, "distrusted"),
        ({"RV": 3}, "unheard"),
    ],
)
def test_an_answer_fires_its_flaw_alone_for_all_and_for_the_unit(levels: dict[str, int], code: str) -> None:
    found = fired(leaning(40, **levels))
    assert [(each.code, each.unit) for each in found] == [(code, WHOLE), (code, "HR")]
    for each in found:
        assert each.handles
        for evidence in each.evidence:
            assert evidence.measured.n
            assert evidence.measured.low is not None


def test_no_gain_is_only_that_where_people_are_able() -> None:
    assert codes(fired(leaning(40, VA1=2, VA2=2, SK=3))) == ["not_able"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("zero_result_rate", 0.25, "hard_to_find"),
        ("assessment_score", 35.0, "not_able"),
        ("false_yes_rate", 0.15, "distrusted"),
        ("first_touch_share", 0.2, "intends_not_acts"),
    ],
)
def test_what_people_do_fires_too_in_the_unit_it_is_measured_for(name: str, value: float, code: str) -> None:
    assert [(each.code, each.unit) for each in fired(leaning(40), measures={"HR": {name: measured(value)}})] == [
        (code, "HR")
    ]
    unsure = Measured(value=value, low=value - 30, high=value + 30, n=9)
    assert fired(leaning(40), measures={"HR": {name: unsure}}) == (), "the near end does not clear the line"


def test_tired_is_who_uses_it_and_means_to_less_than_before() -> None:
    use = {"HR": {"use_share": measured(0.7)}}
    now, before = leaning(40, IN=4), leaning(40)
    assert codes(fired(now, before=before, measures=use), "HR") == ["fatigue"]
    assert codes(fired(now, before=before, measures={"HR": {"use_share": measured(0.4)}}), "HR") == []
    assert codes(fired(before, before=now, measures=use), "HR") == [], "it rose"
    assert codes(fired(now, measures=use), "HR") == [], "nothing to compare with"


def test_a_unit_that_too_few_answered_gets_that_flaw_alone_and_keeps_its_scores() -> None:
    roster = {"HR": Headcount(eligible=200, delivered=200), "IT": Headcount(eligible=60, delivered=60)}
    found = fired(leaning(40, EA=3) + leaning(40, unit="IT", EA=3), roster=roster)
    assert codes(found, "HR") == ["not_reached"]
    assert codes(found, "IT") == ["hard_to_find"]
    assert codes(found) == ["hard_to_find"], "80 of 260 are enough"


def test_a_unit_that_nobody_answered_was_not_reached() -> None:
    roster = {"HR": Headcount(eligible=50, delivered=50), "IT": Headcount(eligible=20, delivered=20)}
    assert codes(fired(leaning(40), roster=roster), "IT") == ["not_reached"]


def test_a_hidden_unit_shows_no_flaw_and_neither_do_those_who_name_none() -> None:
    found = fired(leaning(4, EA=2) + leaning(40, unit="IT") + leaning(12, unit="Ops") + leaning(150, unit="", EA=2))
    assert codes(found, "HR") == []
    assert {each.unit for each in found} == {WHOLE}


def test_an_item_is_no_evidence_in_a_unit_too_small_to_be_told_of_items() -> None:
    found = fired(leaning(29, SO1=2) + leaning(40, unit="IT", SO1=2))
    assert codes(found, "HR") == []
    assert codes(found, "IT") == ["no_example"]


def test_a_small_units_bad_luck_is_no_finding() -> None:
    mixed = [sheet(level, "EA", "VA", "SO", "IN", unit="HR") for level in (1, 2, 2, 2, 5, 5)]
    found = fired(mixed)
    assert codes(found, "HR") == []


def test_evidence_is_shown_as_the_gate_lets_it_be_seen() -> None:
    exact, seen = (fired(leaning(41, EA=3), policy=policy)[0].evidence[0].measured for policy in (EXACT, Policy()))
    assert exact.value == pytest.approx(37.8, abs=0.01)
    assert seen.value == 38
    assert seen.low == round(seen.low or 0)


def test_a_finding_lapses_with_the_next_wave() -> None:
    found = fired(leaning(40, EA=3))[0]
    assert found.stands("2")
    assert not found.stands("3")


def test_findings_can_be_kept_with_the_wave() -> None:
    for found in fired(leaning(40, EA=3)):
        assert thaw(Fired, freeze(found)) == found


@pytest.mark.parametrize(
    ("when", "trouble"),
    [
        ('[[{ score = "AW", above = 50, below = 20 }]]', "names one figure and one threshold"),
        ('[[{ score = "AW" }]]', "names one figure and one threshold"),
        ('[[{ mood = "AW", below = 50 }]]', "names one figure and one threshold"),
        ('[[{ score = "AW", falls_by = 0.3 }]]', "`falls_by` goes with `change`"),
        ('[[{ change = "AW", below = 0.3 }]]', "`falls_by` goes with `change`"),
        ('[[{ measure = "moods", below = 0.3 }]]', "'moods' is no measure; there are assessment_score"),
        ("[]", "at least one condition"),
        ("[[]]", "at least one condition"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(when: str, trouble: str) -> None:
    text = f'[[flaw]]\nnumber = 1\ncode = "a"\nname = "A"\nhandles = ["Do"]\nwhen = {when}\n'
    with pytest.raises(BadRules, match=trouble):
        parse(text)


def test_rules_are_refused_that_lack_something_or_stand_twice() -> None:
    good = '[[flaw]]\nnumber = 1\ncode = "a"\nname = "A"\nhandles = ["Do"]\nwhen = [[{ score = "AW", below = 5 }]]\n'
    assert len(parse(good)) == 1
    with pytest.raises(BadRules, match="flaw a has no 'handles'"):
        parse(good.replace('handles = ["Do"]\n', ""))
    with pytest.raises(BadRules, match="flaw a knows no 'colour'"):
        parse(good + 'colour = "red"\n')
    with pytest.raises(BadRules, match="a number is there twice"):
        parse(good + good)
    with pytest.raises(BadRules, match="no TOML"):
        parse("[[flaw")
