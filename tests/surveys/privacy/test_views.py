"""No combination of all that a wave and the wave before release is about fewer than five people (METRICS 11).

Bounded here; `tests/attack/test_differencing.py` runs 2,000 waves in every run and 100,000 by `make torture`.
"""

from __future__ import annotations

import pytest

from surveys.loading import load
from surveys.privacy.gate import release
from surveys.privacy.policy import Policy
from surveys.reading import read_wave
from surveys.scoring import Sheet
from tests.surveys.privacy.attacker import Attack, People, derivable, unknown_fields, views
from tests.surveys.privacy.random_waves import ITEMS, attacked, some_wave

PULSE = load("pulse-1")


def test_nobody_follows_from_random_waves_and_the_waves_before() -> None:
    found = attacked(PULSE, range(100), Policy(has_second=True))
    assert found.leaks == []
    assert found.n_waves == 200
    assert min(found.n_second, found.n_refused, found.n_without_straight, found.n_weighted, found.n_changes) > 10


def test_a_higher_threshold_protects_more_people() -> None:
    assert attacked(PULSE, range(1_000, 1_030), Policy(least=7, has_second=True)).leaks == []


def test_the_attacker_has_thought_of_everything_that_is_released() -> None:
    assert unknown_fields() == set()


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_the_attackers_sums_are_what_is_printed(seed: int) -> None:
    """Where figures are exact, each form over the true answers gives just the figure."""
    wave = some_wave(PULSE, seed, Policy(has_second=True, is_exact=True))
    attack = wave.attack
    n = 0
    for code in attack.codes():
        for view in views(attack.released, attack.people, code, attack.headcounts):
            if view.value is not None:
                true = sum(weight * (attack.people.value(p, code) or 0) for p, weight in view.weights.items())
                assert true == pytest.approx(view.value), view.name
                n += 1
    assert n or not attack.released.total.is_shown


def test_the_attacker_finds_what_a_careless_table_gives_away() -> None:
    """HR 4, Legal 6, IT 12: HR alone hidden, total shown."""
    everybody, legal, it = [1.0] * 3, [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]
    assert derivable([everybody, legal, it], [4, 6, 12], least=5) == (0,)
    assert derivable([everybody, it], [4, 6, 12], least=5) is None


def test_the_attacker_finds_two_people_by_a_difference_between_them() -> None:
    """What one says more than another is about two people, though no sum of theirs follows."""
    assert derivable([[1.0, -1.0, 0.0], [1.0, 1.0, 1.0]], [1, 1, 8], least=5) == (0, 1)
    assert derivable([[1.0, 1.0, 1.0]], [1, 1, 8], least=5) is None


def test_the_attacker_finds_strata_weighted_one_by_one() -> None:
    """HR 4 and Legal 6 hidden, but each with a weight of its own in the weighted total."""
    raw, it, weighted = [1 / 22] * 3, [0.0, 0.0, 1 / 12], [40 / 4 / 150, 10 / 6 / 150, 100 / 12 / 150]
    assert derivable([raw, it], [4, 6, 12], least=5) is None
    assert derivable([raw, it, weighted], [4, 6, 12], least=5) == (0,)


def test_straight_lines_are_left_out_only_where_their_groups_say_nothing() -> None:
    """Six draw a line, all of them in A, where one does not: A less the lines would be that one."""
    line, other = {"VA1": 3, "VA2": 3, "VA3R": 3}, {"VA1": 4, "VA2": 2, "VA3R": 3}
    in_a, in_b = Sheet(answers=other, unit="A"), Sheet(answers=other, unit="B")
    sheets = [*[Sheet(answers=line, unit="A")] * 6, in_a, *[in_b] * 9]
    released = release(PULSE, read_wave(PULSE, sheets), Policy())
    assert released.straight is not None
    assert (released.straight.n, released.straight.without) == (6, ())
    spread = [*sheets[:3], *[Sheet(answers=line, unit="B")] * 3, *[in_a] * 5, *sheets[7:]]
    released = release(PULSE, read_wave(PULSE, spread), Policy())
    assert released.straight is not None
    assert [score.code for score in released.straight.without] == ["VA"]
    attack = Attack(released, People.of(PULSE, spread), {})
    assert attack.made_out("VA", least=5) is None


def test_random_waves_ask_what_they_say() -> None:
    assert {item.code for item in PULSE.items} >= set(ITEMS)
