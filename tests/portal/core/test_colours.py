"""Colours that people can read (WCAG 2.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import colours
from portal.core.colours import DARK, ENOUGH, LIGHT, Ground

TOKENS = Path(colours.__file__).parents[1] / "static" / "css" / "tokens.css"


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0f6b5c", "#fbfaf7", 6.14),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_the_standard(first: str, second: str, ratio: float) -> None:
    assert colours.contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(first, second) == colours.contrast(second, first)


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
@given(st.integers(0, 0xFFFFFF))
def test_the_colour_that_is_offered_can_be_read_everywhere(ground: Ground, number: int) -> None:
    colour = f"#{number:06x}"
    offered = colours.nearest(colour, ground)
    verdict = colours.judge(offered, ground)
    assert verdict.is_enough
    for place in (ground.paper, ground.surface, colours.soft(offered, ground)):
        assert colours.contrast(offered, place) >= ENOUGH
    assert colours.contrast(offered, ground.ink) >= ENOUGH
    if colours.judge(colour, ground).is_enough:
        assert offered == colour


@pytest.mark.parametrize("text", ["", "teal", "#12", "#12345g", "red;}", "#0f6b5c;color:red", "url(x)"])
def test_what_is_no_colour_is_none(text: str) -> None:
    assert colours.parse(text) is None


def test_the_grounds_are_those_of_the_pages() -> None:
    light, dark = TOKENS.read_text().split("color-scheme: dark", 1)
    for ground, block in ((LIGHT, light), (DARK, dark)):
        for name, value in (("paper", ground.paper), ("surface", ground.surface), ("brand-ink", ground.ink)):
            found = re.search(rf"--{name}: (#[0-9a-f]{{6}})", block)
            assert found is not None
            assert found[1] == value
