"""Whatever is typed, pasted or forged, no page breaks (QUALITY R13): every route, every field, every argument."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from wtforms.fields.core import UnboundField

from portal.core.forms import Form
from tests.contracts.test_routes import addresses
from tests.factories import kb
from tests.people import ADA, Visitor
from tests.torture.stage import rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]

PORTAL = Path(__file__).resolve().parents[2] / "portal"

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: a=b\r\n\r\n",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9" * 25,
    "99999999999999999999999999",
    "' OR 1=1 --",
    '" * NEAR ^ : ( [',
    "AND OR NOT",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "%s%n%(x)s{0}{}",
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "//elsewhere.example/",
    "\u202ereversed\u2066",
    "\ufeff\u200b\u2028\u2029",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "Z̷͎͒a̵l̶g̵o̶" * 20,
    "ß" * 300,
    "a" * 5_000,
    "[" * 3_000 + "](" * 50,
    "2026-02-30",
    "25:61",
    "UTC+99",
    "a@b@c..d",
    "on",
    "True",
)


@pytest.fixture
def lived_in(db: Any) -> None:
    """Something behind each kind of address."""
    kb.article(slug="vpn-drops")
    kb.category(slug="topic")
    db.session.commit()


def arguments() -> list[str]:
    """Return every name that some view looks for in an address."""
    asked = re.compile(r"""(?:request\.(?:args|values)(?:\.get|\.getlist)?[(\[]|\bnumber\()\s*["'](\w+)["']""")
    return sorted({name for path in PORTAL.rglob("*.py") for name in asked.findall(path.read_text())})


def field_names() -> list[str]:
    """Return every name of a field in any form, and names no form has."""
    found: set[str] = {"id", "person_id", "is_active", "__class__", "items"}
    waiting: list[type] = [Form]
    while waiting:
        kind = waiting.pop()
        found |= {name for name, value in vars(kind).items() if isinstance(value, UnboundField)}
        waiting += kind.__subclasses__()
    return sorted(found - {"csrf_token"})


def judge(response: Any, what: str) -> Iterator[str]:
    if response.status_code >= 500 and response.status_code != 503:
        yield f"{what} → {response.status_code}"
    if response.status_code not in (204, 304) and "Content-Type" not in response.headers:
        yield f"{what}: no content type"
    if "Traceback (most recent" in response.get_data(as_text=True):
        yield f"{what}: a trace"


def test_the_lists_of_names_are_not_empty(app: Flask) -> None:
    assert {"q", "page"} <= set(arguments())
    assert {"body", "solved", "email"} <= set(field_names())


@pytest.mark.usefixtures("lived_in")
@pytest.mark.both
def test_no_argument_breaks_a_page(app: Flask, ada: Visitor) -> None:
    wrong: list[str] = []
    for _, _, address in addresses(app, changing=False):
        for nasty in NASTY[:: 1 if rounds(0, 1) else 3]:
            query = "&".join(f"{name}={quote(nasty)}" for name in arguments())
            if len(query) < 16_000:
                wrong += judge(ada.get(f"{address}?{query}"), f"{address} with {nasty[:40]!r}")
    assert wrong == []


@pytest.mark.usefixtures("lived_in")
def test_no_address_breaks_a_page(app: Flask, ada: Visitor) -> None:
    wrong: list[str] = []
    for rule in app.url_map.iter_rules():
        if rule.arguments and "GET" in (rule.methods or set()):
            for nasty in NASTY:
                address = re.sub(r"<[^>]+>", lambda _, text=nasty: quote(text[:2000], safe=""), rule.rule)
                wrong += judge(ada.get(address), address[:80])
    for raw in ("/%ff%fe", "/kb/%c0%ae%c0%ae", "/search?q=%ff", "/%00", "/kb/%E2%80%AE", "/kb//", "/./kb/../kb/"):
        wrong += judge(ada.get(raw), raw)
    assert wrong == []


@pytest.mark.usefixtures("lived_in")
@pytest.mark.both
def test_no_form_breaks_whatever_is_in_its_fields(app: Flask, visit: Callable[..., Visitor]) -> None:
    wrong: list[str] = []
    names = field_names()
    for endpoint, method, address in addresses(app, changing=True):
        someone = visit(ADA)  # some forms end one's own session
        for nasty in NASTY[:: 1 if rounds(0, 1) else 2]:
            response = (
                someone.post(address, dict.fromkeys(names, nasty))
                if method == "POST"
                else someone.open(address, method=method)
            )
            wrong += judge(response, f"{endpoint} with {nasty[:40]!r}")
            if response.status_code in (302, 303) and "sign-in" in (response.location or ""):
                someone.sign_in()
    assert wrong == []


@pytest.mark.usefixtures("lived_in")
def test_no_body_breaks_a_form(app: Flask, visit: Callable[..., Visitor]) -> None:
    """Bodies that are no forms, bad text, a megabyte, a field given twice, far too many fields."""
    wrong: list[str] = []
    bodies: tuple[tuple[str, bytes], ...] = (
        ("application/json", b'{"body": ["x", {"y": null}]}'),
        ("application/json", b"{not json"),
        ("text/plain", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", b"body=%ff%fe&title=%80&body=again"),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1500))),
        ("application/x-www-form-urlencoded", b"body=" + b"a" * 1_200_000),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nno end'),
        ("multipart/form-data", b"without a boundary"),
    )
    for endpoint, method, address in addresses(app, changing=True):
        someone = visit(ADA)
        for kind, body in bodies:
            headers = {"Content-Type": kind, "X-CSRFToken": someone.csrf_token()}
            response = someone.open(address, method=method, data=body, headers=headers)
            wrong += judge(response, f"{endpoint} with {kind}: {body[:30]!r}")
    assert wrong == []


@pytest.mark.usefixtures("lived_in")
def test_random_words_break_nothing(app: Flask, visit: Callable[..., Visitor]) -> None:
    """A fixed seed here, a hundred thousand by `make torture`."""
    chance, wrong = random.Random(20), []
    alphabet = string.printable + "äßçø漢字🪑\u0000\u202e\u00a0"
    forms = list(addresses(app, changing=True))
    pages = [address for _, _, address in addresses(app, changing=False)]
    names, asked = field_names(), arguments()
    someone = visit(ADA)

    def text() -> str:
        return "".join(chance.choice(alphabet) for _ in range(int(chance.expovariate(0.05))))

    for _ in range(rounds(300, 100_000)):
        if chance.random() < 0.5:
            query = "&".join(f"{name}={quote(text())}" for name in chance.sample(asked, k=min(3, len(asked))))
            wrong += judge(someone.get(f"{chance.choice(pages)}?{query}"), query)
        else:
            endpoint, method, address = chance.choice(forms)
            fields = {name: text() for name in chance.sample(names, k=min(6, len(names)))}
            response = someone.post(address, fields, method=method)
            wrong += judge(response, f"{endpoint} {fields}")
            if response.status_code in (302, 303) and "sign-in" in (response.location or ""):
                someone.sign_in()
    assert wrong == []
