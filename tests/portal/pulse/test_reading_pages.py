"""Every view of a closed wave is made of the one released object, as far as its reader may see it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal.core.scopes import Scope
from portal.people.models import Department
from portal.pulse.models import Wave, WaveReading
from portal.pulse.reading import Kept
from surveys.privacy import freezing
from tests.factories import pulse, read_waves
from tests.pages import Page, words
from tests.people import Visitor
from tests.programs import program

STAFF = {
    "Design": (21, 17, 3.6),
    "Legal": (9, 6, 3.2),
    "Press": (6, 3, 2.8),
    "Sales": (37, 32, 3.4),
    "Workshop": (44, 36, 2.9),
}
PLANTED = {("Workshop", "EA"): 1.6, ("Press", "EA"): 1.2}
# What is said of every wave alike: definitions, legends, alerts, and numbers that only count on the page.
SAME_FOR_ALL = ("insight-how", "heat-legend", "alert", "pulse-number", "pulse-choose")


@pytest.fixture
def wave(db: Any) -> tuple[Wave, Kept]:
    """A wave with a hidden pair, a planted flaw, comments, and one before it."""
    first, _ = read_waves.closed(STAFF, seed=1, name="Summer")
    return read_waves.closed(STAFF, seed=2, of=PLANTED, n_comments=40, before_id=first.id, name="Autumn")


def numbers_shown(page: Page) -> set[str]:
    """Return every number that stands on the page, what is said of every wave alike left out."""

    def pieces(node: Any) -> Iterator[str]:
        css = (node.get("class") or "").split()
        is_alike = node.tag in ("svg", "script", "option", "h2") or set(css) & {*SAME_FOR_ALL, "visually-hidden"}
        if not is_alike:
            yield node.text or ""
            for child in node:
                yield from pieces(child)
        yield node.tail or ""

    return {found for piece in pieces(page.one("main")) for found in re.findall(r"\d+(?:[.,]\d+)?", piece)}


def numbers_released(frozen: Any) -> Iterator[str]:
    """Return every way in which a released figure may be written: whole, in per cent, with one and two decimals."""
    if isinstance(frozen, dict):
        for value in frozen.values():
            yield from numbers_released(value)
        n, delivered = frozen.get("n"), frozen.get("delivered")
        if n and delivered:
            yield f"{100 * n / delivered:.0f}"
    elif isinstance(frozen, list):
        for value in frozen:
            yield from numbers_released(value)
    elif isinstance(frozen, int | float) and not isinstance(frozen, bool):
        yield f"{abs(frozen):.0f}"
        if isinstance(frozen, float):
            yield from (f"{abs(frozen):.1f}", f"{abs(frozen):.2f}")
            if abs(frozen) <= 1:
                yield f"{abs(100 * frozen):.0f}"


@pytest.mark.parametrize(
    "path",
    [
        "reading",
        "reading?unit=Sales&of=VA",
        "reading?unit=Press&of=EA",
        "reading?of=index",
        "reading?unit=Nobody&of=XX",
        "reading/statements",
        "reading/comments",
    ],
)
def test_no_page_shows_a_number_that_was_not_released(eli: Visitor, wave: tuple[Wave, Kept], path: str) -> None:
    row, kept = wave
    released = {*numbers_released(freezing.freeze(kept)), "0.01"}
    shown = numbers_shown(eli.page(f"/surveys/{row.id}/{path}"))
    paging = {"1", str(len(kept.released.total.comments)), "30"} if "reading/" in path else set()
    assert shown - released - paging == set()
    assert shown


def test_the_table_file_holds_what_was_released_and_nothing_else(eli: Visitor, wave: tuple[Wave, Kept]) -> None:
    row, kept = wave
    released = set(numbers_released(freezing.freeze(kept)))
    lines = list(csv.DictReader(io.StringIO(eli.get(f"/surveys/{row.id}/reading.csv").text)))
    for line in lines:
        for column in ("value", "low", "high", "n"):
            if line[column]:
                # A cell that begins with a minus has an apostrophe before it, so that no spreadsheet computes it.
                number = float(line[column].lstrip("'"))
                assert {f"{abs(number):.0f}", f"{abs(number):.2f}"} & released, line
    hidden = [line for line in lines if line["group"] in ("Press", "Legal")]
    assert [(line["group"], line["figure"], line["value"], line["note"]) for line in hidden] == [
        ("Legal", "state", "", "hidden"),
        ("Press", "state", "", "hidden"),
    ]
    assert {line["group"] for line in lines if line["figure"] == "mean"} == {"everybody", "Design", "Sales", "Workshop"}


def test_programs_get_the_same_object(eli: Visitor, wave: tuple[Wave, Kept], db: Any) -> None:
    row, kept = wave
    told = program(eli, Scope.SURVEYS).get(f"/surveys/{row.id}").json
    assert told["released"] == db.session.get_one(WaveReading, row.id).released["released"]
    assert told["flaws"] == [freezing.freeze(flaw) for flaw in kept.flaws]
    listed = program(eli, Scope.SURVEYS).get("/surveys").json["items"]
    assert [one["name"] for one in listed] == ["Autumn", "Summer"]


def test_the_hidden_pair_is_marked_and_says_why(eli: Visitor, wave: tuple[Wave, Kept]) -> None:
    page = eli.page(f"/surveys/{wave[0].id}/reading")
    table = Page(page.html).all("table", class_="heat-table")[0]
    rows = [words(line) for line in table.iter("tr")]
    hidden = [line for line in rows if line.startswith(("Press", "Legal"))]
    assert len(hidden) == 2
    assert "Hidden on purpose. 9 answers together." in hidden[0]
    assert "fewer than 5 people answered" in hidden[0]
    assert not re.search(r"\d", hidden[1])


def test_a_flaw_leads_the_page_and_marks_its_cell(eli: Visitor, wave: tuple[Wave, Kept]) -> None:
    page = eli.page(f"/surveys/{wave[0].id}/reading")
    assert page.heading.startswith("Workshop: hard to find.") or "Workshop: hard to find" in page.heading
    links = page.links
    assert any(href.startswith("/interventions/new?flaw=hard_to_find") for href in links.values())
    assert any(href.startswith("/roadmap/items/new?flaw=hard_to_find") for href in links.values())
    (cell,) = [each for each in page.all("td") if "heat-chosen" in (each.get("class") or "")]
    assert "see flaw 1" in words(cell)


def test_flaws_lapse_when_a_later_wave_closes(eli: Visitor, wave: tuple[Wave, Kept], db: Any) -> None:
    row, _ = wave
    latest, _ = read_waves.closed(STAFF, seed=4, name="Winter")
    latest.closed_at += dt.timedelta(minutes=1)
    page = eli.page(f"/surveys/{row.id}/reading")
    assert "these have lapsed" in page.text
    assert not any("flaw=" in href for href in page.links.values())


def test_who_leads_a_department_sees_it_and_everybody_and_nothing_else(
    mia: Visitor, wave: tuple[Wave, Kept], db: Any
) -> None:
    row, _ = wave
    _lead(db, mia, "Workshop")
    page = mia.page(f"/surveys/{row.id}/reading")
    assert "Workshop" in page.text
    assert all(other not in page.text for other in ("Design", "Sales", "Legal", "Press"))
    assert mia.get(f"/surveys/{row.id}/reading/comments").status_code == 403
    assert mia.get(f"/surveys/{row.id}/outcome").status_code == 403
    told = program(mia, Scope.SURVEYS).get(f"/surveys/{row.id}").json
    assert [each["name"] for each in told["released"]["units"]["rows"]] == ["Workshop"]
    assert told["released"]["total"]["comments"] == []
    assert {flaw["unit"] for flaw in told["flaws"]} <= {"", "Workshop"}
    table = mia.get(f"/surveys/{row.id}/reading.csv").text
    assert "Workshop" in table
    assert "Sales" not in table


def test_who_leads_a_hidden_department_is_told_why(mia: Visitor, wave: tuple[Wave, Kept], db: Any) -> None:
    row, kept = wave
    _lead(db, mia, "Press")
    page = mia.page(f"/surveys/{row.id}/reading")
    assert "Fewer than 5 people answered there, or it covers another group" in page.text
    assert "9 answers together" not in page.text
    of_all = freezing.freeze(kept.released) | {"units": None}
    released = {*numbers_released(of_all), "5", "0.01"}
    released |= set(numbers_released([freezing.freeze(flaw) for flaw in kept.flaws if not flaw.unit]))
    assert numbers_shown(mia.page(f"/surveys/{row.id}/reading")) - released == set()


def _lead(db: Any, visitor: Visitor, name: str) -> None:
    unit = db.session.execute(db.select(Department).filter_by(name=name)).scalars().one()
    unit.manager_id = visitor.person_id
    db.session.commit()


def test_everybody_else_meets_nothing(ana: Visitor, dara: Visitor, wave: tuple[Wave, Kept]) -> None:
    for visitor in (ana, dara):
        for path in ("reading", "reading/statements", "reading/comments", "reading.csv", "outcome"):
            assert visitor.get(f"/surveys/{wave[0].id}/{path}").status_code == 404


def test_a_running_wave_has_nothing_to_read(eli: Visitor, mia: Visitor, db: Any) -> None:
    row, invited = pulse.open_wave(8)
    for one in invited[:7]:
        pulse.answer(one)
    db.session.commit()
    for path in ("reading", "reading/statements", "reading.csv"):
        response = eli.get(f"/surveys/{row.id}/{path}")
        assert response.status_code == 409
        assert "no score is worked out while it runs" in response.text
        assert "Not there yet" in response.text
        assert "faster" not in response.text
        assert mia.get(f"/surveys/{row.id}/{path}").status_code == 404


def test_it_can_be_closed_by_hand_before_its_time(eli: Visitor, db: Any) -> None:
    row = read_waves.answered({"Finance": (9, 7, 3.6)})
    db.session.commit()
    page = eli.page(f"/surveys/{row.id}/close")
    assert "7 of 9 have answered" in page.text
    sent = eli.submit(f"/surveys/{row.id}/close", f"/surveys/{row.id}/close")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/surveys/{row.id}/reading")
    assert "7 of 9 answered" in eli.page(f"/surveys/{row.id}/reading").text


def test_the_list_says_how_many_answered_where_that_is_told(
    eli: Visitor, mia: Visitor, wave: tuple[Wave, Kept], db: Any
) -> None:
    few, _ = read_waves.closed({"Finance": (9, 4, 3.6)}, name="Few")
    running, _ = pulse.open_wave(8, name="Running")
    db.session.commit()

    def answers(visitor: Visitor, row: Wave) -> str:
        (line,) = [each for each in visitor.page("/surveys/").all("tr") if row.name in words(each)]
        return next(words(cell) for cell in line.iter("td") if cell.get("data-label") == "Answers")

    total = wave[1].released.total
    assert answers(eli, wave[0]) == answers(mia, wave[0]) == f"{total.n} of {total.delivered}"
    assert answers(eli, few) == "–"
    assert answers(eli, running) == "0 of 8"


def test_too_few_answers_are_said_in_words(eli: Visitor, db: Any) -> None:
    row, _ = read_waves.closed({"Finance": (9, 4, 3.6)}, n_comments=4)
    page = eli.page(f"/surveys/{row.id}/reading")
    assert page.heading == "Too few people answered for anything to be told."
    assert numbers_shown(page) == {"5"}
    assert "No comments to read" in eli.page(f"/surveys/{row.id}/reading/comments").text


def test_a_german_reader_reads_german_statements(eli: Visitor, wave: tuple[Wave, Kept], db: Any) -> None:
    eli.person.locale = "de"
    db.session.commit()
    text = eli.page(f"/surveys/{wave[0].id}/reading/statements").text
    assert "Das Portal versteht die Worte, die ich verwende." in text
    assert "The portal understands the words I use." not in text


def test_more_groups_cost_no_more_queries(eli: Visitor, db: Any, queries: Any) -> None:
    few, _ = read_waves.closed({"Sales": (20, 15, 3.4)})
    many, _ = read_waves.closed({f"Unit {n}": (9, 7, 3.4) for n in range(14)}, seed=3)
    counts = []
    for row in (few, many):
        eli.page(f"/surveys/{row.id}/reading")
        with queries() as seen:
            eli.page(f"/surveys/{row.id}/reading")
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2
