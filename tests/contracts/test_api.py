"""The API does what its document says, whatever is sent to it (QUALITY R13, S5).

Requests are drawn from the document itself: as it asks for, and each kind of not so. In tests every answer is held
against the declaration (`core.operations.serving.check`), so an undocumented status or shape is a 500 here.
"""

from __future__ import annotations

import json
import os
import random
import re
import string
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from portal.accounts import tokens
from portal.core.actor import system
from portal.core.database import db
from portal.core.operations.document import document
from portal.core.operations.operation import PREFIX, PROBLEMS, problem_type
from portal.core.registry import registry
from portal.core.scopes import Scope
from portal.people import services as people
from portal.search import jobs as search
from tests.factories import adoption, community, kb, roadmap
from tests.people import Visitor
from tests.programs import Program, program

TRIES = 100_000 if os.environ.get("TORTURE") else 1_000
NASTY = [
    "", " ", "\x00", "\ud800", "😀" * 30, "a" * 3000, "null", "-1", "1e999", "0", "true", "../../etc/passwd", "%00",
    "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "\u202e", "\r\nX: y", "kb:", "۱۲", "İ", "ﬀ",
    "a\u0301" * 40, "9" * 400, "%ff", "2026-13-45T99:99:99Z", "2026-03-09T09:00:00+23:59", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
]  # fmt: skip
RAW = [
    b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":NaN}', b'{"a":1,"a":2}', b"[" * 5000, b'"' + b"a" * 100 + b'"',
    b'{"title":"\\ud800"}', b"1" * 10_000, b"{}" + b" " * 1_100_000,
]  # fmt: skip
JSON = "application/json"
UNASKED = ["If-Match", "If-None-Match", "If-Unmodified-Since", "Range", "Accept", "X-HTTP-Method-Override", "Expect"]
TYPES = [JSON, f"{JSON}; charset=utf-8", "text/plain", "application/xml", "", "multipart/form-data"]


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    with app.test_request_context():
        return document(registry().operations.values())


def test_the_document_holds_together(spec: dict[str, Any]) -> None:
    """It was also held against the OpenAPI 3.1 schema when it was made (docs/adr/0010)."""
    text = json.dumps(spec)
    for name in re.findall(r'"#/components/schemas/(\w+)"', text):
        assert name in spec["components"]["schemas"]
    ids = [one["operationId"] for methods in spec["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids)) == len(registry().operations)
    for path, methods in spec["paths"].items():
        for one in methods.values():
            named = {parameter["name"] for parameter in one["parameters"] if parameter["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert one["summary"]
            assert {"401", "403", "429"} <= set(one["responses"])
    assert len({problem_type(kind) for kind in PROBLEMS}) == len(PROBLEMS)


def test_the_document_and_the_page_are_there_without_and_with_a_sign_in(stranger: Visitor, ana: Visitor) -> None:
    given = stranger.get(f"{PREFIX}/openapi.json")
    assert given.json["openapi"] == "3.1.0"
    again = stranger.get(f"{PREFIX}/openapi.json", headers={"If-None-Match": given.headers["ETag"]})
    assert again.status_code == 304
    page = ana.page(f"{PREFIX}/")
    for operation in registry().operations.values():
        assert operation.summary in page.text
        assert operation.path in ana.page(f"{PREFIX}/operations/{operation.name}").text


class Draws:
    """Values drawn from schemas of the document, from one seed."""

    def __init__(self, spec: dict[str, Any], seed: int, known: dict[str, list[Any]]) -> None:
        self._schemas = spec["components"]["schemas"]
        self.any = random.Random(seed)
        self._known = known
        """Values that stand for something, by the name of the field or parameter."""

    def named(self, name: str, schema: dict[str, Any], *, wrong: float) -> Any:
        if name in self._known and self.any.random() < 0.7:
            return self.any.choice(self._known[name])
        return self.value(schema, wrong=wrong)

    def value(self, schema: dict[str, Any], *, wrong: float = 0.0) -> Any:
        """Draw a value of this shape; with some chance one of another at each place."""
        if self.any.random() < wrong:
            return self.any.choice([None, True, -1, 2**70, 1.5, [], {}, [[]], {"a": None}, self.any.choice(NASTY)])
        if "$ref" in schema:
            return self.value(self._schemas[schema["$ref"].rsplit("/", 1)[1]], wrong=wrong)
        if "anyOf" in schema:
            return self.value(self.any.choice(schema["anyOf"]), wrong=wrong)
        kind = self.any.choice(schema["type"]) if isinstance(schema["type"], list) else schema["type"]
        if "enum" in schema:
            return self.any.choice(schema["enum"])
        return getattr(self, f"_{kind}")(schema, wrong)

    def _null(self, _schema: dict[str, Any], _wrong: float) -> None:
        return None

    def _boolean(self, _schema: dict[str, Any], _wrong: float) -> bool:
        return self.any.random() < 0.5

    def _integer(self, schema: dict[str, Any], _wrong: float) -> int:
        least, most = schema.get("minimum", 0), schema.get("maximum", 2**31 - 1)
        return self.any.choice([least, most, min(most, least + 1), self.any.randint(least, most)])

    def _string(self, schema: dict[str, Any], _wrong: float) -> str:
        if schema.get("format") == "date-time":
            return f"20{self.any.randint(10, 30)}-0{self.any.randint(1, 9)}-1{self.any.randint(0, 9)}T08:30:00Z"
        given = schema.get("examples", [])
        if given and self.any.random() < 0.5:
            return str(given[0])
        least, most = schema.get("minLength", 0), min(schema.get("maxLength", 60), 400)
        n = self.any.choice([least, most, self.any.randint(least, most)])
        letters = self.any.choice([string.ascii_lowercase, string.printable, "äöß 漢字😀-#*[]()!`~|\n"])
        return "".join(self.any.choice(letters) for _ in range(n))[:most].ljust(least, "a")

    def _array(self, schema: dict[str, Any], wrong: float) -> list[Any]:
        n = self.any.randint(0, min(schema.get("maxItems", 3) + (self.any.random() < wrong), 13))
        return [self.value(schema["items"], wrong=wrong) for _ in range(n)]

    def _object(self, schema: dict[str, Any], wrong: float) -> dict[str, Any]:
        needed = set(schema.get("required", ()))
        found = {
            name: self.named(name, one, wrong=wrong)
            for name, one in schema.get("properties", {}).items()
            if (name in needed and self.any.random() >= wrong / 4) or self.any.random() < 0.5
        }
        return found | (
            {self.any.choice(["id", "role", "status", "author_id"]): 1} if self.any.random() < wrong else {}
        )


class Caller:
    """Calls operations of the document, well and badly."""

    def __init__(self, spec: dict[str, Any], draws: Draws) -> None:
        self._draws = draws
        self._calls = [
            (path, method.upper(), one) for path, methods in spec["paths"].items() for method, one in methods.items()
        ]

    def call(self, by: Program) -> tuple[str, Any]:
        """Call one; returns what was called, for the message, and the answer."""
        any_, draws = self._draws.any, self._draws
        path, method, one = any_.choice(self._calls)
        wrong = any_.choice([0.0, 0.0, 0.1, 0.4])
        query: list[tuple[str, str]] = []
        headers: dict[str, str] = {}
        for parameter in one["parameters"]:
            name, where = parameter["name"], parameter["in"]
            drawn = draws.named(name, parameter["schema"], wrong=wrong)
            value = drawn if isinstance(drawn, str) else json.dumps(drawn)
            if where == "path":
                path = path.replace(f"{{{name}}}", quote(value.encode("utf-8", "ignore"), safe="") or "x")
            elif where == "query" and (parameter["required"] or any_.random() < 0.4):
                query += [(name, value)] * (2 if any_.random() < wrong / 4 else 1)
            elif where == "header" and any_.random() >= wrong:
                headers[name] = any_.choice(['"revision-0"', '"draft-1-1"', '"x"', "*", "", value])
        if any_.random() < wrong / 2:
            headers[any_.choice(UNASKED)] = any_.choice(['"x"', "*", "bytes=0-1", "DELETE", "text/html", "gzip", "xx"])
        if any_.random() < wrong / 2:
            query.append((any_.choice(["admin", "limit", "page"]), any_.choice(NASTY)))
        sent: dict[str, Any] = {}
        if "requestBody" in one:
            schema = one["requestBody"]["content"]["application/json"]["schema"]
            sent["data"] = json.dumps(draws.value(schema, wrong=wrong)).encode()
            sent["content_type"] = "application/json"
            if any_.random() < wrong / 3:
                sent["data"] = any_.choice(RAW)
            if any_.random() < wrong / 4:
                sent["content_type"] = any_.choice(TYPES)
        headers = {name: "".join(c for c in value if 32 <= ord(c) < 127) for name, value in headers.items()}
        query = [(name, value.encode("utf-8", "ignore").decode()) for name, value in query]
        answer = by.open(method, PREFIX + path, query_string=query, headers=headers, **sent)
        return f"{method} {path} {query} {headers} {str(sent)[:300]}", answer


@pytest.mark.torture
@pytest.mark.slow
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    make_app: Any, app: Flask, ada: Visitor, dara: Visitor, ana: Visitor, eli: Visitor, spec: dict[str, Any]
) -> None:
    articles = [kb.article(), kb.article(access_key="a7"), kb.article(status="draft")]
    said = community.answer(community.question(asker_id=ana.person_id), author_id=dara.person_id)
    many = 10**9
    settings = {"api_reads_per_minute": many, "api_changes_per_minute": many, "searches_per_minute": many}
    open_app = make_app(**settings, suggestions_per_minute=many)
    for asked in range(4):
        roadmap.idea(f"Idea {asked}", by=ana.person)
        adoption.goal(eli.actor)
    roles = {who: who.actor.roles for who in (ada, dara, ana, eli)}

    def let_in() -> list[Program]:
        """Give everybody a fresh token, also who was shut out or lost a role by what was sent."""
        for who, had in roles.items():
            people.reactivate(system("tests"), who.person)
            people.set_roles(system("tests"), who.person, had)
            tokens.revoke_all(system("tests"), who.person_id or 0)
        db.session.commit()
        return [Program(open_app, program(who, *tokens.offered_to(who.actor)).token) for who in roles]

    search.rebuild({})
    callers = let_in()
    known = {
        "slug": [article.slug for article in articles],
        "number": [said.question_id, said.question_id, said.question_id, 999_999],
        "answer": [said.id, said.id, 999_999],
        "id": [ana.person_id, ada.person_id, 999_999],
        "category": [articles[0].category.slug, "none"],
        "tag": ["vpn"],
        "q": ["vpn", "vpn drops", "x"],
        "department": [None],
        "site": [None],
        "audience": [[]],
        "tags": [["vpn"]],
    }
    draws = Draws(spec, 20_260_309, known)
    caller, seen = Caller(spec, draws), Counter[int]()
    for _ in range(TRIES):
        what, answer = caller.call(draws.any.choice(callers))
        assert answer.status_code < 500, f"{what}\n{answer.text[:500]}"
        seen[answer.status_code] += 1
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json", what
            told = answer.json
            assert (told["status"], told["type"].rsplit(":", 1)[0]) == (answer.status_code, "urn:dity:problem"), what
            assert told["type"] in {problem_type(kind) for kind in PROBLEMS}, what
        if answer.status_code == 401:
            callers = let_in()
    assert {200, 201, 304, 400, 403, 404, 415, 422, 428} <= set(seen), seen
    assert seen[200] + seen[201] + seen[304] >= TRIES / 4, seen


def test_what_nobody_asked_for_is_never_applied(ada: Visitor, dara: Visitor) -> None:
    """Fields that a body does not have are refused, each by its name; nothing of the body is applied (S5)."""
    article = kb.article()
    by = program(ada, *Scope)
    for path, sent in (
        ("/people", {"name": "Tom Reed", "email": "tom@ostreyvale.example", "is_active": False, "id": 1}),
        ("/articles", {"title": "A title", "category": article.category.slug, "status": "published", "owner_id": 1}),
        (f"/articles/{article.slug}/feedback", {"solved": True, "person_id": dara.person_id}),
    ):
        refused = by.post(path, sent)
        assert refused.status_code == 422
        assert set(refused.json["errors"]) == set(sent) - {"name", "email", "title", "category", "solved"}
    assert by.get("/people?email=tom@ostreyvale.example").json["items"] == []
