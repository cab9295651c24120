"""What the desk has worked in fifteen months: tickets as finished rows, a day at a time, and their facts in order.

Thousands of tickets by the verbs would take minutes. What the verbs would have written is written here in bulk: the
row as it stands in the end, what was said on it, and each fact at its time. `handing_over` works the latest tickets
by the verbs; nothing that would still be open is written here.
"""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from markupsafe import escape
from sqlalchemy import insert, select

from analytics.events import Name, check
from analytics.workinghours import WorkingHours
from portal.core import markup
from portal.core.actor import system
from portal.core.database import db
from portal.core.refs import Ref
from portal.demo.cast import Cast
from portal.demo.course import SPOKEN, Course, Problem, draw
from portal.demo.organisation import DATA
from portal.demo.timeline import Do, Timeline
from portal.ledger import services as ledger
from portal.tickets.levels import promises
from portal.tickets.models import (
    Knowledge,
    Link,
    Message,
    MessageKind,
    Queue,
    Source,
    Status,
    Ticket,
    TicketArticle,
    TrailItem,
    TrailKind,
)

TIED = {Knowledge.LINKED: Link.RESOLVED_BY, Knowledge.IMPROVED: Link.IMPROVED}
"""What ties a ticket to the article it left behind."""
STAYS_OPEN = dt.timedelta(days=14)


@dataclass
class Worked:
    """Writes what was handed over, day by day, as the timeline comes to it."""

    cast: Cast
    timeline: Timeline
    since: dt.datetime
    at: dt.datetime
    rng: random.Random
    titles: Mapping[str, str]
    """Of the articles, by slug."""
    n: int = 0
    _queues: dict[str, tuple[int, WorkingHours]] = field(default_factory=dict)
    _html: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words: dict[str, Any] = tomllib.loads((DATA / "desk.toml").read_text(encoding="utf-8"))

    def planned(self, problems: Sequence[Problem]) -> Iterator[tuple[dt.datetime, Do]]:
        """Yield the early morning of each day, on which all that will be handed over in it is written."""
        days: dict[dt.date, list[Problem]] = {}
        for problem in problems:
            days.setdefault(problem.at.date(), []).append(problem)
        for day, own in days.items():
            yield dt.datetime.combine(day, dt.time(6, 30), dt.UTC), partial(self.write, own)

    def write(self, problems: Sequence[Problem]) -> None:
        """Write the tickets of a day, with what was said, and hand their facts to the timeline."""
        told = [(problem, course) for problem in problems if (course := self._course(problem)) is not None]
        if not told:
            return
        ids = _added(Ticket, [self._ticket(problem, course) for problem, course in told])
        said = [self._said(number, *one) for number, one in zip(ids, told, strict=True)]
        message_ids = iter(_added(Message, [row for rows in said for row in rows]))
        for number, (problem, course), rows in zip(ids, told, said, strict=True):
            own = [next(message_ids) for _row in rows]
            self._tie(number, problem, course)
            for at, row in self._facts(number, problem, course, own):
                self.timeline.tell(at, row)
        self.n += len(told)

    # How it went

    def _course(self, problem: Problem) -> Course | None:
        return draw(
            problem,
            rng=self.rng,
            years=(problem.at - self.since) / (self.at - self.since),
            hours=self._queue(problem.queue)[1],
            has_article=self._article(problem) is not None,
            reasons=self.words["not_reusable"],
            until=self.at - dt.timedelta(minutes=30),
        )

    def _queue(self, slug: str) -> tuple[int, WorkingHours]:
        if slug not in self._queues:
            queue = db.session.execute(select(Queue).where(Queue.slug == slug)).scalar_one()
            self._queues[slug] = queue.id, promises.hours_of(queue)
        return self._queues[slug]

    # The rows

    def _ticket(self, problem: Problem, course: Course) -> dict[str, Any]:
        closed_at = course.solved_at + STAYS_OPEN
        is_closed = closed_at <= self.at
        topic = self.cast.refs.get(f"category:{problem.topic}")
        rated_at = self._rated_at(course)
        return {
            "subject": problem.text,
            "requester_id": self._id(problem.who),
            "opened_by_id": self._id(course.agent) if problem.source in SPOKEN else None,
            "source": problem.source,
            "category_id": topic.id if topic else None,
            "queue_id": self._queue(problem.queue)[0],
            "assignee_id": self._id(course.agent),
            "priority": course.priority,
            "status": (Status.CLOSED if is_closed else Status.RESOLVED).value,
            "given": {},
            "opened_at": problem.at,
            "updated_at": closed_at if is_closed else rated_at or course.solved_at,
            "first_response_at": course.first_at,
            "first_response_due_at": course.first_due,
            "resolution_due_at": course.solved_due,
            "resolved_at": course.solved_at,
            "resolved_by_id": self._id(course.agent),
            "closed_at": closed_at if is_closed else None,
            "knowledge": course.knowledge.value if course.knowledge else None,
            "knowledge_reason": course.reason,
            "rating": course.rating if rated_at else None,
            "rated_at": rated_at,
        }

    def _rated_at(self, course: Course) -> dt.datetime | None:
        at = course.solved_at + dt.timedelta(hours=2)
        return at if course.rating and at < self.at else None

    def _said(self, number: int, problem: Problem, course: Course) -> list[dict[str, Any]]:
        """Return what is said on a ticket: the request, a first answer where one was given before, the last one."""
        rng, words = self.rng, self.words
        body = rng.choice(words["bodies"])
        source, asker, agent = problem.source, self._id(problem.who), self._id(course.agent)
        rows = [self._message(number, problem.at, asker, body, kind=MessageKind.REQUEST, via=source)]
        # The words of a search need no rendering, only what is said of them.
        rows[0] |= {
            "body": f"{problem.text}. {body}",
            "html": rows[0]["html"].replace("<p>", f"<p>{escape(problem.text)}. ", 1),
        }
        if not course.is_at_once and source not in SPOKEN:
            rows.append(self._message(number, course.first_at, agent, rng.choice(words["first"]), is_by_desk=True))
        answer = rng.choice(words["solved"])
        if course.knowledge is Knowledge.LINKED:
            answer = words["by_article"].format(title=self._title(problem))
        rows.append(self._message(number, course.solved_at, agent, answer, is_by_desk=True))
        return rows

    def _message(
        self,
        number: int,
        at: dt.datetime,
        author_id: int,
        body: str,
        *,
        kind: MessageKind = MessageKind.REPLY,
        via: str = Source.PORTAL,
        is_by_desk: bool = False,
    ) -> dict[str, Any]:
        if body not in self._html:
            self._html[body] = markup.render_comment_safely(body).html
        return {
            "ticket_id": number,
            "kind": kind.value,
            "author_id": author_id,
            "is_by_desk": is_by_desk,
            "body": body,
            "html": self._html[body],
            "at": at,
            "via": str(via),
        }

    def _tie(self, number: int, problem: Problem, course: Course) -> None:
        """Write what was tried before, and the article that said the answer."""
        article = self._article(problem)
        if problem.source == Source.PORTAL and problem.has_looked:
            common: dict[str, Any] = {"ticket_id": number, "at": problem.at - dt.timedelta(minutes=4)}
            search = {"position": 0, "kind": TrailKind.SEARCH.value, "text": problem.question, "subject": None}
            trail = [common | search]
            if article:
                read = {"position": 1, "kind": TrailKind.READ.value, "text": self._title(problem), "subject": article}
                trail.append(common | read)
            db.session.execute(insert(TrailItem), trail)
        kind = TIED.get(course.knowledge) if course.knowledge else None
        if kind is not None:
            link: dict[str, Any] = {"ticket_id": number, "subject": article, "kind": kind.value}
            link |= {"person_id": self._id(course.agent), "at": course.solved_at}
            db.session.execute(insert(TicketArticle), [link])

    # The facts

    def _facts(
        self, number: int, problem: Problem, course: Course, messages: list[int]
    ) -> Iterator[tuple[dt.datetime, dict[str, Any]]]:
        """Yield what the verbs would have recorded, with its time."""
        topic = self.cast.refs.get(f"category:{problem.topic}")
        fact = partial(self._fact, subject=f"ticket:{number}", topic=str(topic) if topic else None)
        queue, agent = self._queue(problem.queue)[0], course.agent
        opened: dict[str, Any] = {"source": problem.source, "queue": queue}
        is_spoken = problem.source in SPOKEN
        if is_spoken:
            opened["requester"] = self.cast.stamp(problem.who)["visitor"]
        opener = agent if is_spoken else problem.who
        yield fact(Name.TICKET_OPENED, opener, problem.at, opened, visit=problem.visit)
        person = {"person": self._id(agent), "queue": queue}
        yield fact(Name.TICKET_ASSIGNED, agent, problem.at if is_spoken else course.first_at, person)
        first = None if is_spoken else messages[1]
        for message in messages[1:]:
            at = course.solved_at if message == messages[-1] else course.first_at
            said: dict[str, Any] = {"message": message, "is_by_desk": True, "via": "portal"}
            said["is_first"] = message == first
            if message == first:
                said |= {"minutes": course.first_minutes, "is_in_time": course.first_at <= course.first_due}
            yield fact(Name.TICKET_REPLIED, agent, at, said)
        solved: dict[str, Any] = {"minutes": course.solved_minutes, "articles": []}
        solved["is_in_time"] = course.solved_at <= course.solved_due
        if course.knowledge:
            solved["knowledge"] = course.knowledge.value
        if course.knowledge is Knowledge.LINKED:
            article = self._article(problem)
            solved["articles"] = [article]
            yield fact(Name.TICKET_LINKED, agent, course.solved_at, {"link": article, "kind": Link.RESOLVED_BY.value})
        yield fact(Name.TICKET_RESOLVED, agent, course.solved_at, solved)
        if rated_at := self._rated_at(course):
            yield fact(Name.TICKET_RATED, problem.who, rated_at, {"rating": course.rating, "has_comment": False})
        if course.solved_at + STAYS_OPEN <= self.at:
            at = course.solved_at + STAYS_OPEN
            about = {"subject": Ref("ticket", number), "topic": topic}
            yield at, ledger.row(Name.TICKET_CLOSED, actor=system("tickets"), at=at, visit=None, props={}, **about)

    def _fact(
        self,
        name: Name,
        who: str,
        at: dt.datetime,
        props: dict[str, Any],
        *,
        subject: str,
        topic: str | None,
        visit: str | None = None,
    ) -> tuple[dt.datetime, dict[str, Any]]:
        check(name, props)
        told = {"at": at, "recorded_at": at, "name": name.value, "v": name.fact.v, "visit": visit}
        return at, self.cast.stamp(who) | told | {"subject": subject, "topic": topic, "props": props}

    # Who and what

    def _id(self, who: str) -> int:
        found = self.cast.stamp(who)["actor_id"]
        if not isinstance(found, int):
            raise KeyError(who)
        return found

    def _article(self, problem: Problem) -> str | None:
        ref = self.cast.refs.get(f"article:{problem.article}") if problem.article else None
        return str(ref) if ref else None

    def _title(self, problem: Problem) -> str:
        return self.titles.get(problem.article or "", "")


def _added(model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows and return their numbers, in the same order."""
    return list(db.session.execute(insert(model).returning(model.id, sort_by_parameter_order=True), rows).scalars())
