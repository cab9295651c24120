"""Writing the next text of an article while the published one stays as it is.

An article has one open draft that everybody who may edit it shares. Every save names the save it saw last (`lock`);
a save in between is a collision that shows both texts, never a silent overwrite.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.permissions import Permission
from portal.kb import four_eyes, policies, texts
from portal.kb.models import WRITTEN, Article, Category, Change, Draft, Origin, State, Status
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people import queries as people

TITLE, SUMMARY, NOTE = 200, 400, 300
SAID_OF_IT = frozenset({"change", "note"})
"""What is written about a change, not the text that is looked at and approved."""
TAG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Collision(Conflict):
    """Somebody else saved in between. `draft` holds their text, `text` what was sent and not stored."""

    def __init__(self, draft: Draft, text: Mapping[str, Any]) -> None:
        super().__init__(_("Somebody else has saved this text in the meantime. Nothing was overwritten."))
        self.draft, self.text = draft, dict(text)


def get(actor: Actor, draft_id: int) -> Draft:
    """Return the open draft or refuse: hidden and gone look the same (NotFound), reading alone is not enough."""
    draft = db.session.get(Draft, draft_id)
    if draft is None or not policies.can_see_draft(actor, draft):
        raise NotFound("")
    if not policies.can_edit(actor, draft.article):
        raise Forbidden(_("Only editors and the owner change this article."))
    return draft


def open_draft(article: Article) -> Draft | None:
    """Return the draft that is being written for this article."""
    query = select(Draft).where(Draft.article_id == article.id, Draft.is_open.is_(True))
    return db.session.execute(query).scalar_one_or_none()


def begin(actor: Actor, *, category: Category, title: str = "", body: str = "", **more: Any) -> Draft:
    """Begin a new article: a row nobody can read yet, and the draft of its first text. Records `article.drafted`.

    `more` may name where it comes from: `summary`, `tags`, `sources` (Refs as text) and `queries`.
    """
    if not policies.can_write_in(actor, category):
        raise Forbidden(_("Only editors write new articles in this topic."))
    return make(actor, category=category, title=title, body=body, **more)


def make(actor: Actor, *, category: Category, title: str = "", body: str = "", **more: Any) -> Draft:
    """Begin a new article for somebody who may, as whoever calls this has asked. Records `article.drafted`."""
    article = Article(
        slug=free_slug(title or "new-article"),
        title=title,
        category_id=category.id,
        status=Status.DRAFT.value,
        origin=Origin.PORTAL.value,
        owner_id=actor.person_id,
        access_key=category.access_key,
        version=1,
        n_revisions=0,
    )
    db.session.add(article)
    db.session.flush()
    return _open(actor, article, {"title": title, "body": body, "category_id": category.id, **more})


def edit(actor: Actor, article: Article) -> Draft:
    """Return the open draft of a published article; begin one with its text when there is none."""
    if not policies.can_edit(actor, article):
        raise Forbidden(_("Only editors and the owner change this article."))
    if (draft := open_draft(article)) is not None:
        if not policies.can_see_draft(actor, draft):
            raise Conflict(_("Somebody is writing the next text of this article."))
        return draft
    text = {
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "category_id": article.category_id,
        "tags": [tag.tag for tag in article.tags],
        "audience": list(article.audience),
    }
    return _open(actor, article, text)


def _open(actor: Actor, article: Article, text: Mapping[str, Any]) -> Draft:
    now = clock.now()
    draft = Draft(
        article_id=article.id,
        article=article,
        state=State.WRITING.value,
        based_on=article.n_revisions,
        created_by_id=actor.person_id,
        created_at=now,
        saved_at=now,
        saved_by_id=actor.person_id,
        lock=1,
        is_open=True,
        written_by=[] if article.n_revisions else sorted(actor.hands),
        **text,
    )
    db.session.add(draft)
    db.session.flush()
    is_new = article.n_revisions == 0
    ledger.record(
        Name.ARTICLE_DRAFTED, actor=actor, subject=article.ref, topic=draft.category.ref, draft=draft.id, is_new=is_new
    )
    return draft


def save(actor: Actor, draft: Draft, text: Mapping[str, Any], *, lock: int) -> Draft:
    """Store what was typed. An incomplete text is fine here; publishing asks for more.

    Refuses values no draft can hold, and a topic the actor may not move it to (Invalid), another audience from who may
    not publish (Forbidden), a closed draft (Conflict), and a save after somebody else's (Collision with both texts). A
    draft in review goes back to writing: what was approved is not this text.
    """
    text = cleaned(text)
    if not draft.is_open:
        raise Conflict(_("This text was published or put away in the meantime."))
    if draft.text() == {**draft.text(), **text}:
        return draft
    if "audience" in text and set(text["audience"]) != set(draft.audience):
        actor.require(Permission.ARTICLE_PUBLISH)
    if "category_id" in text and text["category_id"] != draft.category_id:
        _refuse_move(actor, draft, text["category_id"])
    # The comparison and the step are one statement, so that of two savers at the same instant one is second.
    taken = db.session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.lock == lock, Draft.is_open.is_(True))
        .values(lock=lock + 1)
        .returning(Draft.id)
    ).scalar()
    if taken is None:
        db.session.refresh(draft)
        if not draft.is_open:
            raise Conflict(_("This text was published or put away in the meantime."))
        raise Collision(draft, text)
    # What was decided while we waited for the row counts: an approval of a moment ago is of the former text.
    db.session.refresh(draft, ["lock", "state", "approved_at", "approved_by_id", "is_checked", "publish_at"])
    is_other_text = any(getattr(draft, name) != value for name, value in text.items() if name not in SAID_OF_IT)
    is_moved = "category_id" in text and draft.category_id != text["category_id"]
    was_asked = four_eyes.is_asked(draft)
    for name, value in text.items():
        setattr(draft, name, value)
    if is_other_text:
        touch(actor, draft)
    draft.saved_at, draft.saved_by_id = clock.now(), actor.person_id
    if draft.article.status == Status.DRAFT and ("category_id" in text or "audience" in text):
        # Nobody reads it yet; but from now on only those who will may know that it is being written.
        db.session.refresh(draft, ["category"])
        draft.article.category_id = draft.category_id
        draft.article.access_key = texts.access_key(draft.category, draft.audience)
    db.session.flush()
    if is_moved:  # what is asked of the topic next is asked of the one it goes to
        db.session.expire(draft, ["category"])
        draft.is_second_asked = draft.is_second_asked or was_asked
        if not was_asked and draft.category.needs_second:
            four_eyes.add_writers(draft, four_eyes.unseen_writers(draft.article))
        db.session.flush()
    return draft


def _refuse_move(actor: Actor, draft: Draft, category_id: int) -> None:
    """Refuse a topic the actor does not write in; to who sees it not it is not there (Invalid, `category_id`)."""
    category = db.session.get(Category, category_id)
    if category is None or not policies.can_write_in(actor, category):
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    if not policies.can_move_draft(actor, draft, category):
        raise Invalid(_("Only who may publish in both topics moves a text from one to the other."), "category_id")


def touch(actor: Actor, draft: Draft) -> None:
    """Note whose text it is from now on, and that nobody has looked at it yet: back to writing it goes."""
    four_eyes.add_writers(draft, actor.hands)
    if draft.state in (State.APPROVED, State.SCHEDULED, State.IN_REVIEW):
        draft.state, draft.approved_at, draft.approved_by_id, draft.publish_at = State.WRITING.value, None, None, None
        draft.is_checked = False


def discard(actor: Actor, draft: Draft) -> None:
    """Put a draft away; its row stays. A new article that was never published leaves the desk with it."""
    if not policies.can_edit(actor, draft.article):
        raise Forbidden(_("Only editors and the owner change this article."))
    close(draft, State.DISCARDED)
    if draft.article.status == Status.DRAFT:
        draft.article.status = Status.ARCHIVED.value
    db.session.flush()
    ledger.record(
        Name.ARTICLE_DRAFT_DISCARDED, actor=actor, subject=draft.article.ref, topic=draft.category.ref, draft=draft.id
    )


def advance(draft: Draft, state: State, *, lock: int | None = None, **values: Any) -> None:
    """Let a draft go where it may go next (Conflict otherwise), of the text that was seen: `lock`, or as it was read.

    One statement compares and steps, so that of a save and a decision at the same instant one is second.
    """
    if not draft.is_open or not draft.may_become(state):
        raise Conflict(_("This text stands elsewhere by now. Look at it again."))
    seen = draft.lock if lock is None else lock
    query = update(Draft).where(Draft.id == draft.id, Draft.lock == seen, Draft.is_open.is_(True))
    query = query.where(Draft.state == draft.state).values(state=state.value, **values)
    if db.session.execute(query.returning(Draft.id)).scalar() is None:
        raise Conflict(_("This text has changed since you opened it. Look at it again."))
    db.session.refresh(draft)


def close(draft: Draft, state: State) -> None:
    """End a draft; its row stays, so that nothing disappears without trace."""
    draft.state, draft.is_open, draft.closed_at = state.value, None, clock.now()
    db.session.flush()


def cleaned(text: Mapping[str, Any]) -> dict[str, Any]:
    """Return the written fields as a draft keeps them; refuses what does not fit (Invalid, by field)."""
    found = {name: text[name] for name in WRITTEN if name in text}
    for name, longest in (("title", TITLE), ("summary", SUMMARY), ("note", NOTE)):
        if name in found:
            found[name] = " ".join(found[name].split())
            if len(found[name]) > longest:
                raise Invalid(_("Please keep this under %(n)s characters.", n=longest), field=name)
    if "body" in found:
        found["body"] = found["body"].replace("\r\n", "\n").replace("\r", "\n")
    if "tags" in found:
        found["tags"] = _tags(found["tags"])
    if "audience" in found:
        known = people.audience_ids()
        found["audience"] = [slug for slug in found["audience"] if slug]
        if any(slug != audiences.PUBLIC and slug not in known for slug in found["audience"]):
            raise Invalid(_("Choose an audience from the list."), field="audience")
    if "category_id" in found and db.session.get(Category, found["category_id"]) is None:
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    if "change" in found and found["change"] not in set(Change):
        raise Invalid(_("Say whether it is a typo, a small or a large change."), field="change")
    return found


def _tags(words: list[str]) -> list[str]:
    tags = sorted({"-".join(word.lower().split()) for word in words if word.strip()})
    if len(tags) > 12:
        raise Invalid(_("Twelve tags are enough."), field="tags")
    for tag in tags:
        if not TAG.fullmatch(tag):
            raise Invalid(_("“%(tag)s” cannot be a tag: use letters, digits and hyphens.", tag=tag), field="tags")
    return tags


def plain_slug(title: str) -> str:
    """Return the words of a title as an address, whoever has it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-") or "article"


def free_slug(title: str, *, own: int | None = None) -> str:
    """Return an address made from the title that no article has or had, but for the `own` one."""
    from portal.kb.models import ArticleRedirect

    base = plain_slug(title)
    slug, n = base, 2
    while (
        slug in RESERVED
        or db.session.execute(select(Article.id).where(Article.slug == slug, Article.id != (own or 0))).first()
        or db.session.get(ArticleRedirect, slug)
    ):
        slug, n = f"{base}-{n}", n + 1
    return slug


RESERVED = frozenset({"following", "new", "topics", "feedback", "assets", "drafts", "search", "solved", "tags"})
"""Words that addresses below `/kb/` use for something else."""
