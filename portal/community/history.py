"""How a question, an answer or a tip read before: who changed it, when, and what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from portal.community import policies
from portal.community.models import Answer, EarlierText
from portal.community.policies import Post
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import NotFound
from portal.kb.prose import differences
from portal.people.models import Person

KEPT_SHOWN = 50


@dataclass(frozen=True)
class Text:
    """One text of a post, and who made it of the one before."""

    version: int
    title: str
    body: str
    at: dt.datetime
    by: str


@dataclass(frozen=True)
class Change:
    """What one edit changed, word by word in the title and line by line in the text."""

    text: Text
    title: list[differences.Piece]
    rows: list[differences.Row]


def texts(actor: Actor, post: Post) -> list[Text]:
    """Return the texts this actor may see, the newest first; two queries.

    What was said while the post was for other people stays with its writer and moderators.
    """
    query = select(EarlierText).where(EarlierText.subject == str(post.ref)).order_by(EarlierText.version)
    earlier = list(db.session.execute(query).scalars())
    names = _names({policies.writer_id(post), *(row.replaced_by_id for row in earlier)})
    made = []
    at, by = post.created_at, policies.writer_id(post)
    for row in earlier:
        made.append(Text(row.version, row.title, row.body, at, names.get(by or 0, "")))
        at, by = row.replaced_at, row.replaced_by_id
    made.append(Text(post.version, getattr(post, "title", ""), post.body, at, names.get(by or 0, "")))
    changed_at = (post.question if isinstance(post, Answer) else post).access_changed_at
    if changed_at is not None and not policies.sees_all_history(actor, post):
        ended = {row.version: row.replaced_at for row in earlier}
        made = [text for text in made if text.version not in ended or ended[text.version] > changed_at]
    return made[::-1]


def _names(ids: set[int | None]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(ids - {None}))
    return dict(db.session.execute(query).all())


def changes(actor: Actor, post: Post) -> list[Change]:
    """Return what each edit changed, the newest first; refuses a post without any (NotFound)."""
    found = texts(actor, post)[: KEPT_SHOWN + 1]
    if len(found) < 2:
        raise NotFound("")
    return [
        Change(
            text=new,
            title=differences.words(old.title, new.title) if old.title != new.title else [],
            rows=differences.shortened(differences.rows(old.body, new.body)) if old.body != new.body else [],
        )
        for new, old in pairwise(found)
    ]
