"""What a survey said stands on the roadmap for everybody only when its outcome is published; and whose wishes count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.measures.models import FoldState
from portal.people.models import Person
from portal.pulse.models import Wave
from portal.roadmap import checking, evidence, items, queries, sight
from portal.roadmap.gates import reading
from portal.roadmap.models import Item, StatusNote
from portal.roadmap.taskforce import membership
from tests.factories import kb, read_waves, roadmap
from tests.factories import people as persons

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
TODAY = dt.date(2026, 3, 9)
STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9)}
HELD_BACK = "Told when the outcome of the survey is published"


def counted_until(day: dt.date) -> None:
    db.session.merge(FoldState(id=1, last_entry_id=0, version=0, folded_until=day))
    db.session.flush()


@pytest.fixture
def wave() -> Wave:
    """A survey that is closed and read, and of which nothing is published."""
    row, _kept = read_waves.closed(STAFF)
    row.closed_at = clock.now() - dt.timedelta(days=1)
    db.session.flush()
    return row


@pytest.fixture
def item(wave: Wave, eli: Any) -> Item:
    """An item on the roadmap that rests on what all people said, and went there by it."""
    who = eli.actor
    row = roadmap.item(owner_id=eli.person_id, due_on=TODAY)
    evidence.tie(who, row, measure="pulse_index", slice="", comparison="<", threshold=90.0, minimum_n=5)
    items.move(who, row, to="now", reason="It is time.")
    db.session.commit()
    return row


def told(value: float) -> str:
    return f"{value:.1f}"


def value_of(item: Item) -> float:
    found = evidence.of([item.id])[item.id][0].reading
    assert found is not None
    assert found.value is not None
    return found.value


def test_a_survey_is_read_on_the_roadmap_by_who_reads_surveys_and_by_all_when_it_is_published(
    item: Item, wave: Wave, ana: Any, eli: Any
) -> None:
    figure, pages = told(value_of(item)), ("/roadmap/", f"/roadmap/items/{item.id}")
    for page in pages:
        assert figure in eli.get(page).text
        hidden = ana.get(page).text
        assert HELD_BACK in hidden
        assert figure not in hidden
        assert "Gap is open" not in hidden
    wave.published_at = clock.now()
    db.session.commit()
    for page in pages:
        shown = ana.get(page).text
        assert figure in shown
        assert HELD_BACK not in shown


def test_a_kept_copy_of_what_a_survey_said_is_held_back_as_well(item: Item, ana: Any) -> None:
    kept = db.session.execute(select(StatusNote).where(StatusNote.field == "state")).scalars().all()[-1]
    assert kept.is_public
    assert kept.frozen["evidence"][0]["value"] == value_of(item)
    page = ana.get(f"/roadmap/items/{item.id}").text
    assert "The figures as they stood then" in page
    assert "told when the outcome of the survey is published" in page


def test_who_steers_without_reading_surveys_does_not_look_at_one_by_tying_it(item: Item, ben: Any, eli: Any) -> None:
    membership.join(eli.actor, db.session.get_one(Person, ben.person_id), seat="users")
    db.session.commit()
    asked = {"measure": "pulse_index", "comparison": "<", "threshold": "80", "days": "28", "minimum_n": "5"}
    where = f"/roadmap/items/{item.id}/evidence"
    assert HELD_BACK in ben.submit(where, where, **asked, look="1").text
    assert HELD_BACK not in eli.submit(where, where, **asked, look="1").text


def test_an_older_survey_that_was_published_does_not_open_the_one_after_it(item: Item, wave: Wave) -> None:
    ana = persons.actor("Ana Ruiz")
    first = read_waves.closed(STAFF)[0]
    first.closed_at, first.published_at = wave.closed_at - dt.timedelta(days=90), clock.now()
    db.session.flush()
    eyes = sight.Sight(ana, ())
    assert eyes.is_told("pulse_index", wave.closed_at.date() - dt.timedelta(days=30))
    assert not eyes.is_told("pulse_index", TODAY)
    assert eyes.is_told("pulse_index", first.closed_at.date() - dt.timedelta(days=1))


def test_a_check_that_would_tell_a_survey_waits_until_it_is_published(
    item: Item, wave: Wave, ana: Any, eli: Any
) -> None:
    for to in ("started", "delivered"):
        items.move(eli.actor, item, to=to, reason="On.")
    db.session.commit()
    counted_until(TODAY + dt.timedelta(days=31))
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert checking.run() == 0
        db.session.commit()
        ana.sign_in()
        assert "The check waits for that." in ana.get(f"/roadmap/items/{item.id}").text
        wave.published_at = clock.now()
        assert checking.run() == 1
    db.session.commit()
    assert item.state == "unproven"


def test_the_card_of_factors_tells_of_the_last_survey_its_reader_may_know_of(wave: Wave) -> None:
    ana, eli = persons.actor("Ana Ruiz"), persons.actor("Robin Example", Role.ANALYST)
    assert [reading.last_survey(who) is not None for who in (ana, eli, None)] == [False, True, True]
    wave.published_at = clock.now()
    db.session.flush()
    assert reading.last_survey(ana) is not None


def test_figures_that_are_no_survey_wait_for_nothing(ana: Any) -> None:
    roadmap.searches(TODAY - dt.timedelta(days=60), TODAY, found_nothing=2)
    row = roadmap.item(state="planned")
    roadmap.reading(roadmap.evidence(row), TODAY)
    db.session.commit()
    assert "Gap is open" in ana.get(f"/roadmap/items/{row.id}").text


def test_programs_read_no_more_of_a_survey_than_people_do(item: Item) -> None:
    for who, is_told in ((persons.actor("Ana Ruiz"), False), (persons.actor("Robin Example", Role.ANALYST), True)):
        one = sight.told(who, evidence.of([item.id]))[item.id][0]
        assert (one.reading is not None, one.is_held_back, one.is_stale) == (is_told, not is_told, False)


def test_wishes_count_of_ideas_whose_reader_may_see_them() -> None:
    hidden = kb.category(title="Redundancies", access_key="a77")
    row = roadmap.item(state="planned")
    roadmap.idea("Scan into the folder", n_votes=2, item_id=row.id, state="triaged")
    roadmap.idea("Close the Old Mill", n_votes=40, item_id=row.id, state="triaged", category=hidden)
    gone = roadmap.idea("Scan it twice", n_votes=7, item_id=row.id, state="triaged")
    gone.removed_at = clock.now()
    db.session.flush()
    ana, robin = persons.actor("Ana Ruiz"), persons.actor("Robin Example", Role.ANALYST)
    one_of_few = replace(robin, keys=robin.keys | {"a77"})
    assert [queries.cards(who, [row])[0].n_wanting for who in (ana, robin, one_of_few)] == [3, 3, 44]
