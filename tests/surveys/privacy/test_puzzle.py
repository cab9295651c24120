"""No single answer can be solved for from what is printed, even by who knows who left out what.

Bounded here; `tests/attack/test_differencing.py` tries 10,000 by `make torture`.
"""

from __future__ import annotations

import pytest

from surveys.loading import load
from surveys.privacy.policy import Policy
from tests.surveys.privacy import puzzle
from tests.surveys.privacy.puzzle import tried

PULSE = load("pulse-1")


def test_no_answer_follows_from_printed_figures() -> None:
    n_tries, solved = tried(PULSE, 30, Policy(has_second=True))
    assert n_tries >= 30
    assert solved == []


def test_answers_do_follow_where_figures_are_not_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the solver is worth its name."""
    for name in ("mean_between", "share_between"):
        monkeypatch.setattr(puzzle, name, lambda printed: (printed.value, printed.value))
    _n_tries, solved = tried(PULSE, 30, Policy(is_exact=True))
    assert solved
