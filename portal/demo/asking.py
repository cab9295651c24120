"""What people at Ostrey & Vale ask each other: questions, answers, and tips nobody asked for."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import select

from portal.community import answers, duplicates, inviting, jobs, questions, tips
from portal.community.models import Answer, Question, Tip
from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DATA
from portal.demo.timeline import Do
from portal.jobs.models import Job

HOUR = dt.timedelta(hours=1)


def talkers() -> set[str]:
    """Return everybody who asks, answers or says thank you, so that they are there from the first day on."""
    told = _read()
    found = {row["who"] for row in (*told["question"], *told["tip"])}
    for row in told["question"]:
        found |= {answer["who"] for answer in row.get("answer", ())} | set(row.get("same", ()))
        found |= {who for answer in row.get("answer", ()) for who in answer.get("useful", ())}
    return found | {who for row in told["tip"] for who in row["thanks"]}


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when who asked and answered what, for a story that ends at `at`."""
    told = _read()
    for n, row in enumerate(told["question"]):
        key = f"question:{n}"
        asked = story.days_before(at, row["days"], hour=9) + dt.timedelta(minutes=37 * n % 360)
        yield asked, partial(_ask, cast, key, row)
        if edited := row.get("edited"):
            yield _later(asked, edited["after"], at), partial(_edit, cast, key, edited)
        for i, who in enumerate(row.get("same", ())):
            yield _later(asked, 5 + 26 * i, at), partial(_same, cast, key, who)
        if before := row.get("asked_before"):
            yield _later(asked, before["after"], at), partial(_point, cast, key, before)
        for invited in row.get("invited", ()):
            yield _later(asked, invited["after"], at), partial(_invite, cast, key, row["who"], invited["who"])
        for i, answer in enumerate(row.get("answer", ())):
            yield from _answered(at, cast, f"{key}/answer:{i}", key, answer, asked)
    for n, row in enumerate(told["tip"]):
        key = f"tip:{n}"
        written = story.days_before(at, row["days"], hour=10) + dt.timedelta(minutes=23 * n)
        yield written, partial(_write, cast, key, row)
        for i, who in enumerate(row["thanks"]):
            yield _later(written, 20 + 25 * i, at), partial(_thank, cast, key, who)


def _answered(
    at: dt.datetime, cast: Cast, name: str, key: str, answer: dict[str, Any], asked: dt.datetime
) -> Iterator[tuple[dt.datetime, Do]]:
    given = _later(asked, answer["after"], at)
    yield given, partial(_answer, cast, name, key, answer)
    for i, who in enumerate(answer.get("useful", ())):
        yield _later(given, 3 + 21 * i, at), partial(_find_useful, cast, name, who)
    if "accepted" in answer:
        yield _later(given, answer["accepted"], at), partial(_accept, cast, name)


def _read() -> dict[str, list[dict[str, Any]]]:
    with (DATA / "questions.toml").open("rb") as file:
        found: dict[str, list[dict[str, Any]]] = tomllib.load(file)
    return found


def _later(since: dt.datetime, hours: int, end: dt.datetime) -> dt.datetime:
    """Return so many hours later, in office hours, and never after the end of the story."""
    return min(story.in_office(since + hours * HOUR + dt.timedelta(minutes=hours % 7 * 8 + 3)), end - HOUR / 3)


def _ask(cast: Cast, key: str, row: dict[str, Any]) -> None:
    topic = cast.ref(f"category:{row['topic']}").id
    made = questions.ask(
        cast.actor(row["who"]), title=row["title"], body=row["body"], category_id=topic, tags=row["tags"]
    )
    cast.put(key, "question", made.id)


def _edit(cast: Cast, key: str, edited: dict[str, Any]) -> None:
    question = db.session.get_one(Question, cast.ref(key).id)
    tags = [row.tag for row in question.tags]
    text = {"title": edited["title"], "body": question.body, "tags": tags}
    questions.edit(cast.actor(edited["by"]), question, version=question.version, **text)


def _point(cast: Cast, key: str, before: dict[str, Any]) -> None:
    original = db.session.execute(select(Question).where(Question.title == before["as"])).scalar_one()
    duplicates.point(cast.actor(before["by"]), db.session.get_one(Question, cast.ref(key).id), to=original)


def _invite(cast: Cast, key: str, asker: str, who: str) -> None:
    question = db.session.get_one(Question, cast.ref(key).id)
    inviting.invite(cast.actor(asker), question, cast.actor(who).email)


def _same(cast: Cast, key: str, who: str) -> None:
    questions.same_here(cast.actor(who), db.session.get_one(Question, cast.ref(key).id), is_on=True)


def _answer(cast: Cast, name: str, key: str, row: dict[str, Any]) -> None:
    question = db.session.get_one(Question, cast.ref(key).id)
    made = answers.give(cast.actor(row["who"]), question, body=row["body"])
    cast.put(name, "answer", made.id)
    _tell()


def _find_useful(cast: Cast, name: str, who: str) -> None:
    answers.find_useful(cast.actor(who), db.session.get_one(Answer, cast.ref(name).id), is_on=True)


def _accept(cast: Cast, name: str) -> None:
    answer = db.session.get_one(Answer, cast.ref(name).id)
    asker = answer.question.asker
    if asker is not None:
        answers.accept(cast.actor(asker.email), answer)
        _tell()


def _write(cast: Cast, key: str, row: dict[str, Any]) -> None:
    topic = cast.ref(f"category:{row['topic']}").id
    made = tips.write(cast.actor(row["who"]), title=row["title"], body=row["body"], category_id=topic, tags=row["tags"])
    cast.put(key, "tip", made.id)


def _thank(cast: Cast, key: str, who: str) -> None:
    tips.thank(cast.actor(who), db.session.get_one(Tip, cast.ref(key).id), is_on=True)


def _tell() -> None:
    """Tell those who follow at this time of the story, not when the demo starts."""
    for job in db.session.execute(select(Job).where(Job.kind == answers.TELL)).scalars():
        jobs.tell_followers(job.payload)
        db.session.delete(job)
