"""The house of `world.py` in the pseudo-locale, with a mark on each word that its people wrote."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from flask import Flask
from flask.globals import _cv_app
from sqlalchemy import func, select

from portal.accounts.models import ApiToken, ServiceToken
from portal.adoption import models as adoption_models
from portal.community.models import Answer, EarlierText, Question, QuestionTag, Tip, TipTag
from portal.core import markup
from portal.core.database import Base, db
from portal.core.i18n import PSEUDO
from portal.core.options import OptionRow
from portal.files.models import Attachment
from portal.home.models import Announcement, Incident
from portal.imports.models import ImportRun
from portal.kb.models import Article, Category, Draft, ReviewComment, Revision, Suggestion
from portal.notifications import kinds
from portal.notifications.models import Channel, OutboxMail, Preference
from portal.people.models import Audience, Department, Person, Site
from portal.pulse.models import SaidDone, Wave
from portal.roadmap import models as roadmap_models
from portal.roadmap.gates import models as gates_models
from portal.roadmap.increments import models as increments_models
from portal.roadmap.taskforce import models as taskforce_models
from portal.search import jobs as search
from portal.search.models import JudgedQuery
from portal.talk.models import Comment, Flag, Solution
from portal.tickets.models import (
    BusinessHours,
    Holiday,
    IncomingMail,
    Message,
    Queue,
    RequestTemplate,
    SavedReply,
    SavedView,
    Ticket,
    TrailItem,
)
from portal.webhooks.models import Webhook
from portal.weblogs.models import WebLog
from tests.contracts.trying import rules_of
from tests.contracts.untranslated import MARK
from tests.contracts.world import World
from tests.people import DARA
from tools.docs.routes import Row

TEXTS: dict[type[Base], tuple[str, ...]] = {
    taskforce_models.Action: ("title", "outcome"),
    gates_models.Condition: ("words", "seen"),
    gates_models.Gate: ("name",),
    adoption_models.Goal: ("title", "why"),
    roadmap_models.Evidence: ("note",),
    roadmap_models.Idea: ("title", "body", "excerpt", "answer"),
    increments_models.Increment: ("name", "purpose"),
    adoption_models.Intervention: ("title", "what", "readout"),
    roadmap_models.Item: ("title", "summary", "body"),
    increments_models.Message: ("what", "audience", "channel"),
    increments_models.Milestone: ("title",),
    taskforce_models.Minutes: ("title", "body"),
    increments_models.Requirement: ("title", "example"),
    taskforce_models.Resolution: ("text", "why"),
    increments_models.Session: ("title", "invited", "learned"),
    adoption_models.Revision: ("before", "after", "reason"),
    roadmap_models.StatusNote: ("before", "after", "reason"),
    Announcement: ("title", "body"),
    Answer: ("body", "excerpt"),
    ApiToken: ("label",),
    Attachment: ("download_name",),
    Audience: ("name",),
    BusinessHours: ("name",),
    Category: ("title", "summary"),
    Department: ("name",),
    Draft: ("title", "summary", "body", "note"),
    EarlierText: ("title", "body"),
    Flag: ("comment", "reply"),
    Holiday: ("name",),
    ImportRun: ("name",),
    Incident: ("title", "body", "update"),
    IncomingMail: ("subject", "sender_name"),
    JudgedQuery: ("query",),
    Message: ("body", "rest"),
    OutboxMail: ("last_error", "subject", "text"),
    Person: ("name", "mail_trouble"),
    Question: ("title", "body", "excerpt"),
    QuestionTag: ("tag",),
    Queue: ("name", "summary"),
    RequestTemplate: ("title", "summary"),
    ReviewComment: ("body", "quote"),
    Revision: ("title", "summary", "note"),
    SaidDone: ("said", "done"),
    SavedReply: ("title", "body"),
    SavedView: ("name",),
    ServiceToken: ("label",),
    Site: ("name",),
    Solution: ("comment", "reply"),
    Suggestion: ("quote", "replacement", "words", "answer"),
    Ticket: ("subject", "knowledge_reason", "rating_comment"),
    Tip: ("title", "body", "excerpt"),
    TipTag: ("tag",),
    TrailItem: ("text",),
    Wave: ("name", "sender_name", "why", "open_question"),
    WebLog: ("name",),
    Webhook: ("label",),
}
"""What people and mail servers wrote, by table; what is made from it (search, lists) carries its marks."""


def marked(text: str) -> str:
    """Put the mark before each word, so that a word stays marked wherever a page cuts the text; <addresses> stay."""
    return re.sub(r"(?<!\S)(?=[^\s<])", MARK, text)


ARTICLE = """\
## {words}

1. {words} **{words}**

    → {words}

//// windows
{words}

/// warning | {words}
{words}
///

/// tip
{words}
///
////

//// phone
{words}
////
"""


OPTIONS = {
    "default_locale": PSEUDO,
    "portal_name": marked("Ostrey & Vale"),
    "desk_mail": "desk@ostreyvale.example",
    "desk_phone": "4400",
}


class House(World):
    """The house in the pseudo-locale, with a mark on everything its people wrote."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._rules = rules_of(app)
        self.rewind()
        db.session.add_all(OptionRow(name=name, value=value) for name, value in OPTIONS.items())
        for model, names in TEXTS.items():
            for row in db.session.scalars(select(model)):
                for name in names:
                    setattr(row, name, marked(getattr(row, name)) if getattr(row, name) else getattr(row, name))
        for person in db.session.scalars(select(Person)):
            person.locale = PSEUDO
        for article in db.session.scalars(select(Article)):
            _mark(article)
        for note in db.session.scalars(select(Comment)):
            note.body = marked(note.body)
            note.html = markup.render_comment(note.body).html
        posts: tuple[type[Any], ...] = (Message, Question, Answer, Tip, roadmap_models.Idea, roadmap_models.Item)
        posts += (taskforce_models.Minutes,)
        for post in posts:
            for said in db.session.scalars(select(post)):
                said.html = markup.render_comment(said.body).html if said.body else ""
        for announcement in db.session.scalars(select(Announcement)):
            announcement.html = markup.render_comment(announcement.body).html
        dara = db.session.scalars(select(Person).where(Person.email == DARA.email)).one()
        for article in db.session.scalars(select(Article)):
            article.owner_id = article.owner_id or dara.id
        for remark in db.session.scalars(select(ReviewComment)):
            remark.html = markup.render_comment(remark.body).html
        for text in (*db.session.scalars(select(Draft)), *db.session.scalars(select(Revision))):
            text.body = ARTICLE.format(words=marked("open the network settings"))
            text.tags = [marked(tag) for tag in text.tags or ()]
        db.session.add_all(
            Preference(person_id=dara.id, kind=kind, channel=Channel.MAIL.value, is_on=True) for kind in kinds.KINDS
        )
        db.session.commit()
        self.last_mail = db.session.scalar(select(func.max(OutboxMail.id))) or 0
        search.rebuild({})
        db.session.commit()
        self._private = self._keep("marked")

    def place(self, row: Row) -> str:
        """Return the address of a line of roles.toml, its words marked too."""
        address = self.address(row, self._rules)
        return re.sub("(?<=[?&]q=)[^&]+", lambda words: quote_plus(marked(unquote_plus(words[0]))), address)


def _mark(article: Article) -> None:
    article.body = ARTICLE.format(words=marked("open the network settings"))
    made = markup.render(article.body)
    article.title, article.summary = marked(article.title), marked(article.summary)
    article.html, article.n_steps, article.platforms = made.html, made.n_steps, list(made.platforms)
    article.headings = [[h.level, h.id, h.title] for h in made.headings]
    article.passages = [[p.heading_id, p.text] for p in made.passages]
    article.steps = [[step.platform, step.html] for step in made.steps]


def afresh(app: Flask, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call it within a request of its own: what the test has looked up does not stand in for what it would look up."""

    def within() -> Any:
        with app.test_request_context("/"):
            return call(*given, **named)

    db.session.commit()
    context = contextvars.copy_context()
    context.run(_cv_app.set, None)  # type: ignore[arg-type]
    return context.run(within)
