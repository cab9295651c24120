"""The story is consistent with itself and with the articles it speaks of."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from portal.demo import shelves, story
from portal.demo.organisation import DATA, roster
from portal.kb.syncing import content

ARTICLES = Path(__file__).parents[3] / "kb_articles"
AT = dt.datetime(2026, 11, 21, 20, 48, 18, tzinfo=dt.UTC)
MONDAY_NIGHT = dt.datetime(2026, 3, 2, 0, 20, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def slugs() -> set[str]:
    return {shelf.slug for shelf in shelves.read(ARTICLES)}


def table(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def talk() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads((DATA / "talk.toml").read_text(encoding="utf-8"))


def test_the_story_speaks_of_articles_that_exist(slugs: set[str]) -> None:
    named = {row[0] for row in table("questions.tsv")} | set(story.LATE) | set(story.OVERDUE) | {story.IMPROVED}
    named |= {str(entry["slug"]) for entries in talk().values() for entry in entries}
    named |= {trouble.article for trouble in story.troubles(AT)}
    assert named <= slugs


def test_the_story_speaks_of_people_who_exist() -> None:
    names = {entry.first_name.lower() for entry in roster()}
    said = [entry for entries in talk().values() for entry in entries]
    assert {str(entry["who"]) for entry in said} | {str(entry.get("by", "dara")) for entry in said} <= names


def test_nobody_answers_twice_in_words() -> None:
    pairs = [(entry["who"], entry["slug"]) for entry in talk()["feedback"]]
    assert len(pairs) == len(set(pairs))


def test_every_department_has_people_who_need_help() -> None:
    assert set(story.ACTIVITY) == {entry.department for entry in roster()}


def test_the_months_begin_on_a_monday_fifteen_months_ago() -> None:
    since = story.begins(AT)
    assert since.weekday() == 0
    assert dt.timedelta(weeks=65) <= AT - since < dt.timedelta(weeks=66)


@pytest.mark.parametrize("at", [AT, MONDAY_NIGHT])
def test_incidents_lie_in_the_past_and_one_goes_on(at: dt.datetime) -> None:
    *past, last = story.troubles(at)
    assert last.is_active
    assert dt.timedelta(minutes=90) <= at - last.declared_at < dt.timedelta(minutes=96)
    assert all(trouble.ended_at < at - dt.timedelta(days=7) for trouble in past)
    assert all(trouble.since < trouble.declared_at < trouble.ended_at for trouble in past)


@pytest.mark.parametrize(
    ("at", "office"),
    [
        ("2026-03-06T16:59", "2026-03-06T16:59"),
        ("2026-03-06T21:10", "2026-03-09T09:10"),
        ("2026-03-05T21:10", "2026-03-06T09:10"),
        ("2026-03-05T03:10", "2026-03-05T09:10"),
        ("2026-03-08T12:00", "2026-03-09T12:00"),
    ],
)
def test_editors_answer_on_working_days(at: str, office: str) -> None:
    when = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert story.in_office(when) == dt.datetime.fromisoformat(office).replace(tzinfo=dt.UTC)


def test_an_earlier_shelf_lacks_later_articles_and_has_the_first_text() -> None:
    with shelves.as_it_was(ARTICLES, without={"passkeys"}, is_improved=False) as folder:
        then = content.read(folder)
    now = {article.slug: article for article in content.read(ARTICLES).articles}
    found = {article.slug: article for article in then.articles}
    assert not then.problems
    assert set(now) - set(found) == {"passkeys"}
    assert found[story.IMPROVED].body != now[story.IMPROVED].body
    assert found[story.IMPROVED].title == now[story.IMPROVED].title
    assert found["paper-jam"].body == now["paper-jam"].body


def test_restricted_articles_are_asked_for_by_their_audience() -> None:
    shelf = {shelf.slug: shelf.audience for shelf in shelves.read(ARTICLES)}
    assert shelf["print-cheques"] == {"finance"}
    assert shelf["guest-wifi"] is None


def test_every_article_has_something_that_people_type(slugs: set[str]) -> None:
    world = story.world(people=[], shelves=shelves.read(ARTICLES), at=AT)
    assert len(world.articles) == len(slugs)
    assert all(question.strip() for article in world.articles for question in article.questions)
    assert all(0.4 < article.helpfulness < 1 for article in world.articles)
