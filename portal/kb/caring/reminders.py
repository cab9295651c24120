"""Calling checks to mind: two weeks before the day, on the day, then every two weeks, and never twice for the same.

One message a person, with the list of what is due. Whatever was missed while the portal was off is told once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import options
from portal.core.actor import system
from portal.core.database import db
from portal.core.i18n import day
from portal.core.refs import Ref
from portal.kb.models import Article, CheckReminder, Status
from portal.kb.shelving import inventory
from portal.kb.shelving.ownership import LIGHT, SHELF
from portal.notifications import services as notifications
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person

AHEAD = dt.timedelta(days=14)
AGAIN = dt.timedelta(days=14)
LISTED = 20
"""Articles a message names; of the others it gives the number."""


def stage(review_by: dt.date, today: dt.date) -> int | None:
    """Return which reminder is to be given: 0 before the day, 1 from the day on, one more every two weeks.

    >>> due = dt.date(2026, 3, 20)
    >>> [stage(due, due + dt.timedelta(days=n)) for n in (-15, -14, -1, 0, 13, 14, 28)]
    [None, 0, 0, 1, 1, 2, 3]
    """
    if today < review_by - AHEAD:
        return None
    return 0 if today < review_by else 1 + (today - review_by) // AGAIN


def remind(payload: Mapping[str, Any]) -> None:
    """Tell owners, and editors where there is none, of the checks that are due. Safe to run twice a day."""
    today = inventory.today()
    by_person: dict[int, list[Article]] = {}
    editors = [person.id for person in people_queries.with_role("editor")]
    for article in _to_tell(today):
        keepers = [article.owner_id] if article.owner is not None and article.owner.is_active else editors
        for person_id in keepers:
            if person_id is not None:
                by_person.setdefault(person_id, []).append(article)
    people_by_id = {one.id: one for one in db.session.execute(_people(by_person)).scalars()}
    for person_id, articles in by_person.items():
        _tell(people_by_id[person_id], articles)


def _people(ids: Iterable[int]) -> Any:
    return select(Person).where(Person.id.in_(list(ids)))


def _to_tell(today: dt.date) -> list[Article]:
    """Return the articles of which somebody is to be told today, and note that it was done."""
    query = select(Article).where(Article.status == Status.PUBLISHED.value, Article.review_by <= today + AHEAD)
    query = query.options(joinedload(Article.owner), *LIGHT).order_by(Article.review_by, Article.id)
    articles = list(db.session.execute(query).scalars())
    told = {row.article_id: row for row in db.session.execute(select(CheckReminder)).scalars()}
    found = []
    for article in articles:
        at = stage(article.review_by, today) if article.review_by else None
        before = told.get(article.id)
        if at is None or article.review_by is None or _is_told(before, article.review_by, at):
            continue
        row = before or CheckReminder(article_id=article.id)
        row.review_by, row.stage, row.told_on = article.review_by, at, today
        db.session.add(row)
        found.append(article)
    db.session.flush()
    return found


def _is_told(before: CheckReminder | None, review_by: dt.date, stage_now: int) -> bool:
    return before is not None and before.review_by == review_by and before.stage >= stage_now


def _tell(person: Person, articles: list[Article]) -> None:
    reader = people.actor_of(person)
    seen = [article for article in articles if reader.sees(article.access_key)]
    if not seen:
        return
    with force_locale(reader.locale or options.get().default_locale):
        lines = [_("%(title)s: due %(day)s", title=one.title, day=day(one.review_by)) for one in seen[:LISTED]]
        if len(seen) > LISTED:
            lines.append(_("and %(n)s more", n=len(seen) - LISTED))
    notifications.tell(
        [person],
        "checks_due",
        subject=Ref(SHELF, person.id),
        data={"n": str(len(seen))},
        words="\n".join(lines),
        actor=system("kb"),
    )
