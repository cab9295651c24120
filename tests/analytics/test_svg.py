"""Figures drawn: every bar and knot where its number says, gaps open, words safe."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from analytics import figures
from analytics.deflection import Avoided, Counts, Deflection
from analytics.figures import Change, Figure, svg
from analytics.proportions import wilson
from analytics.series import Bucket

WEEKS = [Bucket(date(2026, 3, 2 + 7 * n), date(2026, 3, 9 + 7 * n)) for n in range(3)]


def outcomes(*counts: Counts | None) -> Figure:
    changes = [Change(date(2026, 3, 10), "<b>Phones</b> & more")]
    return figures.outcomes(list(zip(WEEKS, counts, strict=True)), changes=changes)


def bars(drawn: str) -> list[tuple[str, float, float]]:
    """Return class, upper edge and height of each bar."""
    found = re.findall(
        r'<rect class="fig-bar fig-(\S+)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawn
    )
    return [(name, float(y), float(height)) for name, y, height in found]


def test_bars_stand_on_each_other_and_are_as_high_as_they_count() -> None:
    drawn = svg.draw(outcomes(Counts(confirmed=10, escalated=20), None, Counts(confirmed=20)))
    (_brand, low, ten), (_other, top, twenty), (_last, high, same) = (
        next(bar for bar in bars(drawn) if bar[0] == "brand"),
        next(bar for bar in bars(drawn) if bar[0] == "escalated"),
        [bar for bar in bars(drawn) if bar[0] == "brand"][1],
    )
    assert len(bars(drawn)) == 3
    assert twenty == pytest.approx(2 * ten, abs=0.3)
    assert twenty == pytest.approx(same, abs=0.3)
    assert low + ten == pytest.approx(svg.HEIGHT - svg.BOTTOM, abs=0.3)
    assert top + twenty == pytest.approx(low, abs=0.3)
    assert high + same == pytest.approx(svg.HEIGHT - svg.BOTTOM, abs=0.3)


def test_a_week_that_was_not_measured_has_no_bar_and_its_line_is_broken() -> None:
    many = Counts(confirmed=40, presumed=40, failed=10)
    weeks = list(zip(WEEKS, (many, None, many), strict=True))
    whole = Deflection(
        counts=many, floor=wilson(40, 90), ceiling=wilson(80, 90), calibration=None, answer_rate=None, estimate=None,
        intent=None, avoided=Avoided(None, 0, 0), no_ticket=None, self_service_first=None, false_yes=None,
    )  # fmt: skip
    drawn = svg.draw(figures.settled(weeks, whole))
    lines = re.findall(r'<path class="fig-line fig-brand" d="(M[^"]+)"', drawn)
    assert len(lines) == 2
    assert all("L" not in line for line in lines)


def test_words_of_people_cannot_become_markup() -> None:
    drawn = svg.draw(outcomes(Counts(confirmed=1), Counts(confirmed=2), None))
    assert "<b>" not in drawn
    assert "&lt;b&gt;Phones&lt;/b&gt; &amp; more" in drawn
    ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing


def test_nothing_in_it_needs_a_style_or_a_script() -> None:
    drawn = svg.draw(outcomes(Counts(confirmed=3, abandoned=2), Counts(failed=1), Counts(averted=4)))
    assert not re.search(r"style=|<style|<script|\son\w+=|href=", drawn)
    assert 'fill="url(#figure-hatch)"' in drawn


def test_the_legend_names_every_colour_in_the_order_of_the_bars() -> None:
    names = [entry.colour for entry in svg.legend(outcomes(Counts(confirmed=1), None, None))]
    assert names == ["brand", "averted", "presumed", "failed", "abandoned", "escalated"]
