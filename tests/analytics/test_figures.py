"""Results made into pictures: true titles, honest gaps, safe colours, and a schema that Plotly accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from analytics.adoption import saydo
from analytics.adoption.activation import Waited, survival
from analytics.adoption.cohorts import Cohort
from analytics.deflection import Avoided, Counts, Deflection, Estimate
from analytics.effects.before import ByAge
from analytics.figures import (
    Change,
    Figure,
    Group,
    Level,
    Theme,
    answer_times,
    by_age,
    coming_back,
    contact_rate,
    course,
    drawing,
    funnel,
    goal,
    outcomes,
    say_do,
    settled,
    spreading,
    stages,
    svg,
    waiting,
    zero_results,
)
from analytics.figures.departments import limits
from analytics.findability import Findability, Tally
from analytics.proportions import wilson
from analytics.rates import Rate, Span, rate_ratio
from analytics.saying import NO_BREAK, Voice, plain
from analytics.seasonality import Reason, Refused, compare
from analytics.series import Bucket
from analytics.servicedesk import Times

MONDAY = date(2026, 3, 2)
WEEKS = [Bucket(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n + 1)) for n in range(6)]
D1 = Counts(confirmed=2, averted=1, presumed=3, failed=1, abandoned=2, escalated=2)
COUNTED = [(week, None if n == 3 else Counts(confirmed=5 + n, presumed=9, failed=2, abandoned=3, escalated=4))
           for n, week in enumerate(WEEKS)]  # fmt: skip
CHANGES = [
    Change(MONDAY + timedelta(days=16), "Launch in <Finance> & Sales"),
    Change(MONDAY + timedelta(days=3), "Password reset tool"),
    Change(date(2020, 1, 1), "Long ago"),
]
FEW = Estimate(value=0.4242, count=4.6667, low=0.2, high=0.5, envelope_low=0.05, envelope_high=0.79, is_stable=False,
               n_left_out=0)  # fmt: skip


def whole(counts: Counts = D1, estimate: Estimate | None = FEW) -> Deflection:
    return Deflection(
        counts=counts,
        floor=wilson(counts.confirmed, counts.n),
        ceiling=wilson(counts.confirmed + counts.silent, counts.n),
        calibration=None,
        answer_rate=None,
        estimate=estimate,
        intent=None,
        avoided=Avoided(None, 0, 0),
        no_ticket=None,
        self_service_first=None,
        false_yes=None,
    )


TOLD = compare(Rate(480, 12_000), Rate(396, 13_200), last_year=(Rate(450, 11_000), Rate(500, 11_500)))
TICKETS = [(week, None if n == 2 else Rate(40 - n, 800), Rate(50, 780)) for n, week in enumerate(WEEKS)]
HOURS = tuple(np.random.default_rng(2).exponential(2.0, 200).round(2).tolist())
ANSWERED = Times(n=200, n_pending=7, median=1.5, p90=6.23, within=wilson(180, 203), hours=HOURS)
FOUND = [(week, None if n == 1 else Findability(tally=Tally(searches=100 + n, zero=8))) for n, week in enumerate(WEEKS)]
ALL = Findability(tally=Tally(searches=1000, zero=86))
GROUPS = [Group("Finance", 9, 30), Group("IT & <b>Web", 28, 30), Group("Workshop", 30, 90), Group("HR", 2, 5)]

SAID = saydo.say_do(
    saydo.Unit(
        name=name, n_answers=20, intention=says, low=says - 4, high=says + 4, n_people=30, first_here=k, needs=200
    )
    for name, says, k in (("Sales", 80, 20), ("IT & <b>Web", 82, 130), ("Workshop", 40, 20), ("HR", 66, 70))
)

STAGES = [Level("People", 40), Level("People", 30), Level("Looked here first", 12), Level("People", 5)]
WAITED = [Waited(days=7 * n, is_activated=n % 3 > 0) for n in range(9)]

CHARTS: dict[str, Callable[[Voice], Figure]] = {
    "outcomes": lambda voice: outcomes(COUNTED, changes=CHANGES, voice=voice),
    "settled": lambda voice: settled(COUNTED, whole(), changes=CHANGES, voice=voice),
    "contact_rate": lambda voice: contact_rate(TICKETS, TOLD, changes=CHANGES, voice=voice),
    "answer_times": lambda voice: answer_times(ANSWERED, promised=4.0, voice=voice),
    "zero_results": lambda voice: zero_results(FOUND, ALL, alarm=0.1, changes=CHANGES, voice=voice),
    "funnel": lambda voice: funnel(GROUPS, what="Looked here first", people="People", voice=voice),
    "say_do": lambda voice: say_do(SAID, voice=voice),
    "nothing said": lambda voice: say_do(saydo.say_do([]), voice=voice),
    "stages": lambda voice: stages(STAGES, voice=voice),
    "waiting": lambda voice: waiting(survival(WAITED), len(WAITED), voice=voice),
    "coming_back": lambda voice: coming_back(
        [Cohort(0, 9, (9, 4, 5)), Cohort(1, 3, (3, 1))], weeks=4, first="People", voice=voice
    ),
    "spreading": lambda voice: spreading(
        [MONDAY, MONDAY + timedelta(days=28)],
        [4, 9],
        [(MONDAY + timedelta(days=56), Span(15, 11, 18))],
        eligible=40,
        is_curve=True,
        voice=voice,
    ),
    "goal": lambda voice: goal(
        [week.until for week in WEEKS],
        [0.2, None, 0.3, 0.35, 0.4, 0.41],
        target=0.6,
        due_on=date(2026, 6, 1),
        forecast=Span(0.55, 0.4, 0.66),
        title=voice.gettext("On course"),
        what="Looked here first",
        is_share=True,
        changes=CHANGES,
        voice=voice,
    ),
    "by_age": lambda voice: by_age(
        [ByAge(-3, -0.01, 4), ByAge(-2, 0.02, 4)],
        [ByAge(0, 0.05, 4), ByAge(1, -0.08, 3)],
        title=voice.gettext("No detectable effect"),
        what="Looked here first",
        weeks=2,
        is_share=True,
        voice=voice,
    ),
    "course": lambda voice: course(
        [week.since for week in WEEKS],
        [5.0, 6.0, None, 7.0, 8.0, 9.0],
        [5.0] * 6,
        title=voice.gettext("Over time"),
        what="People",
        weeks=2,
        until=date(2026, 6, 1),
        changes=CHANGES,
        voice=voice,
    ),
    "nobody": lambda voice: stages([], voice=voice),
    "nobody waits": lambda voice: waiting([], 0, voice=voice),
    "nobody came": lambda voice: coming_back([], weeks=4, first="People", voice=voice),
    "nothing spreads": lambda voice: spreading([], [], [], eligible=0, is_curve=False, voice=voice),
    "no values": lambda voice: goal(
        [], [], target=2.0, due_on=MONDAY, forecast=None, title=voice.gettext("Too early"), what="People", voice=voice
    ),
    "nothing": lambda voice: settled([(WEEKS[0], None)], whole(Counts(), None), voice=voice),
    "no answers": lambda voice: answer_times(
        Times(n=0, n_pending=0, median=None, p90=None, within=None, hours=()), voice=voice
    ),
    "no departments": lambda voice: funnel([], what="Looked here first", people="People", voice=voice),
    "no searches": lambda voice: zero_results([], Findability(tally=Tally()), voice=voice),
}


@pytest.mark.slow
def test_plotly_knows_every_property() -> None:
    import plotly.graph_objects as go

    for theme in Theme:
        for make in CHARTS.values():
            go.Figure(make(Voice()).drawn(theme))
    broken = {"data": [{**CHARTS["settled"](Voice()).drawn(Theme.LIGHT)["data"][0], "fillcolour": "#fff"}]}
    with pytest.raises(ValueError, match="fillcolour"):
        go.Figure(broken)


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_plain_json_of_scatters_and_bars_in_either_theme(name: str) -> None:
    figure = CHARTS[name](Voice())
    for theme in Theme:
        drawn = figure.drawn(theme)
        assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
        assert {trace["type"] for trace in drawn["data"]} <= {"scatter", "bar"}
        assert "var(--" not in json.dumps(drawn)
    light, dark = (json.dumps(figure.drawn(theme)) for theme in Theme)
    assert light != dark


@pytest.mark.parametrize("name", CHARTS)
def test_both_axes_have_titles_and_counts_begin_at_nought(name: str) -> None:
    layout = CHARTS[name](Voice()).layout
    assert layout["xaxis"]["title"]["text"]
    assert layout["yaxis"]["title"]["text"]
    assert layout["yaxis"].get("range", [0])[0] == 0
    assert layout["yaxis"]["rangemode"] == "tozero"


@pytest.mark.parametrize("name", CHARTS)
def test_the_table_has_a_cell_for_each_column(name: str) -> None:
    table = CHARTS[name](Voice()).table
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len({column.label for column in table.columns}) == len(table.columns)


@pytest.mark.parametrize("name", CHARTS)
def test_every_word_goes_through_the_translator(name: str) -> None:
    def elsewhere(message: str, /, **variables: object) -> str:
        return f"⟦{plain(message, **variables)}⟧"

    figure = CHARTS[name](Voice(gettext=elsewhere))
    ours = {"Looked here first", "People"}
    names = [trace["name"] for trace in figure.data if "name" in trace]
    titles = [figure.layout[axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    said = [figure.title, *names, *titles, *(column.label for column in figure.table.columns)]
    marks = [note["text"] for note in figure.layout.get("annotations", []) if not note["text"].isdigit()]
    assert [words for words in (*said, *marks) if not words.startswith("⟦") and words not in ours] == []
    assert not figure.note or "⟦" in figure.note


# What they find


def spoken(figure: Figure) -> str:
    return figure.title.replace(NO_BREAK, " ")


def test_the_range_is_its_own_title() -> None:
    figure = settled(COUNTED, whole())
    assert spoken(figure) == "Between 18 % and 55 % of needs are settled here; best estimate 42 %"
    assert "unstable: it rests on 3 answers" in figure.note


def test_without_answers_there_is_no_estimate_in_the_title() -> None:
    silent = Counts(presumed=4, escalated=6)
    assert "nobody has said enough" in spoken(settled(COUNTED, whole(silent, None)))


def test_no_data_is_said_and_not_drawn_as_nought() -> None:
    for figure in (
        settled([(WEEKS[0], None)], whole(Counts(), None)),
        outcomes([(WEEKS[0], None), (WEEKS[1], Counts())]),
        CHARTS["no answers"](Voice()),
        CHARTS["no departments"](Voice()),
        CHARTS["no searches"](Voice()),
        contact_rate([(WEEKS[0], None, None)], Refused(Reason.NO_EVENTS)),
    ):
        assert figure.is_empty
        assert figure.title.startswith("Not enough data yet")


def test_outcomes_are_told_from_the_surest_to_the_ticket() -> None:
    figure = outcomes(COUNTED)
    assert figure.title == "Of 127 needs: 37 confirmed as solved, 20 handed over as a ticket"
    assert [trace["name"].partition(":")[0] for trace in figure.data] == [
        *("Confirmed", "Averted", "Presumed", "Failed", "Abandoned", "Escalated")
    ]
    assert figure.data[0]["y"] == [5, 6, 7, None, 9, 10]
    assert figure.table.rows[3] == (WEEKS[3].since, None, None, None, None, None, None)
    assert figure.layout["barmode"] == "stack"


def test_a_gap_breaks_line_and_band() -> None:
    figure = settled(COUNTED, whole())
    estimate = figure.data[-1]
    assert estimate["y"][3] is None
    assert estimate["connectgaps"] is False
    bands = [trace for trace in figure.data if trace.get("fill") == "toself"]
    assert [len(trace["x"]) for trace in bands] == [6, 4, 6, 4]
    assert all(None not in trace["y"] for trace in bands)
    assert [trace["showlegend"] for trace in bands] == [True, False, True, False]


def test_the_estimate_lies_between_floor_and_ceiling_and_these_within_the_envelope() -> None:
    for _day, n, floor, estimate, ceiling, low, high in settled(COUNTED, whole()).table.rows:
        if n is not None:
            assert 0 <= low <= floor <= estimate <= ceiling <= high <= 1  # type: ignore[operator]


def test_a_stretch_of_one_value_is_a_stroke_one_can_see() -> None:
    (piece,) = drawing.band([1, 2, 3], [None, 0.2, None], [None, 0.4, None], "band", drawing.BRAND)
    assert (piece["x"], piece["y"], piece["line"]["width"]) == ([2, 2], [0.2, 0.4], 6)


def test_changes_are_pinned_in_order_and_only_where_the_chart_reaches() -> None:
    figure = outcomes(COUNTED, changes=CHANGES)
    assert [(number, change.text) for number, change in figure.pins] == [
        ("1", "Password reset tool"),
        ("2", "Launch in <Finance> & Sales"),
    ]
    assert [shape["x0"] for shape in figure.layout["shapes"]] == [date(2026, 3, 5), date(2026, 3, 18)]
    assert figure.drawn(Theme.LIGHT)["layout"]["shapes"][0]["x0"] == "2026-03-05"


@pytest.mark.parametrize("name", CHARTS)
def test_what_stands_above_a_picture_keeps_clear_of_the_title_of_its_axis(name: str) -> None:
    title = re.search(r'<text class="fig-axis" x="0" y="(\d+)">', drawn := svg.draw(CHARTS[name](Voice())))
    notes = re.findall(r'<text class="fig-note[^"]*" x="[\d.]+" y="([\d.]+)" text-anchor="middle">', drawn)
    assert title
    assert all(float(y) >= float(title[1]) + 18 for y in notes)


def test_words_of_people_are_no_markup() -> None:
    pinned = json.dumps(outcomes(COUNTED, changes=CHANGES).drawn(Theme.LIGHT))
    named = json.dumps(CHARTS["funnel"](Voice()).drawn(Theme.LIGHT))
    assert "<Finance>" not in pinned
    assert "&lt;Finance&gt; &amp; Sales" in pinned
    assert "<b>Web" not in named


@pytest.mark.parametrize(
    ("after", "last_year", "said"),
    [
        (396, True, "29 % below what last year would lead one to expect (between 15 % and 41 %)"),
        (900, True, "60 % above what last year would lead one to expect"),
        (396, False, "25 % below the time before (between 14 % and 34 %)"),
        (900, False, "70 % above the time before"),
        (560, True, "not changed by more than chance"),
    ],
)
def test_the_contact_rate_says_which_way_and_how_sure(after: int, last_year: bool, said: str) -> None:
    season = (Rate(450, 11_000), Rate(500, 11_500)) if last_year else None
    told = compare(Rate(480, 12_000), Rate(after, 13_200), last_year=season)
    figure = contact_rate(TICKETS, told)
    assert said in spoken(figure)
    assert figure.note.startswith("Not seasonally controlled") is not last_year


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (300, "33 % below the same weeks of last year (between 23 % and 42 %)"),
        (600, "33 % above the same weeks of last year"),
        (460, "Against the same weeks of last year, tickets for each person have not changed by more than chance"),
    ],
)
def test_where_the_season_is_in_the_change_the_title_is_about_last_year(now: int, said: str) -> None:
    told = compare(Rate(480, 12_000), Rate(now, 12_000), last_year=None)
    a_year_ago = rate_ratio(Rate(now, 12_000), Rate(450, 12_000))
    assert said in spoken(contact_rate(TICKETS, told, last_year=a_year_ago))
    assert said not in spoken(contact_rate(TICKETS, TOLD, last_year=a_year_ago))


def test_last_year_is_drawn_only_where_it_is_known() -> None:
    alone = [(week, rate, None) for week, rate, _then in TICKETS]
    assert [trace["name"] for trace in contact_rate(alone, TOLD).data] == ["This year"]
    assert [trace["name"] for trace in contact_rate(TICKETS, TOLD).data] == ["A year before", "This year"]
    assert contact_rate(TICKETS, TOLD).data[0]["line"]["dash"] == "dash"


def test_every_ticket_is_in_one_bar_and_late_ones_have_another_colour() -> None:
    figure = answer_times(ANSWERED, promised=4.0)
    (bars,) = figure.data
    assert sum(bars["y"]) == 200
    late = sum(
        count for count, colour in zip(bars["y"], bars["marker"]["color"], strict=True) if colour == drawing.ACCENT
    )
    assert late == sum(hours >= 4 for hours in HOURS)
    assert spoken(figure) == "Half of the tickets are answered within 1.5 working hours, nine in ten within 6.2"
    assert figure.note.replace(NO_BREAK, " ").startswith("89 % within what was promised (180 of 203, between 84 % and")
    assert figure.note.endswith("because nobody has answered yet: 7.")


@pytest.mark.parametrize("hours", [(3.0,), (0.0,), (3.0, 3.0, 6.0), (2000.0, 1.0), tuple(float(n) for n in range(13))])
def test_no_waiting_time_falls_between_the_bars(hours: tuple[float, ...]) -> None:
    times = Times(n=len(hours), n_pending=0, median=1.0, p90=1.0, within=None, hours=hours)
    figure = answer_times(times)
    assert sum(row[1] for row in figure.table.rows) == len(hours)  # type: ignore[misc]


def test_searches_that_find_nothing_come_with_their_interval() -> None:
    figure = CHARTS["zero_results"](Voice())
    assert spoken(figure) == "8.6 % of searches find nothing (between 7.0 % and 10.5 %)"
    assert figure.table.rows[1][1:] == (None,) * 5
    assert figure.layout["annotations"][0]["text"].replace(NO_BREAK, " ") == "alarm at 10 %"


def test_only_what_chance_does_not_explain_stands_out() -> None:
    figure = CHARTS["funnel"](Voice())
    assert spoken(figure) == "Further from the 45 % of all than chance would take them: 2 of 4 departments"
    points = figure.data[-1]
    inside = [limits(69 / 155, group.n)[0] <= group.k / group.n <= limits(69 / 155, group.n)[1] for group in GROUPS]
    assert points["marker"]["symbol"] == ["circle" if within else "diamond" for within in inside]
    assert inside == [True, False, False, True]
    assert [row[0] for row in figure.table.rows] == ["Finance", "HR", "IT & <b>Web", "Workshop"]


def test_departments_that_are_alike_are_said_to_be() -> None:
    figure = funnel([Group("A", 10, 20), Group("B", 11, 20)], what="x", people="y")
    assert figure.title.startswith("All departments lie as near")


def test_fewer_than_five_people_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        funnel([*GROUPS, Group("Management", 1, 4)], what="x", people="y")


def test_the_funnel_narrows() -> None:
    widths = [high - low for low, high in (limits(0.4, n) for n in (5, 20, 100, 1000))]
    assert widths == sorted(widths, reverse=True)


# Colours


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("colour", [drawing.INK, drawing.MUTED, drawing.BRAND, drawing.ACCENT])
def test_lines_and_words_stand_out_from_the_ground(theme: Theme, colour: drawing.Pair) -> None:
    assert contrast(colour.on(theme), drawing.PAPER.on(theme)) >= 4.5


@pytest.mark.parametrize("theme", Theme)
def test_neighbours_in_a_stack_differ_in_lightness_or_by_a_hatch(theme: Theme) -> None:
    stack: list[dict[str, Any]] = CHARTS["outcomes"](Voice()).drawn(theme)["data"]
    for below, above in pairwise(stack):
        hatches = {trace["marker"]["pattern"]["shape"] for trace in (below, above)}
        apart = contrast(below["marker"]["color"], above["marker"]["color"])
        assert apart >= 1.5 or len(hatches) == 2, (below["name"], above["name"], apart)


def test_who_means_to_and_does_not_is_the_finding_and_who_may_is_not_named() -> None:
    assert say_do(SAID).title == "Mean to look here first, and do not yet: Sales"
    unsure = saydo.say_do(
        [saydo.Unit(name="HR", n_answers=9, intention=66, low=60, high=72, n_people=9, first_here=2, needs=10)]
    )
    assert "none clearly" in say_do(unsure).title
    rows = {str(row[0]): str(row[-1]) for row in say_do(SAID).table.rows}
    assert rows["Workshop"] == "neither mean to nor do"
    assert rows["HR"].endswith(", or next to it")


def test_those_who_came_first_together_are_drawn_only_with_five_of_them() -> None:
    large, one, two = Cohort(0, 8, (8, 4)), Cohort(1, 1, (1, 1)), Cohort(2, 4, (4, 0))
    drawn = {len(each): coming_back(each, weeks=4, first="").data[-1] for each in ([large, one], [one])}
    assert list(drawn[2]["y"]) == [0.5]
    assert list(drawn[1]["y"]) == [None]
    assert list(coming_back([large, one, two], weeks=4, first="").data[-1]["y"]) == [5 / 13]
