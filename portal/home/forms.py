"""The form of a notice. Times are typed and shown in the time zone of the person who writes."""

from __future__ import annotations

from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.feature import Thing
from portal.core.forms import Form, MomentField, wall
from portal.home import queries
from portal.home.models import Incident
from portal.home.services import LASTS, TEXT_LIMIT, TITLE_LIMIT, Notice
from portal.kb.models import Category
from portal.people.audiences import PUBLIC, SIGNED_IN


class NamesArticle(Protocol):
    """A form that names an answer, by words or its address; where several fit, one of them is picked."""

    article: StringField
    pick: StringField


class NoticeForm(Form):
    """What people should know, since when and until when."""

    title = StringField(_l("What is wrong?"), [InputRequired(), Length(max=TITLE_LIMIT)])
    body = TextAreaField(_l("What people should know"), [Optional(), Length(max=TEXT_LIMIT)])
    update = TextAreaField(_l("What is new since then"), [Optional(), Length(max=TEXT_LIMIT)])
    since = MomentField(_l("Since when"), [InputRequired()])
    until = MomentField(_l("Until when at the latest"), [InputRequired()])
    next_word = MomentField(_l("Next word at"), [Optional()])
    topic = SelectField(_l("Topic"), [Optional()], coerce=str)
    article = StringField(_l("Answer that helps meanwhile"), [Optional(), Length(max=300)])
    pick = StringField(_l("Which one do you mean?"), [Optional(), Length(max=120)])
    audience = SelectField(_l("Who sees it"), [Optional()], coerce=str)
    seen = HiddenField(default="0")

    def offer(self, topics: list[Category], *, is_public_possible: bool) -> NoticeForm:
        """Fill in what can be chosen; every choice is checked again by the service."""
        self.topic.choices = [("", _("No topic")), *((str(row.id), row.title) for row in topics)]
        self.audience.choices = [(SIGNED_IN, _("Everybody signed in"))]
        if is_public_possible or self.audience.data == PUBLIC:
            self.audience.choices.append((PUBLIC, _("Everybody, also without signing in")))
        return self

    def notice(self, zone: str, *, article_id: int | None) -> Notice:
        """Return what was typed; refuses times that exist in no calendar (Invalid)."""
        return Notice(
            title=self.title.data or "",
            body=self.body.data or "",
            update=self.update.data or "",
            since=self.since.at(zone),
            until=self.until.at(zone),
            next_word=self.next_word.at(zone) if self.next_word.data else None,
            access_key=self.audience.data or SIGNED_IN,
            # Of nothing but spaces `Optional` asks no further, not even whether there is such a choice.
            category_id=int(self.topic.data) if (self.topic.data or "").strip() else None,
            article_id=article_id,
        )


def fresh(zone: str, like: Incident | None = None) -> NoticeForm:
    """Return an empty form that begins now and ends by itself; `like` an earlier notice where the trouble is back."""
    now = clock.now()
    words: dict[str, Any] = {"since": wall(now, zone), "until": wall(now + LASTS, zone)}
    if like is not None:
        words |= _words(like)
    return NoticeForm(formdata=None, data=words)


def filled(zone: str, incident: Incident, *, article_slug: str) -> NoticeForm:
    """Return the form of a notice that is up."""
    return NoticeForm(
        formdata=None,
        data={
            **_words(incident),
            "update": incident.update,
            "since": wall(incident.since_at, zone),
            "until": wall(incident.ends_at, zone),
            "next_word": wall(incident.next_word_at, zone) if incident.next_word_at else None,
            "article": article_slug,
            "seen": str(incident.n_changes),
        },
    )


def _words(incident: Incident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "body": incident.body,
        "topic": str(incident.category_id or ""),
        "audience": incident.access_key,
    }


def article_named(actor: Actor, form: NamesArticle, choices: list[Thing]) -> int | None:
    """Return the answer that was named, None for none; several that fit are offered in `choices` (Invalid)."""
    text = (form.pick.data or form.article.data or "").strip()
    if not text:
        return None
    found = queries.find_articles(actor, text)
    if not found:
        raise Invalid(_("No published answer has these words. Try others, or paste its address."), field="article")
    if len(found) > 1:
        choices += found
        raise Invalid(_("Several answers have these words. Which one do you mean?"), field="article")
    return found[0].ref.id
