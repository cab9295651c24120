"""What people write: cleaned, rendered once when it is saved, kept as it read before, and never overwritten unseen."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from portal.community import pictures, policies
from portal.community.models import Answer, EarlierText, Question, QuestionTag, Tip, TipTag
from portal.community.pictures import Upload
from portal.community.policies import Post
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.files import queries as files
from portal.kb import texts as articles
from portal.kb.models import Category
from portal.kb.writing.drafts import TAG

TITLE, BODY, TAGS = 200, 20_000, 8
EXCERPT = 180
TITLE_LEAST = 8
"""Letters of a title; `vpn` alone tells nobody what to answer."""
_LETTER = re.compile(r"\w")


class Collision(Conflict):
    """Somebody has saved another text of the same post; theirs is what is stored now."""

    def __init__(self, post: Post) -> None:
        super().__init__(_("Somebody has saved this text too. Nothing was overwritten."))
        self.post = post


def title_of(words: str) -> str:
    """Return a title on one line; refuses one that says too little or too much (Invalid, `title`)."""
    words = " ".join(words.split())
    if len(_LETTER.findall(words)) < TITLE_LEAST:
        raise Invalid(_("Say it in a few words, as you would to a colleague."), field="title")
    if len(words) > TITLE:
        raise Invalid(_("Please keep this under %(n)s characters.", n=TITLE), field="title")
    return words


def body_of(words: str, *, is_needed: bool = True) -> str:
    """Return a text as it is kept; refuses an empty one where one is needed, and an overlong one (Invalid, `body`)."""
    words = words.replace("\r\n", "\n").replace("\r", "\n").strip()
    if is_needed and not words:
        raise Invalid(_("Write a line first."), field="body")
    if len(words) > BODY:
        raise Invalid(_("Please keep it under %(n)s characters.", n=BODY), field="body")
    return words


def tags_of(words: str | Sequence[str]) -> list[str]:
    """Return tags as they are called now; refuses what cannot be one, and too many (Invalid, `tags`)."""
    typed = words.replace(",", " ").split() if isinstance(words, str) else words
    found = sorted({word.lower().lstrip("#") for word in typed} - {""})
    if len(found) > TAGS:
        raise Invalid(_("%(n)s tags are enough.", n=TAGS), field="tags")
    for tag in found:
        if not TAG.fullmatch(tag) or len(tag) > 40:
            raise Invalid(_("“%(tag)s” cannot be a tag: use letters, digits and hyphens.", tag=tag), field="tags")
    return articles.settled(found)


def topic_of(actor: Actor, category_id: int | None) -> Category:
    """Return the topic that was chosen; hidden and unknown ones look the same (Invalid, `category_id`)."""
    topic = db.session.get(Category, category_id) if category_id else None
    if topic is None or not actor.sees(topic.access_key):
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    return topic


def topic_called(actor: Actor, slug: str) -> Category:
    """Return the topic a program names by its short name; hidden and unknown ones look the same (Invalid)."""
    topic = db.session.execute(select(Category).where(Category.slug == slug)).scalar_one_or_none()
    if topic is None or not actor.sees(topic.access_key):
        raise Invalid(_("There is no topic “%(name)s”.", name=slug), field="category")
    return topic


def put_tags(post: Question | Tip, tags: Collection[str]) -> None:
    """Let a post carry these tags; those it has keep their rows."""
    there = {row.tag: row for row in post.tags}
    make: Any = QuestionTag if isinstance(post, Question) else TipTag
    rows: list[Any] = [there.get(tag) or make(tag=tag) for tag in tags]
    post.tags = rows


def file_under(post: Question | Tip, topic: Category) -> None:
    """Put a post under a topic; whoever may read the topic reads it from then on, but not what it said before."""
    if post.access_key != topic.access_key:
        post.access_changed_at = clock.now()
    post.category, post.access_key = topic, topic.access_key


def beginning(words: str) -> str:
    """Return how a text begins, for lists, cut between words."""
    words = " ".join(words.split())
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def render(actor: Actor, post: Post) -> None:
    """Make the page's HTML of what the post says; links lead to articles its writer sees, pictures to its own."""
    if not post.body:
        post.html = post.excerpt = ""
        return
    named = {f"file:{one.id}": f"/files/{one.id}/{one.download_name}" for one in files.on([post.ref]).get(post.ref, ())}
    scope = f"{post.ref.kind[0]}{post.id}"
    made = markup.render_safely(post.body, limit=BODY, links=articles.address_for(actor), files=named.get, scope=scope)
    post.html, post.excerpt = made.html, beginning(made.text)


def rewrite(
    actor: Actor,
    post: Post,
    words: Mapping[str, str],
    *,
    version: int,
    topic: Category | None = None,
    tags: Collection[str] | None = None,
    uploads: Sequence[Upload] = (),
    gone: Collection[int] = (),
) -> bool:
    """Let a post say something else; what it said stays as an earlier text. Returns whether anything is new.

    An answer has neither topic nor tags. Refuses a text that somebody else saved over since `version` (Collision), and
    what is no picture, or too many (Invalid, `pictures`).
    """
    is_same = all(getattr(post, name) == said for name, said in words.items()) and not (uploads or gone)
    if not isinstance(post, Answer):
        is_same = is_same and topic is post.category and tags == sorted(row.tag for row in post.tags)
    if is_same and version == post.version:
        return False
    take(actor, post, version=version)
    for name, said in words.items():
        setattr(post, name, said)
    if not isinstance(post, Answer):
        put_tags(post, tags or ())
        file_under(post, topic or post.category)
    pictures.drop(post, gone)
    pictures.add(actor, post, uploads)
    render(actor, post)
    db.session.flush()
    return True


def moved(actor: Actor, post: Question | Tip, category_id: int | None, *, refusal: str) -> Category:
    """Return the topic a post goes to, its own where none or no other was chosen; refuses who may not (Forbidden)."""
    if category_id is None or category_id == post.category_id:
        return post.category
    if not policies.can_move(actor, post):
        raise Forbidden(refusal)
    return topic_of(actor, category_id)


# What was said before


def take(actor: Actor, post: Post, *, version: int) -> None:
    """Keep the text that is up as an earlier one, and let the next be this actor's.

    Of several who save at the same instant one is first; whoever saw an older version is refused (Collision).
    """
    model = type(post)
    first = update(model).where(model.id == post.id, model.version == version).values(version=version + 1)
    writer = writer_of_current(post)
    if db.session.execute(first.returning(model.id)).scalar() is None:
        db.session.refresh(post)
        raise Collision(post)
    kept = EarlierText(
        subject=str(post.ref),
        version=version,
        title=getattr(post, "title", ""),
        body=post.body,
        person_id=writer,
        replaced_at=clock.now(),
        replaced_by_id=actor.person_id,
    )
    db.session.add(kept)
    db.session.flush()
    db.session.refresh(post, ["version"])
    post.edited_at = kept.replaced_at


def writer_of_current(post: Post) -> int | None:
    """Return who wrote the text that is up: whoever replaced the former one, else whose post it is."""
    query = select(EarlierText.replaced_by_id).where(EarlierText.subject == str(post.ref))
    last = db.session.execute(query.order_by(EarlierText.version.desc()).limit(1)).first()
    return last[0] if last is not None else policies.writer_id(post)
