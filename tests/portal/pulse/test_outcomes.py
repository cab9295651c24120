"""You said, we did: written by who runs surveys, published once for everybody, told once to who was asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from portal.core import options
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.pulse import outcomes, telling
from portal.pulse.models import SaidDone, Wave
from portal.pulse.outcomes import Sentence
from tests.factories import kb, people, pulse, read_waves
from tests.people import Visitor

STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9), "Press": (6, 3, 2.8), "Legal": (9, 6, 3.2)}
WORDS = Sentence(said="Our words find nothing.", done="Forty words lead to answers now.")


@pytest.fixture
def wave(db: Any) -> Wave:
    return read_waves.closed(STAFF, name="Autumn", n_comments=30)[0]


def analyst() -> Any:
    return people.actor("Eli Lindqvist", Role.ANALYST)


def test_publishing_tells_once_and_later_sentences_are_added_quietly(db: Any, wave: Wave) -> None:
    eli = analyst()
    outcomes.write(eli, wave, WORDS)
    assert outcomes.publish(eli, wave) == 1
    outcomes.write(eli, wave, Sentence(said="And more pictures.", done="They come in March."))
    assert outcomes.publish(eli, wave) == 1
    assert outcomes.publish(eli, wave) == 0
    (job,) = db.session.query(Job).filter_by(kind=outcomes.TELL).all()
    telling.tell(job.payload)
    told = {row.person_id for row in db.session.query(Notification).filter_by(kind="survey_outcome")}
    assert len(told) >= 96
    assert [fact.props for fact in db.session.query(LedgerEntry).filter_by(name="wave.published")] == [
        {"n_sentences": 1},
        {"n_sentences": 2},
    ]


def test_nothing_is_published_that_says_nothing(db: Any, wave: Wave) -> None:
    with pytest.raises(Invalid):
        outcomes.publish(analyst(), wave)
    assert wave.published_at is None


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        (Sentence(said=" ", done="x"), "said"),
        (Sentence(said="x" * 301, done="x"), "said"),
        (Sentence(said="x", done=""), "done"),
        (Sentence(said="x", done="x", department="Press"), "department"),
        (Sentence(said="x", done="x", department="Nowhere"), "department"),
        (Sentence(said="x", done="x", link="/kb/no-such-answer"), "link"),
        (Sentence(said="x", done="x", link="/roadmap/items/999"), "link"),
    ],
)
def test_what_cannot_be_said_is_refused_by_field(db: Any, wave: Wave, sentence: Sentence, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        outcomes.write(analyst(), wave, sentence)
    assert refusal.value.field == field


def test_a_sentence_leads_to_an_answer_by_its_address_or_its_words(db: Any, wave: Wave) -> None:
    article = kb.article(title="Print on both sides", slug="both-sides")
    eli = analyst()
    for link in ("/kb/both-sides?via=home", "both-sides", "Print both sides"):
        row = outcomes.write(eli, wave, Sentence(said="x", done="x", link=link))
        assert row.link == str(article.ref)


def test_only_who_runs_surveys_writes_and_only_of_closed_ones(db: Any, wave: Wave) -> None:
    mia = people.actor("Mia Duarte", Role.MANAGER)
    with pytest.raises(Forbidden):
        outcomes.write(mia, wave, WORDS)
    with pytest.raises(Forbidden):
        outcomes.get(mia, wave.id)
    running, _ = pulse.open_wave(6)
    with pytest.raises(Conflict):
        outcomes.get(analyst(), running.id)
    other = SaidDone(wave_id=running.id, said="x")
    db.session.add(other)
    db.session.flush()
    with pytest.raises(NotFound):
        outcomes.get_sentence(analyst(), wave, other.id)


def test_everybody_reads_the_total_and_the_sentences_and_no_department(ana: Visitor, db: Any, wave: Wave) -> None:
    eli = analyst()
    hidden = outcomes.write(eli, wave, Sentence(said="Not yet for you", done="x"))
    outcomes.write(eli, wave, WORDS)
    outcomes.publish(eli, wave)
    hidden.published_at = None
    page = ana.page("/surveys/outcomes")
    assert "77 of 96 who were asked have answered." in page.text
    assert "Our words find nothing." in page.text
    assert "Not yet for you" not in page.text
    assert all(name not in page.text for name in ("Sales", "Workshop", "Legal", "Press", "It saves me a call"))


def test_before_it_is_published_nobody_reads_it(ana: Visitor, db: Any, wave: Wave) -> None:
    outcomes.write(analyst(), wave, WORDS)
    page = ana.page("/surveys/outcomes")
    assert "Nothing is published yet" in page.text
    assert "Our words" not in page.text


def test_the_home_page_tells_of_it_for_four_weeks(ana: Visitor, db: Any, wave: Wave, stopped_clock: Any) -> None:
    eli = analyst()
    outcomes.write(eli, wave, WORDS)
    assert "Our words find nothing." not in ana.page("/").text
    outcomes.publish(eli, wave)
    db.session.commit()
    assert "Our words find nothing." in ana.page("/").text
    wave.published_at -= dt.timedelta(days=29)
    options.touch(outcomes.STAMP)
    db.session.commit()
    assert "Our words find nothing." not in ana.page("/").text


def test_sentences_are_written_changed_and_taken_away_on_the_page(eli: Visitor, db: Any, wave: Wave) -> None:
    where = f"/surveys/{wave.id}/outcome"
    db.session.commit()
    wrong = eli.submit(where, where, said="Too few pictures", done="")
    assert wrong.status_code == 422
    assert "Too few pictures" in wrong.text
    assert eli.submit(where, where, said="Too few pictures", done="They come.").status_code == 303
    (row,) = db.session.query(SaidDone).all()
    one = f"{where}/{row.id}"
    assert eli.submit(one, one, done="They are there.").status_code == 303
    assert eli.submit(where, f"{where}/publish").status_code == 303
    assert db.session.get_one(Wave, wave.id).published_at is not None
    assert "They are there." in eli.page("/surveys/outcomes").text
    assert eli.submit(where, f"{one}/remove").status_code == 303
    assert db.session.query(SaidDone).count() == 0
