"""Writing articles: a draft is begun, changed on top of what one saw, and published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.operations.operation import PREFIX, Call, NotSeen, Operation, Reply
from portal.core.operations.shapes import text, thing, yes_no
from portal.core.scopes import Scope
from portal.kb import policies
from portal.kb.api import shapes
from portal.kb.models import Article, Category, Draft
from portal.kb.reading import queries
from portal.kb.writing import drafts, publishing

GROUP = "Writing"
CATEGORY = text("Short name of a category.", least=1, most=64)


def begin(call: Call) -> Reply:
    who, sent = call.actor, call.body
    category = _category(who, sent["category"])
    draft = drafts.begin(who, category=category, title=" ".join(sent["title"].split()))
    where = f"{request.script_root}{PREFIX}/articles/{draft.article.slug}/draft"
    once.claim(call.key, person_id=who.person_id, location=where)
    draft = drafts.save(who, draft, _text(sent, category), lock=draft.lock)
    db.session.commit()
    return _reply(draft.article, draft, status=201, location=where)


def _text(sent: Mapping[str, Any], category: Category | None) -> dict[str, Any]:
    """Return what was sent under the names a draft has."""
    found = {name: sent[name] for name in ("title", "summary", "tags", "audience", "change", "note") if name in sent}
    found |= {"body": sent["markdown"]} if "markdown" in sent else {}
    return found | ({"category_id": category.id} if category is not None else {})


def _category(who: Actor, slug: str) -> Category:
    """Return a category this actor may write in; one nobody knows and a hidden one are refused alike (Invalid)."""
    found = queries.get_category(slug)
    if found is None or not who.sees(found.access_key):
        raise Invalid(_("Nobody knows this short name."), field="category")
    if not policies.can_write_in(who, found):
        raise Forbidden(_("Only editors write new articles in this topic."))
    return found


def _reply(article: Article, draft: Draft | None, **more: Any) -> Reply:
    body = shapes.draft(draft) if draft is not None else shapes.not_begun(article)
    return Reply(body=body, etag=shapes.etag(article, draft), **more)


def _loaded(call: Call) -> tuple[Article, Draft | None]:
    """Return the article and its open draft. Refuses what is hidden (NotFound), and who may only read (Forbidden)."""
    query = select(Article).where(Article.slug == call.path["slug"]).options(joinedload(Article.category))
    article = db.session.execute(query).scalar_one_or_none()
    may_edit = article is not None and policies.can_edit(call.actor, article)
    if article is None or not (may_edit or policies.can_read(call.actor, article)):
        raise NotFound("")
    if not may_edit:
        raise Forbidden(_("Only editors and the owner change this article."))
    draft = drafts.open_draft(article)
    if draft is None and not article.is_published:
        raise NotFound("")
    if draft is not None and not policies.can_see_draft(call.actor, draft):
        raise NotFound("")
    return article, draft


def draft(call: Call) -> Reply:
    return _reply(*_loaded(call))


def change(call: Call) -> Reply:
    who, sent = call.actor, call.body
    article, open_draft = _loaded(call)
    _compare(call, article, open_draft)
    category = _category(who, sent["category"]) if "category" in sent else None
    begun = open_draft or drafts.edit(who, article)
    try:
        saved = drafts.save(who, begun, _text(sent, category), lock=begun.lock)
    except drafts.Collision:  # between the comparison and the save
        db.session.rollback()
        raise _not_seen(call, *_loaded(call)) from None
    db.session.commit()
    return _reply(article, saved)


def _compare(call: Call, article: Article, open_draft: Draft | None) -> None:
    if call.if_match != shapes.etag(article, open_draft):
        raise _not_seen(call, article, open_draft)


def _not_seen(call: Call, article: Article, open_draft: Draft | None) -> NotSeen:
    """Return the refusal with both texts, and the name of the one that stands."""
    return NotSeen(
        _("Somebody else has saved this text in the meantime. Nothing was overwritten."),
        theirs=shapes.draft(open_draft) if open_draft is not None else shapes.not_begun(article),
        yours=dict(call.body),
        etag=f'"{shapes.etag(article, open_draft)}"',
    )


def publish(call: Call) -> Reply:
    article, open_draft = _loaded(call)
    _compare(call, article, open_draft)
    if open_draft is None:
        raise Invalid(_("There is nothing to publish: nobody has begun another text."))
    article = publishing.publish(call.actor, open_draft, although=call.query.get("although", False))
    db.session.commit()
    where = f"{request.script_root}{PREFIX}/articles/{article.slug}"
    return Reply(body=shapes.line(article), location=where)


OPERATIONS = (
    Operation(
        name="begin_article",
        method="POST",
        path="/articles",
        group=GROUP,
        summary="Begin an article",
        about="Makes a draft that nobody reads until it is published.",
        scope=Scope.WRITE,
        run=begin,
        body=thing("NewArticle", needed={"title": shapes.TITLE_SHAPE, "category": CATEGORY}, extra=shapes.WRITTEN),
        example={
            "title": "Reset the VPN app",
            "category": "network",
            "summary": "Sign out, clear the profile, sign in again.",
            "markdown": "## Steps\n\n1. Open the VPN app and choose **Sign out**.\n",
            "tags": ["vpn"],
        },
        answer=shapes.DRAFT,
        status=201,
        takes_key=True,
    ),
    Operation(
        name="draft",
        method="GET",
        path="/articles/{slug}/draft",
        group=GROUP,
        summary="The text that is being written",
        about="Where nobody is writing, the published text as it would be begun with. The ETag is for `If-Match`.",
        scope=Scope.WRITE,
        run=draft,
        at=shapes.AT,
        answer=shapes.DRAFT,
        is_single=True,
    ),
    Operation(
        name="change_article",
        method="PATCH",
        path="/articles/{slug}",
        group=GROUP,
        summary="Change the text that is being written",
        about="What is not sent stays as it is; the published text stays until the draft is published. If somebody"
        " saved since, nothing is overwritten: the answer is 412 with `yours`, `theirs` and the `etag` of theirs.",
        scope=Scope.WRITE,
        run=change,
        at=shapes.AT,
        body=thing(
            "ArticleChange",
            needed={},
            extra={"title": shapes.TITLE_SHAPE, "category": CATEGORY, **shapes.WRITTEN},
        ),
        example={"summary": "Sign out, clear the profile, sign in again.", "change": "minor"},
        answer=shapes.DRAFT,
        refusals=frozenset({409}),
        needs_match=True,
    ),
    Operation(
        name="publish_article",
        method="POST",
        path="/articles/{slug}/publish",
        group=GROUP,
        summary="Publish the text that was written",
        about="Refused where the text is not whole, where the category asks for a second person who has not looked yet,"
        " and where a reviewer asked for changes or remarks are open, unless `although` is sent.",
        scope=Scope.WRITE,
        run=publish,
        query={"although": yes_no("Publish although changes were requested or remarks are open.")},
        at=shapes.AT,
        answer=shapes.LINE,
        refusals=frozenset({409}),
        needs_match=True,
    ),
)
