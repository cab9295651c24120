"""Whatever is typed, sent twice, sent broken or sent in masses: an answer, never an error (QUALITY R13, forms).

Every route of roles.toml, by the strongest person who gets there; each field and argument in turn. A part of the
values for each field by a fixed seed; all of them by TORTURE=1. What is alike on every page (the tokens of forms, a
field that nobody asks for, arguments that the page never reads) gets one value a page, another one on the next: every
value still meets it many times. So does what was tried before: the same form on another thing, or by somebody else.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import cycle
from typing import Any, ClassVar
from urllib.parse import quote_plus, urlencode

import pytest
from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from tests.contracts.trying import Try, reachable
from tests.contracts.world import World

pytestmark = pytest.mark.slow

SEED = 20_260_309
IS_DEEP = bool(os.environ.get("TORTURE"))
OF_EACH_FIELD = 1000 if IS_DEEP else 2

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
EVERYWHERE = ("csrf_token", "form_token", "unknown")
"""Fields that every form has, or none."""
ON_EVERY_PAGE = frozenset({"q"})
"""Arguments that the head of every page reads."""
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
"""Query arguments that pages read; those of each page are noticed and tried as well, whether they are here or not."""


class Noticed(ImmutableMultiDict[str, str]):
    """Query arguments that remember by which names they were asked for."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, *args: Any, **kw: Any) -> list[Any]:
        self.names.add(key)
        found: list[Any] = super().getlist(key, *args, **kw)
        return found

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def items(self, *args: Any, **kw: Any) -> Any:
        self.names.add("anything")
        return super().items(*args, **kw)

    def values(self) -> Any:
        self.names.add("anything")
        return super().values()


class Noticing(Request):
    """A request that remembers which query arguments were read."""

    @property
    def args(self) -> Any:
        found = self.__dict__.get("noticed")
        if found is None:
            found = self.__dict__["noticed"] = Noticed(super().args)
        return found


def fields_of(
    one: Try, draw: random.Random, turn: Iterator[str], *, is_again: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield each field with each value it gets: some for a field of the form's own, the next in turn for others.

    Where the route was tried before, on another thing or by somebody else, the next in turn for all.
    """
    for name in dict.fromkeys([*one.body, *EVERYWHERE]):
        if IS_DEEP or (name not in EVERYWHERE and not is_again):
            yield from ((name, label) for label in values(draw, OF_EACH_FIELD))
        else:
            yield name, next(turn)


def values(draw: random.Random, n: int) -> list[str]:
    """Return the names of some bad values, the worst always among them, in the order of the seed."""
    return sorted({*ALWAYS, *draw.sample(sorted(BAD), min(n, len(BAD)))})


def complaint(one: Try, response: TestResponse) -> str | None:
    text = response.text if response.mimetype.startswith("text/") else ""  # before a file that is sent gets closed
    response.close()
    if response.status_code >= 500:
        return f"{one}: {response.status_code}"
    if not response.content_type and response.status_code not in (204, 304):
        return f"{one}: no content type"
    if "Traceback" in text or "X-Planted" in response.headers:
        return f"{one}: it shows in the answer"
    return None


def test_every_field_of_every_form_takes_anything(app: Flask) -> None:
    world, draw, wrong, turn = World(app), random.Random(SEED), [], cycle(sorted(BAD))
    tried = set()
    for one in reachable(world, "POST", "PUT", "PATCH", "DELETE"):
        world.rewind()
        visitor, is_again = world.visitors[one.column], (one.row.route, *one.body) in tried
        tried.add((one.row.route, *one.body))
        for name, label in fields_of(one, draw, turn, is_again=is_again):
            rest = {**one.body, "csrf_token": visitor.csrf_token()}
            rest.pop(name, None)
            for repeated in (1, 2) if IS_DEEP else (1 + (draw.random() < 0.2),):
                sent = b"&".join([urlencode(rest).encode(), *[name.encode() + b"=" + BAD[label]] * repeated])
                response = visitor.open(
                    one.address, method=one.row.method, data=sent, content_type="application/x-www-form-urlencoded"
                )
                if found := complaint(one, response):
                    wrong.append(f"{found} after {name} = {label} × {repeated}")
    assert not wrong, "\n".join(wrong)


def test_every_argument_of_every_page_takes_anything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """All numbers at once, then all texts at once, each twice over; one value where the page reads none of them."""
    monkeypatch.setattr(app, "request_class", Noticing)
    world, draw, wrong, turn = World(app), random.Random(SEED), [], cycle(sorted(BAD))
    world.rewind()
    n_reading = 0
    for one in reachable(world, "GET"):
        visitor, path = world.visitors[one.column], one.address.split("?")[0]
        Noticed.names = set()
        for n, names in enumerate((NUMBERS, TEXTS)):
            for k, label in enumerate([next(turn), *values(draw, 2 * OF_EACH_FIELD)]):
                asked = Noticed.names - ON_EVERY_PAGE
                if k and not IS_DEEP and not asked & {*names, "anything"} and (n == 0 or not asked - {*NUMBERS}):
                    break  # it reads nothing of these
                every = [*names, *(sorted(asked - {*NUMBERS, *TEXTS, "anything"}) if n else ())]
                value = BAD[label][: 8000 // len(every)].decode()  # a server refuses longer addresses before us
                query = "&".join(f"{name}={value}&{name}=x" for name in every)
                if found := complaint(one, visitor.get(f"{path}?{query}")):
                    wrong.append(f"{found} after {every[0]} and others = {label}")
        n_reading += bool(Noticed.names - ON_EVERY_PAGE)
    assert not wrong, "\n".join(wrong)
    assert n_reading >= 30, "hardly any page was seen to read its arguments"


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
