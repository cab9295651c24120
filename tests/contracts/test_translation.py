"""Every word of the interface goes through translation (Build 8).

Pages and mails are read in the pseudo-locale, which puts each translated string in brackets, in a house whose own
words all carry a mark. A word that has neither was written into the code, and no other language can replace it.
"""

from __future__ import annotations

import ast
import contextvars
import platform
import re
from collections import defaultdict
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus, unquote_plus
from zoneinfo import available_timezones

import pytest
from babel import Locale
from flask import Flask
from flask.globals import _cv_app
from markupsafe import escape
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts.models import ApiToken, ServiceToken
from portal.adoption import models as adoption_models
from portal.community.models import Answer, EarlierText, Question, QuestionTag, Tip, TipTag
from portal.core import assets, markup
from portal.core.database import Base, db
from portal.core.i18n import PSEUDO
from portal.core.options import OptionRow
from portal.core.pages import PAGES, answer
from portal.demo.cards import CARDS
from portal.files.models import Attachment
from portal.home.models import Announcement, Incident
from portal.imports.models import ImportRun
from portal.jobs.runner import Runner
from portal.kb.models import Article, Category, Draft, ReviewComment, Revision, Suggestion
from portal.kb.reading import families
from portal.notifications import kinds, letters
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
from surveys import flaws, loading
from surveys.instrument import Instrument
from tests.conftest import StoppedClock
from tests.contracts.trying import rules_of
from tests.contracts.world import API, World
from tests.people import DARA
from tools.docs.routes import COLUMNS, Row, declared

pytestmark = pytest.mark.slow

READERS = ("anonymous", "reader", "agent", "editor", "admin")
EXEMPT = frozenset({"styleguide.show", "writing.how_to_write", "reference.page", "reference.operation"})
"""The style guide shows components to those who build the portal; its samples stand for content. How to write shows
whole translated texts as pages, cut into words by the marks they explain. The reference tells operations in the words
of the OpenAPI document, which programmers read in English."""

DEMO = "demo."
MARK = "¤"
WORD = re.compile(r"\S*[^\W\d_]\S*")
READ_ALOUD = re.compile(r"title|placeholder|alt|label|aria-(label|roledescription|valuetext)")
"""Attributes that people read or hear."""
SHOWN_LATER = re.compile(r"data-(label|done|none|one|many|words|show|hide|copied)")
"""Attributes that style sheets and scripts show them."""
AS_THE_MACHINE_SAYS = frozenset({"code", "kbd", "pre", "script", "style", "template"})
"""Commands, keys, lines of the log: the same in every language."""
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
"""Tags without an end."""
AS_PEOPLE_WROTE = frozenset({"bdi", "del", "ins", "textarea"})
"""Tags and words of the search; what is compared or written on: Markdown with its own words, and words cut where
another text differs."""
NAMES = frozenset(
    {
        "dity",
        "DITY",
        "Windows",
        "macOS",
        "Linux",
        "Firefox",
        "Python",
        "SQLite",
        "sqlite",
        "PostgreSQL",
        "Flask",
        "SQLAlchemy",
        "Whoosh",
        "crawlerdetect",
    }
    | {"whoosh-reloaded", "wal", "UTC", "s", "Aa", "N", "S", "Re", "labels", "phones"}
    | {word for _code, name in families.languages() for word in name.split()}
    | {name for name in available_timezones() if "/" in name}
)
"""Of the product, of devices, browsers, libraries, of languages in themselves, of places in the time zone database;
the sign for seconds, letters that show a colour and that stand for an address, the sign of mail programs for an answer,
and tags, which take no mark."""
UNITS = frozenset({"bytes", "kB", "MB", "GB", "TB"})
ADDRESS = re.compile(
    r"\S+@(?:ostreyvale|carrier|elsewhere)\.example|https?://[^\s⟦]+|(?<![^\s⟧])/[^\s⟦]+|\{\w+\}|#[0-9a-f]{6}\b|(?<=\+⟧)[A-Z]\b"
)
"""Of mail, of pages, of files; the places in which a script fills something in; colours; a key after Ctrl."""
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
TYPED = frozenset(
    {"name", "title", "body", "subject", "asked_0_label", "update", "reply", "comment", "label", "portal_name"}
    | {"quote", "replacement", "words", "answer", "summary", "query", "note", "why", "lines", "alt", "logo_alt"}
    | {"said", "done", "sender_name", "open_question", "what", "text", "channel", "reason", "audience", "readout"}
)
"""Fields of forms that take words."""
CHOSEN = frozenset({"yes", "no", "y", "article:1", "order", "did_not_work", "wrong", "later", "signed-in"})
"""What is chosen from a list in a field of the same name."""


def marked(text: str) -> str:
    """Put the mark before each word, so that a word stays marked wherever a page cuts the text; <addresses> stay."""
    return re.sub(r"(?<!\S)(?=[^\s<])", MARK, text)


MAILED = {name: marked("Ana") for name in ("who", "title", "name", "words", "sender", "code", "closes_on")} | {
    "address": "https://x.example/",
    "is_last": "",
    "minutes": "30",
    "number": "12",
    "url": "https://x.example/",
}
"""What news may tell a mail."""
MAILED_BY_A_JOB = frozenset({"accounts.reset_request"})
"""The answer must not tell whether there is such an account, so the mail is written later."""
IN_FACTS = re.compile(
    r"Her script|Script of everybody|Their directory|Our lorry cannot find your gate|\bPress\b|Finance|Kitchen"
)
"""Labels of tokens, as the ledger keeps them, a mail as it came, and departments as they were when
a survey or an intervention was frozen: none of them
can be marked afterwards."""


def _asked(instrument: Instrument) -> set[str]:
    """Return the sentences of an instrument: each has its own translations, which are held complete elsewhere."""
    said = {instrument.title, *instrument.scale.labels, instrument.scale.not_applicable}
    said |= {text for item in instrument.items for text in (item.before, item.after)}
    said |= {text for each in instrument.dimensions for text in (each.name, each.meaning)}
    for stage in instrument.stages:
        said |= {stage.name, stage.question, *stage.why.values()}
        said |= {text.removeprefix("Core. ") for text in stage.why.values()}
    return said | set(instrument.open_question.values())


ASKED = sorted({text for name in loading.names() for text in _asked(loading.load(name))}, key=len, reverse=True)
ASKED += sorted({text for flaw in flaws.rules() for text in (flaw.name, *flaw.handles)}, key=len, reverse=True)
IN_INSTRUMENTS = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in ASKED))
"""What surveys ask and tell of, in the words of their own files."""
PORTAL = Path(assets.STATIC).parent
REFUSALS = frozenset(
    ["Invalid", "Forbidden", "Conflict", "TooMany", "NotFound", "Unavailable", "ValidationError", "flash", "abort"]
)
SAID_BY_SCRIPT = re.compile(r"""(?:textContent|title|ariaLabel|placeholder)\s*=\s*["'`][^"'`]*\w""")
DRAWN_BY_STYLE = re.compile(r"""content:\s*["'][^"']*[A-Za-z]{2,}""")
CAUSED_BY_CODE = {("core", "Invalid"), ("jobs", "Conflict"), ("people", "Invalid")}
"""Folder and refusal of what only a mistake in the code can cause: an option nobody knows, a lost lease."""
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


def untranslated(text: str) -> list[str]:
    """Return the words outside of all brackets that carry no mark and are nobody's name."""
    outside = re.sub("⟦[^⟧]*⟧", " ", ADDRESS.sub(" ", IN_FACTS.sub(" ", IN_INSTRUMENTS.sub(" ", text))))
    words = (word.strip(".,:;()·“”") for word in WORD.findall(outside))
    return [word for word in words if MARK not in word and word not in KNOWN]


def _from_the_locale() -> frozenset[str]:
    """Return the names of months and weekdays, which come with the language's own data."""
    locale = Locale.parse(PSEUDO)
    named = (locale.months["format"], locale.days["format"])
    return frozenset(name for names in named for width in ("abbreviated", "wide") for name in names[width].values())


KNOWN = NAMES | UNITS | _from_the_locale() | {platform.platform(terse=True)}


class _Texts(HTMLParser):
    """Collects what is read of a page. A tree would be three times as slow, and this sees some thousand pages."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self._unread = 0
        """How many open elements hide all that is in them."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_hiding = tag in AS_THE_MACHINE_SAYS or (tag == "select" and "timezone" in given.get("name", ""))
        if tag not in VOID:
            self._open.append(f"{tag} hidden" if is_hiding else tag)
            self._unread += is_hiding
        if not self._unread:
            is_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
            for name, value in given.items():
                if READ_ALOUD.fullmatch(name) or SHOWN_LATER.fullmatch(name) or (name == "value" and is_button):
                    self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        names = [one.split()[0] for one in self._open]
        if tag in names:
            while self._open:
                name, *hidden = self._open.pop().split()
                self._unread -= bool(hidden)
                if name == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._unread and not (self._open and self._open[-1] in AS_PEOPLE_WROTE):
            self.found.append(data)


def texts(html: str) -> list[str]:
    """Return every text of a page that its reader sees or hears."""
    parser = _Texts()
    whole = re.sub("</?b>", "", html)  # a hit in bold cuts the word it is part of
    parser.feed(re.sub(f"{MARK}(</(?:del|ins)>)", rf"{MARK}\1{MARK}", whole))  # a comparison cuts a word off its mark
    parser.close()
    return parser.found


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


@pytest.fixture
def house(stopped_clock: StoppedClock, app: Flask) -> House:
    return House(app)


class Findings:
    """What was found untranslated, and where."""

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = defaultdict(set)
        self.n_pages = 0

    def look_at(self, response: TestResponse, where: str) -> None:
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            self.n_pages += 1
            self.read(response.text, f"{where} ({response.status_code})")
        response.close()

    def read(self, html: str, where: str) -> None:
        for text in texts(html):
            if found := untranslated(text):
                self.places[" ".join(found)].add(where)

    def __str__(self) -> str:
        return "\n".join(f"{words!r} on {sorted(where)[:3]}" for words, where in sorted(self.places.items()))


def test_no_page_has_a_word_that_no_other_language_can_replace(house: House) -> None:
    """Each page as everybody sees who gets there; how an address refuses, once for each way it does."""
    found, refused = Findings(), set()
    for row in declared():
        if row.method != "GET" or row.endpoint in EXEMPT or row.endpoint.startswith(DEMO):
            continue
        outcomes = dict(zip(COLUMNS, row.outcomes, strict=True))
        for column in READERS:
            refusal = (row.endpoint, outcomes[column])
            if outcomes[column] == "sign-in" or refusal in refused:  # a way to the sign-in has nothing to read
                continue
            if outcomes[column] != "yes":
                refused.add(refusal)
            found.look_at(house.visitors[column].get(house.place(row)), f"{row.endpoint} as {column}")
    assert not found.places, str(found)
    assert found.n_pages >= 300
    assert {outcome for _endpoint, outcome in refused} >= {"no", "none"}


def test_the_demo_speaks_all_languages_too(make_app: Callable[..., Flask]) -> None:
    """But for the names of its people."""
    app = make_app(demo=True)
    cast = {word for card in CARDS for word in (card.name, card.surname, card.initials)}
    found = Findings()
    with app.app_context():
        house = House(app)
        for row in declared():
            if row.method == "GET" and (row.endpoint.startswith(DEMO) or row.endpoint == "accounts.sign_in"):
                found.look_at(house.visitors["anonymous"].get(house.place(row)), row.endpoint)
    assert not {words for words in found.places if not cast.issuperset(words.split())}, str(found)
    assert found.n_pages >= 3


def test_what_a_form_answers_and_mails_is_translated_too(house: House) -> None:
    """Sent empty it is refused with words beside the fields; sent as it should be, it says what was done."""
    found, mailed = Findings(), set()
    for row in declared():
        outcomes = dict(zip(COLUMNS, row.outcomes, strict=True))
        column = next((name for name in reversed(READERS) if outcomes[name] == "yes"), None)
        if row.method == "GET" or column is None or row.endpoint.startswith((API, DEMO)):
            continue
        given = parse_qsl(row.body, keep_blank_values=True)
        filled_in = {name: marked(value) if name in TYPED and value not in CHOSEN else value for name, value in given}
        for body in ({}, filled_in):
            house.rewind()
            visitor, where = house.visitors[column], house.place(row)
            found.look_at(visitor.post(where, body, follow_redirects=True), f"{row.endpoint} {body}")
            if row.endpoint in MAILED_BY_A_JOB:
                Runner(house.app).drain()
            for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.id > house.last_mail)):
                mailed.add(mail.kind)
                found.read(f"<p>{escape(mail.subject)}<p>{escape(mail.text)}", f"the mail {mail.kind}")
                found.read(mail.html, f"the mail {mail.kind} as a page")
    for key in sorted(set(kinds.KINDS) - mailed):  # what jobs tell, and what only a second form can cause
        letter = afresh(house.app, letters.compose, kinds.get(key), MAILED, locale=PSEUDO)
        found.read(f"<p>{escape(letter.subject)}<p>{escape(letter.text)}", f"the mail {key}")
    assert not found.places, str(found)
    assert found.n_pages >= 50
    assert len(mailed) >= 10, " ".join(sorted(mailed))


def test_errors_are_told_in_the_language_of_the_reader(house: House) -> None:
    found = Findings()
    for code in sorted(PAGES):
        found.read(afresh(house.app, answer, code, "").get_data(as_text=True), f"the page of {code}")
    assert not found.places, str(found)


def test_refusals_are_not_written_in_one_language() -> None:
    """What a service refuses is shown to people; only what no person can cause may stay as it is."""
    calls = (
        (path.relative_to(PORTAL), call)
        for path in sorted(PORTAL.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _name(call.func) in REFUSALS
    )
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)}"
        for path, call in calls
        if any(map(_is_plain, call.args[:2])) and (path.parent.name, _name(call.func)) not in CAUSED_BY_CODE
    ]
    assert found == []


def _is_plain(given: ast.expr) -> bool:
    """True for a text with a space in it, which is a sentence and no name of a kind."""
    if isinstance(given, ast.JoinedStr):
        return any(map(_is_plain, given.values))
    return isinstance(given, ast.Constant) and isinstance(given.value, str) and " " in given.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_scripts_and_style_sheets_say_nothing_of_their_own() -> None:
    """They show words that the page hands them in attributes."""
    said = {
        path.name: found
        for path in sorted((assets.STATIC / "js").rglob("*.js"))
        if (
            found := re.findall(
                r"""(?:textContent|title|ariaLabel|placeholder)\s*=\s*["'`][^"'`]*\w""", path.read_text()
            )
        )
    }
    drawn = {
        path.name: found
        for path in sorted((assets.STATIC / "css").rglob("*.css"))
        if (found := DRAWN_BY_STYLE.findall(path.read_text()))
    }
    assert said == {}
    assert drawn == {}


def test_a_word_written_into_the_code_would_be_found() -> None:
    assert untranslated("⟦Hello~~⟧ ¤Ana ⟦, you have~~⟧ 3 ⟦new things~~⟧, 9 Mar 2026") == []
    assert untranslated("⟦Hello~~⟧ ¤Ana Ruiz, you have ⟦mail~~⟧") == ["Ruiz", "you", "have"]
    assert list(
        filter(untranslated, texts('<a title="Close"><code>dity db</code></a><p data-none="None"><b>¤Wi</b>Fi'))
    ) == [
        "Close",
        "None",
    ]
