"""A draft as its readers will see it, before anybody does."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import database, limits, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid, TooMany, Unavailable
from portal.kb.models import Draft
from portal.kb.prose import starting_points
from portal.kb.prose.readability import reading_ease
from portal.kb.writing import references

PER_MINUTE = 60
EASY = 60.0
NOTHING = Markup("")
_looks = limits.ReadingLimit()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What stands in the preview: the text as a page, or a sentence why there is none; and how much it is."""

    title: str
    summary: str
    html: Markup = NOTHING
    refusal: str = ""
    measure: str = ""


def preview(actor: Actor, draft: Draft, *, title: str, summary: str, body: str) -> Preview:
    """Render what was typed, by the same way that readers' pages go. Nothing is stored.

    What cannot be rendered comes back as a sentence. Rendering takes time: be `only_looking` before.
    """
    links, files = references.articles_in(actor, body), references.files_of(actor, draft)
    try:
        _looks.spend(f"preview:{actor.person_id}", PER_MINUTE)
        made = markup.render_safely(body, links=links, files=files)
    except (Invalid, TooMany, Unavailable) as refusal:
        return Preview(title=title, summary=summary, refusal=refusal.message)
    html = Markup(markup.in_reader_language(made.html))  # noqa: S704 - it went through the cleaning of `core.markup`
    return Preview(title=title, summary=summary, html=html, measure=measure(body, made.text))


def only_looking() -> None:
    """End the transaction of a form and go on as a reader, whom nobody waits for; what was not committed is undone."""
    db.session.rollback()
    database.set_looking(True)


def measure(body: str, text: str) -> str:
    """Say how long a text is, and for English how easily what somebody wrote of it reads: `78 words, reads easily`."""
    n = len(text.split())
    counted = ngettext("%(num)s word", "%(num)s words", n)
    locale = get_locale()
    own = starting_points.own(body)
    if min(n, len(own.split())) < 20 or (locale is not None and locale.language != "en"):
        return counted
    ease = _("reads easily") if reading_ease(own) >= EASY else _("could read more easily")
    return _("%(counted)s, %(ease)s", counted=counted, ease=ease)
