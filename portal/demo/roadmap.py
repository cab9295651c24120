"""What people at Ostrey & Vale propose, what becomes of it, and nine items in every state, each resting on figures.

Ideas and their answers are told in `data/ideas.toml`. Items rest on figures of the desk, which are there at any time,
and some on those of the search, which are counted once the story is told.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.organisation import DATA
from portal.demo.timeline import Do
from portal.roadmap import answering, checking, evidence, ideas, items
from portal.roadmap.models import Idea, Item

Tied = tuple[str, str, float]


@dataclass(frozen=True, kw_only=True)
class Told:
    """An item of the story: what it is, what it rests on, and where it went so many days ago."""

    title: str
    summary: str
    owner: str = "dara"
    effort: float | None = None
    due: int | None = None
    """Days after the end of the story; below nothing is before."""
    ties: tuple[Tied, ...] = ()
    went: tuple[tuple[int, str, str], ...] = ()
    foretold: tuple[float, float, float] | None = None
    points: tuple[int, int, int, int] | None = None


TOLD: dict[str, Told] = {
    "sign-in": Told(
        title="Sign in at the benches without a password", owner="sam", effort=6, due=21,
        summary="“Thirty seconds a shift, times forty people.” Mia, Workshop",
        ties=(("first_response_in_time", "<", 0.97), ("no_click_rate", ">", 0.15)),
        went=((190, "next", "Forty people, every shift: after the label printers it is the longest queue there is."),
              (40, "now", "The readers are here."), (33, "started", "Sam fits the first four benches.")),
        foretold=(60, 30, 90), points=(8, 8, 3, 5),
    ),
    "scan": Told(
        title="Scan straight into the folder of the order", owner="dara", effort=4, due=40,
        summary="“I mail the scan to myself, then drag it.” Ana, Finance",
        ties=(("link_rate", "<", 0.85), ("zero_result_rate", ">", 0.08)),
        went=((150, "next", "Eight people want it, and each does it every day."),), points=(5, 3, 1, 3),
    ),
    "checked": Told(
        title="Every solved ticket leaves an answer behind", owner="cleo", effort=2, due=-235,
        summary="“Sam had to find it out twice.” Kenji, Finance",
        ties=(("knowledge_debt", ">", 0.20),),
        went=((365, "now", "What is solved and not written down is solved for one."),
              (350, "started", "The desk begins with what was asked three times."),
              (240, "delivered", "Resolving asks for it, and a draft is there with one press.")),
        foretold=(40, 15, 70),
    ),
    "ahead": Told(
        title="Planned work stands on the first page two days ahead", owner="cleo", effort=1, due=-110,
        summary="“Twice this year I was in a call with a customer.” Farah, Finance",
        ties=(("first_response_hours", ">", 2.0),),
        went=((185, "now", "It costs nothing but the habit."), (176, "started", "From the next maintenance on."),
              (112, "delivered", "Three times announced in time.")),
        foretold=(25, 10, 40),
    ),
    "badges": Told(
        title="Badges for helpers", owner="eli", effort=1, due=-20,
        summary="“Nobody notices who answers.” Gareth, Finance",
        ties=(("accepted_answers", "<", 0.9),),
        went=((100, "next", "Small enough to try."), (62, "started", "Three teams, four weeks."),
              (12, "delivered", "Printed, handed out. Whether it changes anything we see in a month.")),
    ),
    "first-day": Told(
        title="One page for the first day", owner="eli", effort=1.5, due=14,
        summary="“I send them nine links.” Nigel, Finance",
        ties=(("accepted_answers", "<", 0.95), ("zero_result_rate", ">", 0.08)),
        went=((70, "now", "Six people start in autumn."),), points=(5, 8, 2, 2),
    ),
    "doors": Told(
        title="See from the door whether a room is free", owner="sam", effort=12, due=200,
        summary="“I knock at four doors a day.” Charlotte, Finance",
        ties=(("resolution_hours", ">", 1.0),), went=((60, "later", "The screens come out of next year's money."),),
        points=(3, 1, 1, 13),
    ),
    "photo": Told(
        title="Hand over from a photo", owner="cleo", effort=3,
        summary="“Let me show you, not tell you.” Tomasz, Finance",
    ),
    "printers": Told(
        title="Printers that say what they lack", owner="sam", effort=5, due=60,
        summary="“Label printer 3 runs empty every Thursday at four.” Bridget, Finance",
        ties=(("resolution_hours", ">", 1.0),),
        went=((24, "next", "Thursdays cost the warehouse an hour."),
              (9, "stopped", "Printers that can do it cost more than labels. The stores look on Thursdays at two.")),
    ),
}  # fmt: skip


def talkers() -> set[str]:
    """Return everybody who proposes, wants or says something, so that they are there from the first day on."""
    rows = _read()
    found = {row["who"] for row in rows} | {who for row in rows for who in row.get("wanted", ())}
    return found | {who for row in rows for who, _words in row.get("said", ())}


def _read() -> list[dict[str, Any]]:
    with (DATA / "ideas.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["idea"]
    return rows


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when who proposed, wanted and said what, what was answered, and where items went."""
    for n, row in enumerate(_read()):
        made = story.days_before(at, row["days"], hour=9) + dt.timedelta(minutes=29 * n % 400)
        yield made, partial(_propose, cast, row)
        for i, who in enumerate(row.get("wanted", ())):
            yield _later(made, 9 + 31 * i, at), partial(_want, cast, row["title"], who)
        for i, (who, words) in enumerate(row.get("said", ())):
            yield _later(made, 6 + 43 * i, at), partial(_say, cast, row["title"], who, words)
        if "answer" in row:
            yield _later(made, 24 * row["after"], at), partial(_answer, cast, row, at)
    for key, told in TOLD.items():
        for days, to, reason in told.went:
            yield story.days_before(at, days, hour=14), partial(_move, cast, key, to, reason)
            if to == "delivered":
                for after in (30, 90):
                    if days > after:
                        yield story.days_before(at, days - after - 1, hour=5), partial(checking.run)


def _later(since: dt.datetime, hours: int, end: dt.datetime) -> dt.datetime:
    return min(story.in_office(since + dt.timedelta(hours=hours, minutes=hours % 9 * 6)), end - dt.timedelta(hours=1))


def _idea(title: str) -> Idea:
    return db.session.execute(select(Idea).where(Idea.title == title)).scalar_one()


def _propose(cast: Cast, row: dict[str, Any]) -> None:
    topic = cast.ref(f"category:{row['topic']}").id
    ideas.propose(cast.actor(row["who"]), title=row["title"], body=row["body"], category_id=topic)


def _want(cast: Cast, title: str, who: str) -> None:
    ideas.want(cast.actor(who), _idea(title), is_on=True)


def _say(cast: Cast, title: str, who: str, words: str) -> None:
    ideas.comment(cast.actor(who), _idea(title), body=words)


def _answer(cast: Cast, row: dict[str, Any], at: dt.datetime) -> None:
    eli, idea, words = cast.actor("eli"), _idea(row["title"]), row["answer"]
    if "same_as" in row:
        answering.point(eli, idea, of=_idea(row["same_as"]).id, words=words)
    elif "item" in row:
        answering.take_up(eli, idea, _begin(cast, row["item"], at, idea.category_id), words=words)
    else:
        answering.decline(eli, idea, words=words)


def _begin(cast: Cast, key: str, at: dt.datetime, category_id: int | None) -> Item:
    eli, told = cast.actor("eli"), TOLD[key]
    due_on = at.date() + dt.timedelta(days=told.due) if told.due is not None else None
    owner_id = cast.actor(told.owner).person_id
    about = items.About(
        title=told.title, summary=told.summary, category_id=category_id, owner_id=owner_id, due_on=due_on,
        effort=told.effort,
    )  # fmt: skip
    item = items.make(eli, about)
    cast.put(f"item:{key}", "item", item.id)
    for measure, comparison, threshold in told.ties:
        evidence.tie(
            eli, item, measure=measure, slice="", comparison=comparison, threshold=threshold, days=84, minimum_n=5
        )
    if told.foretold:
        values: dict[str, float | None] = dict(
            zip(("foretold", "foretold_low", "foretold_high"), told.foretold, strict=True)
        )
        items.score(eli, item, values, reason="What the desk counted of these last quarter, and half of it.")
    if told.points:
        items.weigh(eli, item, dict(zip(items.POINTS, told.points, strict=True)))
    return item


def _move(cast: Cast, key: str, to: str, reason: str) -> None:
    item = db.session.get_one(Item, cast.ref(f"item:{key}").id)
    items.move(cast.actor("eli"), item, to=to, reason=reason)
