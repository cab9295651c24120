"""Every word of the interface goes through translation (Build 8).

Pages and mails are read in the pseudo-locale, which puts each translated string in brackets, in a house whose own
words all carry a mark. A word that has neither was written into the code, and no other language can replace it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from portal.core import assets
from portal.core.database import db
from portal.core.i18n import PSEUDO
from portal.core.pages import PAGES, answer
from portal.demo.cards import CARDS
from portal.jobs.runner import Runner
from portal.notifications import kinds, letters
from portal.notifications.models import OutboxMail
from tests.conftest import StoppedClock
from tests.contracts.marked_house import House, afresh, marked
from tests.contracts.untranslated import Findings, texts, untranslated
from tests.contracts.world import API
from tools.docs.routes import COLUMNS, declared

pytestmark = pytest.mark.slow

READERS = ("anonymous", "reader", "agent", "editor", "admin")
EXEMPT = frozenset({"styleguide.show", "writing.how_to_write", "reference.page", "reference.operation"})
"""The style guide shows components to those who build the portal; its samples stand for content. How to write shows
whole translated texts as pages, cut into words by the marks they explain. The reference tells operations in the words
of the OpenAPI document, which programmers read in English."""

DEMO = "demo."
TYPED = frozenset(
    {"name", "title", "body", "subject", "asked_0_label", "update", "reply", "comment", "label", "portal_name"}
    | {"quote", "replacement", "words", "answer", "summary", "query", "note", "why", "lines", "alt", "logo_alt"}
    | {"said", "done", "sender_name", "open_question", "what", "text", "channel", "reason", "audience", "readout"}
)
"""Fields of forms that take words."""
CHOSEN = frozenset({"yes", "no", "y", "article:1", "order", "did_not_work", "wrong", "later", "signed-in"})
"""What is chosen from a list in a field of the same name."""


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
PORTAL = Path(assets.STATIC).parent
REFUSALS = frozenset(
    ["Invalid", "Forbidden", "Conflict", "TooMany", "NotFound", "Unavailable", "ValidationError", "flash", "abort"]
)
SAID_BY_SCRIPT = re.compile(r"""(?:textContent|title|ariaLabel|placeholder)\s*=\s*["'`][^"'`]*\w""")
DRAWN_BY_STYLE = re.compile(r"""content:\s*["'][^"']*[A-Za-z]{2,}""")
CAUSED_BY_CODE = {("core", "Invalid"), ("jobs", "Conflict"), ("people", "Invalid")}
"""Folder and refusal of what only a mistake in the code can cause: an option nobody knows, a lost lease."""


@pytest.fixture
def house(stopped_clock: StoppedClock, app: Flask) -> House:
    return House(app)


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
        if (found := SAID_BY_SCRIPT.findall(path.read_text()))
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
