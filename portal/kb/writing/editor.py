"""What the editor's page says beside the text: its state, where it comes from, its readers, how two texts differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape
from sqlalchemy import select

from portal.core import registry
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.i18n import day
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.models import Draft, State
from portal.kb.prose import merging
from portal.kb.writing import giving_back
from portal.people import audiences
from portal.people.models import Audience
from portal.search.synonyms import LEADS

QUIET = 160
"""Characters of unchanged text that are shown around a change."""


def state_words(draft: Draft) -> str:
    """Say where a draft stands."""
    words = {
        State.WRITING: _("Draft"),
        State.IN_REVIEW: _("In review"),
        State.CHANGES_REQUESTED: _("Changes requested"),
        State.APPROVED: _("Approved"),
        State.SCHEDULED: _("Goes up later"),
        State.PUBLISHED: _("Published"),
        State.DISCARDED: _("Put away"),
    }
    return words[State(draft.state)]


def comes_from(actor: Actor, draft: Draft) -> list[dict[str, Any]]:
    """Tell the story of a draft for a thread: what it answers, what it was written from, what follows.

    Sources this actor may not see are counted, never named.
    """
    items: list[dict[str, Any]] = []
    if draft.queries:
        quoted = ", ".join(_("“%(words)s”", words=words) for words in draft.queries)
        items.append({"text": _("People found nothing"), "meta": quoted, "state": "failed"})
    if unsaid := giving_back.unsaid(draft) if draft.is_open else []:
        items.append({"text": _("Words they used that the text does not say"), "meta": _unsaid(actor, draft, unsaid)})
    refs = [Ref.parse(source) for source in draft.sources]
    seen = registry.load_things(actor, refs)
    for ref in refs:
        if ref in seen:
            link = Markup('<a href="{}">{}</a>').format(seen[ref].url, seen[ref].title)
            items.append({"text": _("Written from"), "meta": link})
    if hidden := len(refs) - len(seen):
        more = ngettext("%(num)s thing you may not see", "%(num)s things you may not see", hidden)
        items.append({"text": _("Written from"), "meta": more})
    article = draft.article
    if article.is_published:
        link = Markup('<a href="{}">{}</a>').format(url_for("kb.article", slug=article.slug), _("as it is now"))
        since = day(article.changed_at or article.published_at)
        items.append({"text": _("Published"), "meta": Markup("{} · {}").format(since, link)})
    by = draft.created_by.first_name if draft.created_by else ""
    begun = _("%(name)s, since %(day)s", name=by, day=day(draft.created_at)) if by else day(draft.created_at)
    items.append({"text": _("This draft"), "meta": begun, "state": "now"})
    if article.is_published:
        then = _("It takes the place of the text that is up")
    elif draft.queries:
        then = _("Who searches for this finds it, and we count whether they still ask")
    else:
        then = _("Everybody who may read it finds it")
    return [*items, {"text": _("Once published"), "meta": then, "state": "to-come"}]


def _unsaid(actor: Actor, draft: Draft, words: list[str]) -> Markup | str:
    """Return the words, with the way to teach the search what they mean for whoever may."""
    if not (actor.can(Permission.WORDS_MANAGE) and draft.title):
        return ", ".join(words)
    address = url_for("words.preview", op="add", kind=LEADS, words=words[0], sought=draft.title[:60])
    return Markup('{} · <a href="{}">{}</a>').format(", ".join(words), address, _("teach the search"))


def can_choose_audience(actor: Actor) -> bool:
    """Only who may publish says who may read."""
    return actor.can(Permission.ARTICLE_PUBLISH)


def audiences_to_choose(draft: Draft) -> list[tuple[str, str]]:
    """Return slug and name of the audiences an article may be for, those it is for by now among them."""
    rows = db.session.execute(select(Audience.slug, Audience.name).order_by(Audience.name)).all()
    known = [(audiences.PUBLIC, _("Everybody, also without signing in")), *((slug, name) for slug, name in rows)]
    return known + [(slug, slug) for slug in draft.audience if slug not in dict(known)]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A short field of two texts, side by side, with the words that differ marked."""

    name: str
    label: str
    kind: str
    mine: Markup
    theirs: Markup


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of two texts with the words that differ marked; `n` is set where a person has to choose."""

    kind: str
    mine: Markup
    theirs: Markup
    n: int
    n_lines: int


def rows(merge: merging.Merge, topics: Mapping[int, str]) -> list[Row]:
    """Return the short fields in which two texts differ."""
    labels = {
        "title": _("Title"),
        "summary": _("Summary"),
        "category_id": _("Topic"),
        "tags": _("Tags"),
        "audience": _("Who may read it"),
    }

    def words(field: merging.Field, value: Any) -> str:
        if field.name == "category_id":
            return topics.get(value, _("A topic you may not see"))
        return ", ".join(value) if isinstance(value, list) else str(value)

    allowance = merging.Allowance()
    return [
        Row(
            name=field.name,
            label=labels[field.name],
            kind=field.kind.value,
            mine=marked(words(field, field.theirs), words(field, field.mine), allowance),
            theirs=marked(words(field, field.mine), words(field, field.theirs), allowance),
        )
        for field in merge.fields
        if field.kind is not merging.Kind.SAME
    ]


def passages(merge: merging.Merge) -> list[Passage]:
    """Return the whole text in parts, unchanged ones shortened to what stands around a change."""
    made = []
    allowance = merging.Allowance()
    for part in merge.parts:
        if part.kind is merging.Kind.SAME:
            mine = theirs = escape(_shortened(part.mine))
        else:
            mine = marked(part.theirs, part.mine, allowance)
            theirs = marked(part.mine, part.theirs, allowance)
        n_lines = part.mine.count("\n")
        made.append(Passage(kind=part.kind.value, mine=mine, theirs=theirs, n=part.n, n_lines=n_lines))
    return made


def _shortened(text: str) -> str:
    if len(text) <= 2 * QUIET + 40:
        return text
    return f"{text[:QUIET].rsplit(' ', 1)[0]} …\n\n… {text[-QUIET:].split(' ', 1)[-1]}"


def marked(other: str, text: str, allowance: merging.Allowance) -> Markup:
    """Return a text with the words marked that the other has not."""
    made = []
    for kind, piece in merging.words(other, text, allowance):
        if kind is merging.Kind.MINE and (words := piece.rstrip()):
            made.append(Markup("<mark>{}</mark>{}").format(words, piece[len(words) :]))
        elif kind is not merging.Kind.THEIRS:
            made.append(escape(piece))
    return Markup("").join(made)
