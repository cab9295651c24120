"""API tokens: they can do what they were made for, never more than their owner, and die with the account."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import queries, services, tokens
from portal.accounts.models import ApiToken, ServiceToken
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Role
from portal.core.scopes import Scope
from portal.files import services as files
from portal.ledger.models import LedgerEntry
from tests.factories import kb
from tests.factories.files import picture
from tests.people import Visitor
from tests.programs import Program, program, service


def test_it_is_stored_as_a_hash_and_shown_once(ana: Visitor) -> None:
    sent = {**ana.page("/account/tokens").form("/account/tokens"), "label": "display", "days": "30"}
    shown = ana.open("/account/tokens", method="POST", data=sent)
    (row,) = db.session.scalars(select(ApiToken))
    assert row.scopes == ["read"]  # what the form ticks by itself
    text = next(line for line in shown.text.split('"') if line.startswith("dity_"))
    assert text not in row.token_hash
    assert text not in ana.get("/account/tokens").text
    again = ana.open("/account/tokens", method="POST", data=sent)
    assert again.status_code == 303
    assert len(db.session.scalars(select(ApiToken)).all()) == 1


def test_it_says_whom_it_stands_for(ana: Visitor) -> None:
    me = program(ana, Scope.READ, Scope.FEEDBACK).get("/me").json
    assert (me["kind"], me["id"], me["scopes"]) == ("person", ana.person_id, ["feedback", "read"])


def test_it_is_good_for_what_it_was_made_for_and_nothing_else(ana: Visitor, dara: Visitor) -> None:
    article = kb.article()
    reader = program(dara, Scope.READ)
    assert reader.get(f"/articles/{article.slug}").status_code == 200
    refused = reader.post("/articles", {"title": "A new one", "category": article.category.slug})
    assert (refused.status_code, refused.json["type"]) == (403, "urn:dity:problem:out-of-scope")
    assert program(ana, Scope.FEEDBACK).get(f"/articles/{article.slug}").status_code == 403
    # What its owner may not do, no scope allows.
    allowed = program(ana, Scope.READ, Scope.WRITE)
    assert allowed.post("/articles", {"title": "A new one", "category": article.category.slug}).status_code == 403
    with pytest.raises(Invalid):
        program(ana, Scope.PEOPLE)


def test_it_opens_no_page_for_people(app: Flask, ana: Visitor) -> None:
    held = program(ana, *tokens.offered_to(ana.actor))
    for path in ("/", "/account", "/api/v1/"):
        asked = Visitor(app).open(path, headers={"Authorization": f"Bearer {held.token}"})
        assert asked.status_code == 401
    sent = Visitor(app).open("/account", method="POST", headers={"Authorization": f"Bearer {held.token}"})
    assert sent.status_code == 400  # a form without its token


def test_it_opens_the_pictures_that_texts_name(app: Flask, ana: Visitor) -> None:
    article = kb.article()
    with app.test_request_context():
        stored = files.store(ana.actor, io.BytesIO(picture()), "screen.png", on=article.ref)
    article.body = f"![A screen](file:{stored.id})"
    where = f"/files/{stored.id}/{stored.download_name}"
    for scope, status in ((Scope.READ, 200), (Scope.FEEDBACK, 403)):
        held = program(ana, scope)
        answer = Visitor(app).open(where, headers={"Authorization": f"Bearer {held.token}"})
        assert answer.status_code == status
        answer.close()


def test_a_cookie_opens_nothing_for_programs(ana: Visitor) -> None:
    asked = ana.get("/api/v1/me")
    assert (asked.status_code, asked.headers["WWW-Authenticate"]) == (401, "Bearer realm=DITY")
    assert "Set-Cookie" not in asked.headers


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer dity_nonsense", "Basic YTpi", "Bearer ditysvc_x"])
def test_a_wrong_one_is_told_so(header: str, app: Flask, ana: Visitor) -> None:
    asked = Visitor(app).open("/api/v1/me", headers={"Authorization": header})
    assert asked.status_code == 401
    assert asked.content_type == "application/problem+json"


def test_it_dies_on_its_last_day_by_revoking_and_with_the_account(
    app: Flask, ana: Visitor, ada: Visitor, stopped_clock: Any
) -> None:
    made: dict[str, tuple[int, Program]] = {}
    for label in ("old", "revoked", "left"):
        row, text = tokens.make(ana.actor, label=label, days=365 if label == "left" else 30)
        made[label] = (row.id, Program(app, text))
    ana.post(f"/account/tokens/{made['revoked'][0]}/revoke")
    assert [held.get("/me").status_code for _id, held in made.values()] == [200, 401, 200]
    stopped_clock.move(days=31)
    assert [held.get("/me").status_code for _id, held in made.values()] == [401, 401, 200]
    services.deactivate(ada.actor, ana.person)
    assert made["left"][1].get("/me").status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(ana: Visitor, ben: Visitor) -> None:
    held = program(ana)
    (row,) = db.session.scalars(select(ApiToken))
    assert ben.post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert held.get("/me").status_code == 200


def test_the_day_of_its_last_use_is_noted_without_a_write_in_the_request(
    app: Flask, ana: Visitor, ada: Visitor
) -> None:
    program(ana).get("/me")
    service(ada).get("/me")
    app.extensions["dity-buffer"].flush()
    assert db.session.scalars(select(ApiToken)).one().last_used_on is not None
    assert db.session.scalars(select(ServiceToken)).one().last_used_on is not None


def test_nobody_hoards_them(ana: Visitor) -> None:
    for _ in range(tokens.MOST):
        tokens.make(ana.actor, label="one more", days=30)
    with pytest.raises(Invalid):
        tokens.make(ana.actor, label="one more", days=30)
    assert len(queries.tokens_of(ana.person_id or 0)) == tokens.MOST


def test_each_token_is_limited_for_itself(make_app: Any, ana: Visitor) -> None:
    one, other = (program(ana, Scope.READ, Scope.FEEDBACK) for _ in range(2))
    db.session.commit()
    tight = make_app(api_reads_per_minute=2, api_changes_per_minute=1)
    for held in (one, other):
        asked = [Program(tight, held.token).get("/me") for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
        assert int(asked[2].headers["Retry-After"]) > 0
        # Changes count whether or not they come about.
        sent = [Program(tight, held.token).post("/articles/none/feedback", {"solved": True}) for _ in range(2)]
        assert [answer.status_code for answer in sent] == [404, 429]


# Services: programs that are nobody's


def test_a_service_acts_with_its_roles_and_counts_as_no_person(ada: Visitor) -> None:
    article = kb.article()
    held = service(ada, Role.EDITOR, scopes={Scope.READ, Scope.WRITE, Scope.FEEDBACK})
    assert held.get("/me").json["kind"] == "service"
    assert held.get(f"/articles/{article.slug}").status_code == 200
    begun = held.post("/articles", {"title": "By a service", "category": article.category.slug})
    assert begun.status_code == 201
    fact = db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == Name.ARTICLE_DRAFTED)).one()
    assert (fact.actor_kind, fact.actor_id) == ("bot", None)
    assert held.post(f"/articles/{article.slug}/feedback", {"solved": True}).status_code == 403


def test_a_service_sees_what_its_roles_open_and_no_restricted_thing(ada: Visitor, ben: Visitor) -> None:
    hidden = kb.article(access_key="a7")
    held = service(ada, Role.ADMIN)
    assert held.get(f"/articles/{hidden.slug}").status_code == 404
    assert hidden.slug not in held.get("/articles").text


def test_an_administrator_makes_and_revokes_it_on_a_page(app: Flask, ada: Visitor) -> None:
    form = ada.page("/admin/programs").form("/admin/programs")
    sent = {**form, "label": "Directory", "days": "0", "scopes": ["read", "people"], "roles": ["admin"]}
    shown = ada.open("/admin/programs", method="POST", data=sent)
    text = next(line for line in shown.text.split('"') if line.startswith("ditysvc_"))
    held = Program(app, text)
    assert held.get("/people").status_code == 200
    (row,) = db.session.scalars(select(ServiceToken))
    assert (row.expires_on, row.roles, row.scopes) == (None, ["admin"], ["people", "read"])
    ada.post(f"/admin/programs/{row.id}/revoke")
    assert held.get("/people").status_code == 401
    audited = {entry.name for entry in db.session.scalars(select(LedgerEntry)) if Name(entry.name).is_audit}
    assert {Name.SERVICE_TOKEN_CREATED, Name.SERVICE_TOKEN_REVOKED} <= audited


def test_the_audit_log_names_the_program(ada: Visitor) -> None:
    held = service(ada, Role.ADMIN, scopes={Scope.PEOPLE})
    held.post("/people", {"name": "Tom Reed", "email": "tom@ostreyvale.example"})
    page = ada.page("/admin/audit")
    assert "A service" in page.text
    assert "Somebody not signed in" not in page.text


def test_nobody_else_makes_one(dara: Visitor) -> None:
    with pytest.raises(Forbidden):
        service(dara, Role.ADMIN)
