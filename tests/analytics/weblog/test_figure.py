"""The chart of visits: its title is the finding, gaps stay gaps, and half a week is not drawn as a fall."""

from datetime import date, timedelta

from analytics import figures, series
from analytics.figures import Change
from analytics.figures import svg as drawings
from analytics.series import Step

SUNDAY = date(2026, 3, 1)
DAYS: dict[date, float | None] = {SUNDAY + timedelta(days=n): float(10 + n) for n in range(16) if n != 5}


def drawn(step: Step) -> figures.Figure:
    points = series.fold(DAYS, step, since=SUNDAY, until=SUNDAY + timedelta(days=16))
    views = series.fold(
        {day: (n or 0) * 2 for day, n in DAYS.items()}, step, since=SUNDAY, until=SUNDAY + timedelta(days=16)
    )
    return figures.visits(points, views, changes=[Change(SUNDAY + timedelta(days=3), "Launch")])


def test_the_title_tells_all_visits_and_the_table_every_stretch() -> None:
    found = drawn(Step.WEEK)
    assert found.title == "265 visits with 2.0 pages each, robots left out"
    assert [row[0] for row in found.table.rows] == [
        date(2026, 2, 23),
        date(2026, 3, 2),
        date(2026, 3, 9),
        date(2026, 3, 16),
    ]
    assert [row[3] for row in found.table.rows] == [1, 6, 7, 1]
    assert list(found.data[1]["x"]) == [date(2026, 3, 2), date(2026, 3, 9)]
    assert [pin.text for _number, pin in found.pins] == ["Launch"]


def test_a_day_without_lines_is_a_gap_and_none_at_all_no_picture() -> None:
    assert drawn(Step.DAY).table.rows[5][1] is None
    nothing = figures.visits(
        *(series.fold({}, Step.DAY, since=SUNDAY, until=SUNDAY + timedelta(days=3)) for _ in range(2))
    )
    assert nothing.is_empty
    assert "no page was viewed" in nothing.title


def test_it_is_drawn_with_a_legend_and_not_by_colour_alone() -> None:
    found = drawn(Step.DAY)
    assert [entry.name for entry in drawings.legend(found)] == ["Page views", "Visits"]
    assert "stroke-dasharray" in drawings.draw(found)
