"""Whatever is typed, sent twice, sent broken or sent in masses: an answer, never an error (QUALITY R13, forms).

Every route of roles.toml, by the strongest person who gets there; each field and argument in turn. A part of the
values for each field by a fixed seed; all of them by TORTURE=1.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from urllib.parse import quote_plus, urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.contracts.trying import Try, reachable
from tests.contracts.world import World

pytestmark = pytest.mark.slow

SEED = 20_260_309
OF_EACH_FIELD = 1000 if os.environ.get("TORTURE") else 4

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
ARGUMENTS = (
    "q",
    "page",
    "before",
    "state",
    "next",
    "platform",
    "via",
    "s",
    "rank",
    "category",
    "scope",
    "person",
    "day",
    "name",
)
"""Query arguments that pages read; each is tried on every page."""


def fields_of(one: Try) -> list[str]:
    return [*one.body, "form_token", "csrf_token", "unknown"]


def drawn(names: list[str], draw: random.Random) -> Iterator[tuple[str, str, bytes]]:
    for name in names:
        for label in draw.sample(sorted(BAD), min(OF_EACH_FIELD, len(BAD))):
            yield name, label, BAD[label]


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
        for name, label, value in drawn(fields_of(one), draw):
            rest = {**one.body, "csrf_token": visitor.csrf_token()}
            rest.pop(name, None)
            for repeated in (1, 2):
                sent = b"&".join([urlencode(rest).encode(), *[name.encode() + b"=" + value] * repeated])
                response = visitor.open(
                    one.address, method=one.row.method, data=sent, content_type="application/x-www-form-urlencoded"
                )
                if found := complaint(one, response):
                    wrong.append(f"{found} after {name} = {label} × {repeated}")
    assert not wrong, "\n".join(wrong)


def test_every_argument_of_every_page_takes_anything(app: Flask) -> None:
    world, draw, wrong = World(app), random.Random(SEED), []
    world.rewind()
    for one in reachable(world, "GET"):
        known = [name for name in ARGUMENTS if len(ARGUMENTS) <= OF_EACH_FIELD or draw.random() < 0.5]
        for name, label, value in drawn(known, draw):
            value = value[:20_000]  # an address this long is refused by the server before
            path = one.address.split("?")[0]
            response = world.visitors[one.column].get(f"{path}?{name}={value.decode()}&{name}=x")
            if found := complaint(one, response):
                wrong.append(f"{found} after {name} = {label}")
    assert not wrong, "\n".join(wrong)


def test_every_piece_of_every_address_takes_anything(app: Flask) -> None:
    world, draw, wrong = World(app), random.Random(SEED), []
    world.rewind()
    for one in reachable(world, "GET"):
        for argument in sorted(one.rule.arguments):
            for label in draw.sample(sorted(BAD), min(8, len(BAD))):
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
