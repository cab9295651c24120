"""Fifteen months at Ostrey & Vale: what each person does when their time has come, always through the services."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from analytics.events import ActorKind, Event, Name
from analytics.simulate import simulate
from analytics.world import Habits, Person, World
from portal.core import actor as actors
from portal.core import clock
from portal.core.actor import Actor, kind_of
from portal.core.database import db
from portal.core.permissions import Role
from portal.demo import (
    announcing,
    asking,
    care,
    desk,
    desk_at_work,
    given_back,
    goals,
    handing_over,
    increments,
    mailing,
    organisation,
    passed,
    pinning,
    reviews,
    roadmap,
    shelves,
    story,
    surveys,
    upkeep,
)
from portal.demo.answered import Answered
from portal.demo.cast import Cast
from portal.demo.organisation import DATA, Entry
from portal.demo.story import Shelf, Trouble
from portal.demo.timeline import Do, Timeline
from portal.demo.worked import Worked
from portal.home import services as incidents
from portal.kb import policies
from portal.kb.models import Article, Category
from portal.kb.reading import services as kb
from portal.kb.syncing import sync as syncing
from portal.notifications import links
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.talk import solutions
from portal.talk.models import Solution

SEED = 1893
"""The year Ostrey & Vale was founded; every draw of the demo begins here."""
TOLD_DAYS = 60
"""So many days lie the tickets back that are told one by one, and the answers that go through the services."""
SAID_INTENT = 0.7
"""Share of those asked "would you have called?" who answer."""


class Play:
    """The fifteen months, prepared piece by piece and then played in order."""

    def __init__(self, *, at: dt.datetime, folder: Path) -> None:
        self.at, self.folder = at, folder
        self.since = story.begins(at)
        self.system = actors.system("demo")
        self.rng = random.Random(SEED)
        self.entries = {entry.email: entry for entry in organisation.roster()}
        self.shelves = shelves.read(folder)
        self.cast = Cast()
        self.timeline = Timeline(self.cast)
        self.said, self.noted = _table("feedback"), _table("comment")
        self.talkers = asking.talkers() | {"ana", "ben", *(entry["who"] for entry in (*self.said, *self.noted))}
        cast = self.talkers | roadmap.talkers() | {"zoe"}
        self.starts = organisation.starts(since=self.since, until=at, seed=SEED, cast=cast)
        self.n_hired = self.n_answers = 0
        self.askers = handing_over.askers()
        titles = {shelf.slug: shelf.title for shelf in self.shelves}
        self.worked = Worked(self.cast, self.timeline, since=self.since, at=at, rng=random.Random(SEED), titles=titles)

    # The first day

    def open(self) -> None:
        """Set the portal up as Ada did on the first morning: people, audiences, articles."""
        with clock.frozen(self.since):
            organisation.set_up(self.system)
            self.departments, self.sites = organisation.found(self.system)
            first = [entry for email, entry in self.entries.items() if self.starts[email] == self.since]
            staff = {entry.email: self.hire(entry) for entry in first}
            organisation.name_audiences(self.system, self.departments, staff)
            upkeep.arrange(self.system, self.departments, staff)
            self.sync(self.since)

    def hire(self, entry: Entry) -> Any:
        self.n_hired += 1
        return organisation.hire(self.system, entry, self.departments, self.sites, self.n_hired)

    def sync(self, at: dt.datetime) -> None:
        """Publish the articles as they were at this time."""
        without = {slug for slug, days in story.LATE.items() if story.days_before(self.at, days) > at}
        is_improved = at >= story.days_before(self.at, story.IMPROVED_WEEKS_AGO * 7)
        with shelves.as_it_was(self.folder, without=without, is_improved=is_improved) as copy:
            syncing.sync(self.system, copy, fallback_owner=f"dara@{organisation.DOMAIN}")
        for article_id, slug in db.session.execute(select(Article.id, Article.slug)):
            self.cast.put(f"article:{slug}", "article", article_id)
        for category_id, slug in db.session.execute(select(Category.id, Category.slug)):
            self.cast.put(f"category:{slug}", "category", category_id)

    # What will happen

    def plan(self) -> None:
        """Lay out everything that people will change, each at its time."""
        for email, at in self.starts.items():
            if at > self.since:
                self.timeline.add(at, partial(self.hire, self.entries[email]))
        self.timeline.add(organisation.left_at(self.at), self.let_zoe_go)
        for days in {*story.LATE.values(), story.IMPROVED_WEEKS_AGO * 7}:
            at = story.days_before(self.at, days)
            self.timeline.add(at, partial(self.sync, at))
        for entry in self.said:
            self.plan_feedback(entry)
        for entry in self.noted:
            self.timeline.add(self.moment(entry["days"]), partial(self.comment, entry))
        for shelf in self.shelves:
            self.timeline.add(self.day_of_check(shelf), partial(self.verify, shelf.slug))
        for trouble in story.troubles(self.at):
            self.timeline.add(trouble.declared_at, partial(self.declare, trouble))
            if not trouble.is_active:
                self.timeline.add(trouble.ended_at, partial(self.end, trouble))
        for at, do in self.planned():
            self.timeline.add(at, do)
        for who in sorted(self.talkers | {"dara", "cleo", "ada"}):
            # What is older than a week was read; what came since waits behind the bell.
            self.timeline.add(self.at - dt.timedelta(days=7), partial(self.catch_up, who))

    def planned(self) -> Iterator[tuple[dt.datetime, Do]]:
        """Yield what editors and those who announce things will do."""
        yield from care.planned(self.at, self.cast, self.since)
        yield from reviews.planned(self.at, self.cast)
        yield from announcing.planned(self.at, self.cast)
        yield from upkeep.planned(self.at, self.cast)
        yield from asking.planned(self.at, self.cast)
        yield from handing_over.planned(self.at, self.cast)
        yield from desk_at_work.planned(self.at, self.cast)
        yield from mailing.planned(self.at)
        yield from pinning.planned(self.at, self.cast)
        yield from given_back.planned(self.at, self.cast)
        yield from goals.planned(self.at, self.cast)
        yield from roadmap.planned(self.at, self.cast)
        yield from increments.planned(self.at, self.cast)
        yield from surveys.planned(self.at, self.cast)
        yield self.at - dt.timedelta(hours=1), partial(desk.write, self.cast)

    def let_zoe_go(self) -> None:
        zoe = people_queries.by_email(f"zoe@{organisation.DOMAIN}")
        people.deactivate(self.cast.actor("ada"), people.get_person(zoe.id if zoe else None))

    def moment(self, days: int) -> dt.datetime:
        """Return some minute of a working day, so many days ago."""
        start = story.days_before(self.at, days, hour=9)
        return min(start + dt.timedelta(minutes=self.rng.randrange(7 * 60)), self.at - dt.timedelta(minutes=20))

    def day_of_check(self, shelf: Shelf) -> dt.datetime:
        """Return when an article was last checked: lately for most, too long ago for some."""
        days = self.rng.randrange(220, 280) if shelf.slug in story.OVERDUE else self.rng.randrange(3, 80)
        written = story.LATE.get(shelf.slug)
        return self.moment(min(days, written - 1) if written else days)

    def plan_feedback(self, entry: dict[str, Any]) -> None:
        at = self.moment(entry["days"])
        self.timeline.add(at, partial(self.answer, entry))
        if "reply" in entry:
            answered = story.in_office(at + dt.timedelta(hours=entry["after"]))
            self.timeline.add(min(answered, self.at - dt.timedelta(minutes=5)), partial(self.reply, entry))

    # What people do when their time has come

    def article(self, slug: str) -> Article:
        return db.session.get_one(Article, self.cast.ref(f"article:{slug}").id)

    def answer(self, entry: dict[str, Any]) -> None:
        kb.answer(
            self.cast.actor(entry["who"]),
            self.article(entry["slug"]),
            solved=entry.get("solved", False),
            reason=entry.get("reason"),
            comment=entry["words"],
            via="article",
        )

    def reply(self, entry: dict[str, Any]) -> None:
        subject, who = str(self.cast.ref(f"article:{entry['slug']}")), self.cast.actor(entry["who"]).person_id
        query = select(Solution.id).where(Solution.subject == subject, Solution.person_id == who)
        solution_id = db.session.execute(query.order_by(Solution.id.desc()).limit(1)).scalar_one()
        kb.reply(self.cast.actor(entry["by"]), solution_id, text=entry["reply"])

    def comment(self, entry: dict[str, Any]) -> None:
        kb.add_note(self.cast.actor(entry["who"]), self.article(entry["slug"]), body=entry["words"])

    def verify(self, slug: str) -> None:
        article = self.article(slug)
        checker = next((who for who in self.checkers(article) if policies.can_verify(who, article)), None)
        if checker is not None:
            kb.verify(checker, article)

    def checkers(self, article: Article) -> Iterator[Actor]:
        """Yield who may say that an article is right: its owner first, then the editors."""
        owner = article.owner.email if article.owner else ""
        emails = [owner, *(e.email for e in self.entries.values() if Role.EDITOR in e.roles)]
        yield from (self.cast.actor(email) for email in emails if email in self.entries)

    def declare(self, trouble: Trouble) -> None:
        until = clock.now() + dt.timedelta(days=6) if trouble.is_active else trouble.ended_at + dt.timedelta(hours=1)
        notice = incidents.Notice(
            title=trouble.title,
            body=trouble.body,
            since=trouble.since,
            until=until,
            category_id=self.cast.ref(f"category:{trouble.topic}").id,
            article_id=self.cast.ref(f"article:{trouble.article}").id,
        )
        with links.addressable():
            incident = incidents.declare(self.cast.actor("cleo"), notice)
        self.cast.put(f"incident:{trouble.key}", "incident", incident.id)

    def end(self, trouble: Trouble) -> None:
        cleo = self.cast.actor("cleo")
        incidents.end(cleo, incidents.get(cleo, self.cast.ref(f"incident:{trouble.key}").id))

    def catch_up(self, who: str) -> None:
        notifications.read_all(self.cast.actor(who))

    # The many who only look, and answer the one question

    def play(self) -> None:
        """Act the months out."""
        world = self.world()
        # What is asked among colleagues is told by hand (`asking`), from the first question to the last thank you.
        played = simulate(world, seed=SEED, until=self.at, habits=Habits(answers=0.16, asks_community=0.0))
        in_words = {(f"{entry['who']}@{organisation.DOMAIN}", f"article:{entry['slug']}") for entry in self.said}
        looks, rng = [], random.Random(SEED)
        n_steps = {f"article:{slug}": n for slug, n in db.session.execute(select(Article.slug, Article.n_steps))}
        long_ago = self.at - dt.timedelta(days=TOLD_DAYS)
        answered = Answered(self.cast)
        self.timeline.add(long_ago, answered.write)
        for event in played.columns.events():
            if event.name in (Name.SOLUTION_MARKED, Name.INTENT_STATED) and event.at < long_ago:
                is_told = (event.visitor, event.subject) in in_words
                if not is_told and (event.name == Name.SOLUTION_MARKED or event in answered):
                    looks.append(answered.hear(event))
            elif not event.name.is_change or event.name == Name.DRAFT_ABANDONED:
                looks.append(care.ticked(event, n_steps=n_steps, rng=rng))
            elif event.name == Name.SOLUTION_MARKED and (event.visitor, event.subject) not in in_words:
                self.timeline.add(event.at, partial(self.mark, event))
            elif event.name == Name.INCIDENT_ECHOED and not self.is_left_to_visitors(event):
                self.timeline.add(event.at, partial(self.echo, event))
        for at, do in self.worked.planned(list(passed.problems(played, world, skip=self.is_told_by_hand))):
            self.timeline.add(at, do)
        self.timeline.play(looks, until=self.at)
        self.n_answers += len(answered)

    def is_told_by_hand(self, who: str, at: dt.datetime) -> bool:
        """Whether somebody's tickets of this time are those of `handing_over` alone."""
        return at > self.at - dt.timedelta(days=TOLD_DAYS) and who.partition("@")[0] in self.askers

    def is_left_to_visitors(self, event: Event) -> bool:
        """Whether somebody who looks at the demo may want to do this: Ana has not said "me too" of what is up now."""
        is_up = event.subject in {f"incident:{trouble.key}" for trouble in story.troubles(self.at) if trouble.is_active}
        return is_up and event.visitor == f"ana@{organisation.DOMAIN}"

    def mark(self, event: Event) -> None:
        self.n_answers += 1
        actor, props = self.cast.actor(event.visitor, visit=event.visit), dict(event.props)
        said = solutions.mark(
            actor,
            self.cast.ref(event.subject or ""),
            version=int(str(props["version"])),
            solved=bool(props["solved"]),
            reason=str(props["reason"]) if "reason" in props else None,
            topic=self.cast.ref(event.topic or ""),
        )
        if said.is_intent_asked and self.rng.random() < SAID_INTENT:
            would = self.rng.random() < Habits().would_have_called
            solutions.state_intent(actor, said, would_have_called=would)

    def echo(self, event: Event) -> None:
        actor, incident_id = self.cast.actor(event.visitor, visit=event.visit), self.cast.ref(event.subject or "").id
        incidents.echo(actor, incident_id, is_mine=True)

    def world(self) -> World:
        return story.world(people=list(self.people()), shelves=self.shelves, at=self.at)

    def people(self) -> Iterator[Person]:
        rng, away = random.Random(SEED), random.Random(SEED)
        named = {f"{name}@{organisation.DOMAIN}" for name in self.named()}
        for email, entry in self.entries.items():
            is_zoe = entry.first_name == "Zoe"
            comes = story.comes(entry.department, rng=away) or bool(entry.roles) or email in named
            yield Person(
                key=email,
                department=entry.department,
                site=entry.site,
                kind=ActorKind(kind_of(entry.roles).value),
                # Whoever is let in by name writes for the others, and does not come to look it up.
                groups=organisation.groups_of(entry, by_name=False),
                activity=story.activity(entry.department, rng=rng) * (1.0 if comes else story.SELDOM),
                joined_on=self.starts[email].date() + dt.timedelta(days=1),
                left_on=organisation.left_at(self.at).date() if is_zoe else None,
                comes=comes,
            )

    def named(self) -> set[str]:
        """Return who has a part of their own to play, by first name: they all know the portal."""
        return self.talkers | self.askers | {"zoe", "sam", "cleo", "dara", "ada", "eli", "mia"}


def _table(name: str) -> list[dict[str, Any]]:
    with (DATA / "talk.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)[name]
    return rows
