"""Whatever is typed, sent twice, sent broken or sent in masses: an answer, never an error (QUALITY R13, forms).

Every route of roles.toml, by the strongest person who gets there; each field and argument in turn. A part of the
values for each field by a fixed seed; all of them by TORTURE=1.
"""

from __future__ import annotations

import os
import random
from urllib.parse import quote_plus, urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.contracts.trying import Try, reachable
from tests.contracts.world import World

pytestmark = pytest.mark.slow

SEED = 20_260_309
OF_EACH_FIELD = 1000 if os.environ.get("TORTURE") else 2

BAD: dict[str, bytes] = {
    "nul": b"%00",
    "nul inside": b"a%00b",
    "a megabyte": b"A" * 1_000_000,
    "a megabyte of brackets": b"%5B" * 300_000,
    "a huge number": b"9" * 40,
    "a number past a row": b"2147483648",
    "a number past 64 bits": b"9223372036854775808",
    "a negative number": b"-1",
    "no finite number": b"1e309",
    "not a number": b"NaN",
    "digits of another script": quote_plus("٣٤").encode(),
    "a superscript": quote_plus("²").encode(),
    "broken UTF-8": b"%ff%fe%80",
    "an overlong form": b"%c0%af",
    "half a pair": b"%ed%a0%80",
    "from right to left": quote_plus("\u202eabc\u2066").encode(),
    "an emoji": quote_plus("👩‍👩‍👧‍👦" * 50).encode(),
    "a lonely accent": quote_plus("\u0301" * 2000).encode(),
    "spaces": b"+" * 3000,
    "line breaks": b"%0d%0aX-Planted:+yes%0d%0a",
    "markup": quote_plus("\"'><script>alert(1)</script>").encode(),
    "a template": quote_plus("{{7*7}}${7*7}%(a)s{0}").encode(),
    "a query": quote_plus("' OR 1=1; --").encode(),
    "search signs": quote_plus('" * NEAR ^ : ( ) [ TO ] ~').encode(),
    "a path": quote_plus("../../../etc/passwd").encode(),
    "a date that is none": b"2026-02-30",
    "the first day": b"0001-01-01",
    "the last day": b"9999-12-31",
    "an hour that is none": b"25:61",
    "a zone that is none": quote_plus("../UTC").encode(),
    "nothing": b"",
}
ALWAYS = ("a huge number", "a number past 64 bits", "broken UTF-8", "spaces")
"""Tried on every field; of the others some."""
NUMBERS = ("page", "before", "said_before", "notes_before", "rank", "person", "department", "again")
TEXTS = (
    "q",
    "state",
    "next",
    "platform",
    "via",
    "s",
    "of",
    "kind",
    "tag",
    "category",
    "scope",
    "role",
    "day",
    "name",
    "tried",
)
"""Query arguments that pages read; tried on every page, whether it reads them or not."""


def fields_of(one: Try) -> list[str]:
    return [*one.body, "form_token", "csrf_token", "unknown"]


def values(draw: random.Random, n: int) -> list[str]:
    """Return the names of some bad values, the worst always among them, in the order of the seed."""
    return sorted({*ALWAYS, *draw.sample(sorted(BAD), min(n, len(BAD)))})


def complaint(one: Try, response: TestResponse) -> str | None:
    response.close()
    if response.status_code >= 500:
        return f"{one}: {response.status_code}"
    if not response.content_type and response.status_code not in (204, 304):
        return f"{one}: no content type"
    if (response.mimetype.startswith("text/") and "Traceback" in response.text) or "X-Planted" in response.headers:
        return f"{one}: it shows in the answer"
    return None


def test_every_field_of_every_form_takes_anything(app: Flask) -> None:
    world, draw, wrong = World(app), random.Random(SEED), []
    for one in reachable(world, "POST", "PUT", "PATCH", "DELETE"):
        world.rewind()
        visitor = world.visitors[one.column]
        for name, label in ((name, label) for name in fields_of(one) for label in values(draw, OF_EACH_FIELD)):
            rest = {**one.body, "csrf_token": visitor.csrf_token()}
            rest.pop(name, None)
            for repeated in (1, 2) if draw.random() < 0.2 or len(BAD) < OF_EACH_FIELD else (1,):
                sent = b"&".join([urlencode(rest).encode(), *[name.encode() + b"=" + BAD[label]] * repeated])
                response = visitor.open(
                    one.address, method=one.row.method, data=sent, content_type="application/x-www-form-urlencoded"
                )
                if found := complaint(one, response):
                    wrong.append(f"{found} after {name} = {label} × {repeated}")
    assert not wrong, "\n".join(wrong)


def test_every_argument_of_every_page_takes_anything(app: Flask) -> None:
    """All numbers at once, then all texts at once, each twice over."""
    world, draw, wrong = World(app), random.Random(SEED), []
    world.rewind()
    for one in reachable(world, "GET"):
        path = one.address.split("?")[0]
        for names in (NUMBERS, TEXTS):
            for label in values(draw, 2 * OF_EACH_FIELD):
                value = BAD[label][: 8000 // len(names)].decode()  # a server refuses longer addresses before us
                query = "&".join(f"{name}={value}&{name}=x" for name in names)
                if found := complaint(one, world.visitors[one.column].get(f"{path}?{query}")):
                    wrong.append(f"{found} after {names[0]} and others = {label}")
    assert not wrong, "\n".join(wrong)


def test_every_piece_of_every_address_takes_anything(app: Flask) -> None:
    world, draw, wrong = World(app), random.Random(SEED), []
    world.rewind()
    for one in reachable(world, "GET"):
        for argument in sorted(one.rule.arguments):
            for label in values(draw, 2 * OF_EACH_FIELD):
                text = BAD[label][:2000].decode() or "%20"
                address = filled(one, argument, text)
                response = world.visitors[one.column].get(address)
                if found := complaint(one, response):
                    wrong.append(f"{found} after {argument} = {label}")
    assert not wrong, "\n".join(wrong)


def filled(one: Try, argument: str, text: str) -> str:
    """Return the address with one piece replaced and the others as they were, at least nearly."""
    pieces = []
    for is_dynamic, piece in one.rule._trace:
        pieces.append((text if piece == argument else "1") if is_dynamic else piece.lstrip("|"))
    return "".join(pieces)


def test_bodies_that_are_no_form_are_taken_too(app: Flask) -> None:
    world, wrong = World(app), []
    for one in reachable(world, "POST", "PUT", "PATCH", "DELETE"):
        world.rewind()
        visitor = world.visitors[one.column]
        for kind, body in (
            ("application/json", b'{"a":'),
            ("application/json", b"[" * 100_000),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a"),
            ("multipart/form-data", b"x"),
            ("application/x-www-form-urlencoded; charset=utf-7", b"+AGE-=b"),
            ("text/plain\x00", b"x"),
            ("application/x-www-form-urlencoded", b"&=&=&;%%%=%zz" * 100),
        ):
            headers = {"X-CSRFToken": visitor.csrf_token()}
            response = visitor.open(one.address, method=one.row.method, data=body, content_type=kind, headers=headers)
            if found := complaint(one, response):
                wrong.append(f"{found} after {kind}")
    assert not wrong, "\n".join(wrong)
