"""How articles, categories and drafts look to programs."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.core import actor as actors
from portal.core.markup import ARTICLE_LIMIT
from portal.core.operations.shapes import Schema, choice, day, many, maybe, moment, text, thing, whole, yes_no
from portal.kb import presenting
from portal.kb.models import Article, Change, Draft, State, Status
from portal.kb.writing.drafts import NOTE, SUMMARY, TITLE
from portal.notifications.links import absolute

SLUG = text("Short name of the article, as in its address.", least=1, most=120, example="reset-vpn")
AT = {"slug": SLUG}

_LINE: dict[str, Schema] = {
    "slug": text(),
    "title": text(),
    "summary": text(),
    "category": text("Short name of the category."),
    "tags": many(text()),
    "platforms": many(text(), "Devices it has steps of their own for."),
    "language": text("Empty: that of the portal."),
    "status": choice(*(status.value for status in Status)),
    "version": whole("Grows when so much changed that earlier answers to “Did this solve it?” say nothing."),
    "revision": whole("Grows with every published text."),
    "published_at": maybe(moment()),
    "changed_at": maybe(moment("When the text last changed.")),
    "verified_at": maybe(moment("When somebody last said that it is right.")),
    "review_by": maybe(day("When somebody should look again.")),
    "url": text("Its page in the portal."),
}
LINE = thing("ArticleLine", "An article without its text.", needed=_LINE)
ARTICLE = thing(
    "Article",
    needed={
        **_LINE,
        "markdown": text("The text as it was written."),
        "html": text("The text as it is shown, safe to embed; links and pictures begin at the portal's root."),
    },
)
CATEGORY = thing(
    "Category",
    needed={
        "slug": text(),
        "title": text(),
        "summary": text(),
        "icon": text(),
        "parent": maybe(text("Short name of the category above.")),
        "n_articles": whole("Published articles in it and below it, that whoever asks may see."),
    },
)
TITLE_SHAPE = text("In people's words.", least=1, most=TITLE, example="Reset the VPN app")
WRITTEN: dict[str, Schema] = {
    "summary": text("What it gives, in one sentence.", most=SUMMARY),
    "markdown": text("The text; its first heading is of the second level.", most=ARTICLE_LIMIT),
    "tags": many(text(least=1, most=40), most=12),
    "audience": many(
        text(least=1, most=64), "Short names of audiences; empty: whoever may read the category.", most=20
    ),
    "change": choice(*(change.value for change in Change), about="How much it matters, which decides who is told."),
    "note": text("What was changed and why.", most=NOTE),
}
DRAFT = thing(
    "Draft",
    "The next text of an article. Its ETag names the save; send it back as `If-Match`.",
    needed={
        "slug": text("Of the article. A new article's may change when it is published."),
        "state": choice(*(state.value for state in State), about="Where it stands on its way."),
        "is_begun": yes_no("False: nobody is writing; this is the published text, from which a draft would begin."),
        "title": text(),
        "category": text("Short name of the category."),
        "summary": text(),
        "markdown": text(),
        "tags": many(text()),
        "audience": many(text()),
        "change": choice(*(change.value for change in Change)),
        "note": text(),
        "saved_at": maybe(moment()),
        "url": text("Where people go on writing."),
    },
)


def line(row: Article) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "category": row.category.slug,
        "tags": [tag.tag for tag in row.tags],
        "platforms": list(row.platforms),
        "language": row.language,
        "status": row.status,
        "version": row.version,
        "revision": row.n_revisions,
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "changed_at": row.changed_at.isoformat() if row.changed_at else None,
        "verified_at": row.verified_at.isoformat() if row.verified_at else None,
        "review_by": row.review_by.isoformat() if row.review_by else None,
        "url": absolute(url_for("kb.article", slug=row.slug)),
    }


def article(row: Article) -> dict[str, Any]:
    return {**line(row), "markdown": row.body, "html": str(presenting.article_html(row))}


def draft(row: Draft) -> dict[str, Any]:
    """Return a draft as it was saved last."""
    return {
        "slug": row.article.slug,
        "state": row.state,
        "is_begun": True,
        "title": row.title,
        "category": row.category.slug if actors.current().sees(row.category.access_key) else "",
        "summary": row.summary,
        "markdown": row.body,
        "tags": list(row.tags),
        "audience": list(row.audience),
        "change": row.change,
        "note": row.note,
        "saved_at": row.saved_at.isoformat(),
        "url": absolute(url_for("editing.edit", draft_id=row.id)),
    }


def not_begun(row: Article) -> dict[str, Any]:
    """Return the draft that would begin with the next change."""
    return {
        "slug": row.slug,
        "state": State.WRITING.value,
        "is_begun": False,
        "title": row.title,
        "category": row.category.slug,
        "summary": row.summary,
        "markdown": row.body,
        "tags": [tag.tag for tag in row.tags],
        "audience": list(row.audience),
        "change": Change.MINOR.value,
        "note": "",
        "saved_at": None,
        "url": absolute(url_for("kb.article", slug=row.slug)),
    }


def etag(row: Article, open_draft: Draft | None) -> str:
    """Name what a change would be based on: a save of the draft, or the published revision."""
    return f"draft-{open_draft.id}-{open_draft.lock}" if open_draft is not None else f"revision-{row.n_revisions}"
