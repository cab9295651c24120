"""Signing in, forgotten passwords, invitations: what is said, what is counted, what happens once."""

from __future__ import annotations

import logging
import os
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import hashing, services
from portal.accounts.models import Credential, Purpose, SignInSession
from portal.core.database import db
from portal.jobs.runner import Runner
from portal.notifications import services as notifications
from tests.factories import accounts
from tests.factories.facts import entries
from tests.people import ANA, BEN, ZOE, Visitor, settle

NEW = "gulls over the grey harbour"


@pytest.fixture
def ana_row(app: Flask) -> Any:
    row = settle(ANA)
    accounts.password(row)
    db.session.commit()
    return row


def try_in(
    visitor: Visitor, email: str = ANA.email, password: str = accounts.PASSWORD, place: str = "", **kw: Any
) -> Any:
    where = {"environ_base": {"REMOTE_ADDR": place}} if place else {}
    return visitor.post("/sign-in", {"email": email, "password": password}, **where, **kw)


def work(app: Flask) -> None:
    """Let the jobs do what requests left to them."""
    db.session.commit()
    Runner(app).drain()
    db.session.expire_all()


# Signing in


def test_the_right_password_lets_in_and_is_recorded(ana_row: Any, stranger: Visitor) -> None:
    assert try_in(stranger).status_code == 303
    (fact,) = entries(Name.SESSION_STARTED)
    assert (fact.subject, fact.actor_id, fact.props["method"]) == (f"person:{ana_row.id}", ana_row.id, "password")


def test_the_address_is_read_without_regard_to_capitals_and_spaces(ana_row: Any, stranger: Visitor) -> None:
    assert try_in(stranger, email=f" {ANA.email.upper()} ").status_code == 303


def test_a_password_typed_on_another_keyboard_is_the_same(app: Flask, stranger: Visitor) -> None:
    row = settle(ANA)
    accounts.password(row, "caf\u00e9 au lait matin")
    assert try_in(stranger, password="cafe\u0301 au lait matin").status_code == 303


def test_what_is_wrong_is_never_told(app: Flask, ana_row: Any) -> None:
    """QUALITY S8: the same page to the byte for a wrong password, an unknown address and a closed account."""
    zoe = settle(ZOE)
    accounts.password(zoe)
    zoe.is_active = False
    invited = settle(BEN)  # has no password yet
    pages = []
    for email, password in [
        (ANA.email, "wrong"),
        ("nobody@ostreyvale.example", "wrong"),
        (zoe.email, accounts.PASSWORD),
        (invited.email, "wrong"),
    ]:
        answer = try_in(Visitor(app), email=email, password=password, place=f"10.0.0.{len(pages)}")
        assert answer.status_code == 422
        pages.append(_without_secrets(answer.text).replace(email, "EMAIL"))
    assert len(set(pages)) == 1


def _without_secrets(html: str) -> str:
    return re.sub(r'(name="(?:csrf_token|csrf-token|form_token)" [^>]*(?:value|content))="[^"]*"', "", html)


def test_the_reason_is_kept_for_administrators_but_not_what_was_typed(app: Flask, ana_row: Any) -> None:
    try_in(Visitor(app), password="my other password")
    try_in(Visitor(app), email="nobody@ostreyvale.example", password="my other password")
    failed = entries(Name.SIGN_IN_FAILED)
    assert [fact.props for fact in failed] == [{"reason": "wrong_password"}, {"reason": "unknown"}]
    assert [fact.subject for fact in failed] == [f"person:{ana_row.id}", None]


def test_a_hash_is_checked_whether_there_is_an_account_or_not(
    app: Flask, ana_row: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QUALITY S8 by structure: the costly step is taken once in every case, with parameters of today."""
    seen: list[str] = []
    original = PasswordHasher.verify

    def verify(self: PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return original(self, stored, password)  # type: ignore[return-value]

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for n, email in enumerate([ANA.email, "nobody@ostreyvale.example"]):
        try_in(Visitor(app), email=email, password="wrong", place=f"10.0.1.{n}")
    assert len(seen) == 2
    assert len({str(extract_parameters(stored)) for stored in seen}) == 1


@pytest.mark.slow
@pytest.mark.torture
def test_time_does_not_tell_who_has_an_account(make_app: Callable[..., Flask]) -> None:
    """QUALITY S8: samples interleaved, with real parameters; three hundred each in the long form."""
    n = 300 if os.environ.get("TORTURE") else 30
    app = make_app()
    app.config["TESTING"] = False  # the hashes of installations, not the cheap ones of tests
    with app.app_context():
        row = settle(ANA)
        accounts.password(row)
        db.session.commit()
        hashing.matches(None, "warm")
    took: dict[str, list[float]] = {ANA.email: [], "nobody@ostreyvale.example": []}
    for round_ in range(n):
        for email in sorted(took, reverse=bool(round_ % 2)):
            visitor = Visitor(app)
            visitor.csrf_token()
            began = time.perf_counter()
            try_in(visitor, email=email, password="wrong", place=f"10.{round_ % 250}.{len(took[email])}.1")
            took[email].append(time.perf_counter() - began)
    known, unknown = took.values()
    medians = statistics.median(known), statistics.median(unknown)
    difference = abs(medians[0] - medians[1]) / min(medians)
    if n < 300:
        assert difference < 0.3, medians
    else:
        assert difference < 0.05, medians
        assert mann_whitney(known, unknown) > 0.01


def mann_whitney(a: list[float], b: list[float]) -> float:
    """Return how likely ranks as uneven as these are by chance (normal approximation; no two times are equal)."""
    ranks = {value: rank for rank, value in enumerate(sorted(a + b), start=1)}
    u = sum(ranks[value] for value in a) - len(a) * (len(a) + 1) / 2
    spread = (len(a) * len(b) * (len(a) + len(b) + 1) / 12) ** 0.5
    return 2 * statistics.NormalDist().cdf(-abs(u - len(a) * len(b) / 2) / spread)


def test_a_hash_of_old_parameters_is_renewed_by_the_next_sign_in(ana_row: Any, stranger: Visitor) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(accounts.PASSWORD)
    db.session.get_one(Credential, ana_row.id).hash = old
    assert try_in(stranger).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Credential, ana_row.id).hash != old
    assert try_in(Visitor(stranger.app)).status_code == 303


def test_the_page_of_the_form_is_not_shown_to_somebody_signed_in(ana: Visitor) -> None:
    assert ana.get("/sign-in").headers["Location"] == "/"


# Limits (QUALITY S9)


def test_ten_wrong_tries_in_five_minutes_are_enough(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    guesser = Visitor(app)
    answers = [try_in(guesser, password=f"guess {n}", place="203.0.113.5").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    refused = try_in(guesser, place="203.0.113.5")  # the right password would be told apart from a wrong one
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert [fact.props["reason"] for fact in entries(Name.SIGN_IN_FAILED)] == ["wrong_password"] * 10 + ["too_many"]
    stopped_clock.move(minutes=5)
    assert try_in(guesser, place="203.0.113.5").status_code == 303


def test_guessing_from_elsewhere_shuts_nobody_out(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    for n in range(12):
        try_in(Visitor(app), password=f"guess {n}", place="203.0.113.5")
    assert try_in(Visitor(app), place="198.51.100.7").status_code == 303


def test_guessing_from_the_same_office_does_not_shut_out_a_browser_that_is_known(
    ana_row: Any, app: Flask, stopped_clock: Any
) -> None:
    own = Visitor(app)
    assert try_in(own, place="203.0.113.5").status_code == 303
    own.post("/sign-out")
    for n in range(12):
        try_in(Visitor(app), password=f"guess {n}", place="203.0.113.5")
    assert try_in(own, place="203.0.113.5").status_code == 303


def test_a_known_browser_may_guess_no_more_than_another(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    own = Visitor(app)
    try_in(own)
    own.post("/sign-out")
    answers = [try_in(own, password=f"guess {n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_many_places_together_try_one_account_only_fifty_times(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    answers = [try_in(Visitor(app), password=f"guess {n}", place=f"203.0.{n}.5").status_code for n in range(52)]
    assert answers == [422] * 50 + [429] * 2


def test_right_passwords_are_not_counted(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    """Two hundred people behind one gateway sign in on Monday at nine."""
    for _ in range(15):
        visitor = Visitor(app)
        assert try_in(visitor, place="203.0.113.5").status_code == 303
        visitor.client.delete_cookie("known")


def test_a_forged_forwarding_header_is_not_another_place(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    answers = [
        try_in(
            Visitor(app), password="guess", place="203.0.113.5", headers={"X-Forwarded-For": f"198.51.100.{n}"}
        ).status_code
        for n in range(11)
    ]
    assert answers[-1] == 429


def test_one_household_is_one_place_however_many_addresses_it_has(ana_row: Any, app: Flask, stopped_clock: Any) -> None:
    answers = [try_in(Visitor(app), password="guess", place=f"2001:db8::{n:x}").status_code for n in range(1, 12)]
    assert answers[-1] == 429


@pytest.mark.both
@pytest.mark.slow
def test_tries_at_the_same_instant_are_counted_one_by_one(ana_row: Any, app: Flask) -> None:
    visitors = [Visitor(app) for _ in range(20)]
    for visitor in visitors:
        visitor.csrf_token()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda v: try_in(v, password="guess", place="203.0.113.5").status_code, visitors))
    assert sorted(answers) == [422] * 10 + [429] * 10


# A forgotten password (QUALITY S7)


def ask_for_reset(app: Flask, email: str = ANA.email, place: str = "") -> Any:
    where = {"environ_base": {"REMOTE_ADDR": place}} if place else {}
    return Visitor(app).post("/reset", {"email": email}, **where)


@pytest.fixture
def reset_path(app: Flask, ana_row: Any) -> str:
    ask_for_reset(app)
    work(app)
    return accounts.link_in(accounts.mails("password_reset")[-1])


def test_a_link_from_the_mail_sets_a_new_password_and_lets_in(
    app: Flask, reset_path: str, ana_row: Any, stranger: Visitor
) -> None:
    elsewhere = Visitor(app, ANA, ana_row.id)
    elsewhere.sign_in()
    sent = {**stranger.page(reset_path).form(reset_path), "password": NEW}
    assert stranger.open(reset_path, method="POST", data=sent).status_code == 303
    assert stranger.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert try_in(Visitor(app), password=NEW).status_code == 303
    assert try_in(Visitor(app)).status_code == 422
    assert [mail.kind for mail in accounts.mails()][-1] == "password_changed"
    assert entries(Name.PASSWORD_RESET)[0].props == {"sessions_ended": 1}


def test_opening_the_link_changes_nothing(reset_path: str, app: Flask) -> None:
    for _ in range(3):  # as mail scanners do
        assert Visitor(app).get(reset_path).status_code == 200
    assert try_in(Visitor(app)).status_code == 303


def test_a_used_link_is_over(reset_path: str, app: Flask) -> None:
    assert Visitor(app).post(reset_path, {"password": NEW}).status_code == 303
    again = Visitor(app).post(reset_path, {"password": "another sentence of mine"})
    assert again.status_code == 404
    assert "no longer works" in again.text
    assert try_in(Visitor(app), password=NEW).status_code == 303


def test_a_password_that_is_refused_does_not_use_the_link_up(reset_path: str, app: Flask) -> None:
    assert Visitor(app).post(reset_path, {"password": "password1"}).status_code == 422
    assert Visitor(app).post(reset_path, {"password": NEW}).status_code == 303


@pytest.mark.parametrize("what", ["mail", "password", "shut out", "other link used", "made up"])
def test_a_link_is_void_when(what: str, reset_path: str, app: Flask, ana_row: Any, ada: Visitor) -> None:
    if what == "mail":
        ana_row.email = "ana.ruiz@ostreyvale.example"
    elif what == "password":
        services.set_password(ana_row, NEW)
    elif what == "shut out":
        services.deactivate(ada.actor, ana_row)
    elif what == "other link used":
        other = accounts.link(Purpose.RESET, ana_row)
        db.session.commit()
        assert Visitor(app).post(f"/reset/{other}", {"password": NEW}).status_code == 303
    else:
        reset_path = "/reset/" + "A" * 43
    assert Visitor(app).get(reset_path).status_code == 404
    assert Visitor(app).post(reset_path, {"password": "another sentence of mine"}).status_code == 404


def test_a_link_lives_for_an_hour_and_not_longer(app: Flask, ana_row: Any, stopped_clock: Any) -> None:
    path = f"/reset/{accounts.link(Purpose.RESET, ana_row)}"
    stopped_clock.move(minutes=59)
    assert Visitor(app).get(path).status_code == 200
    stopped_clock.move(minutes=1)
    assert Visitor(app).get(path).status_code == 404


@pytest.mark.both
@pytest.mark.slow
def test_of_twenty_at_once_one_uses_the_link(app: Flask, ana_row: Any) -> None:
    path = f"/reset/{accounts.link(Purpose.RESET, ana_row)}"
    db.session.commit()
    visitors = [Visitor(app) for _ in range(20)]
    for visitor in visitors:
        visitor.csrf_token()

    def use(n: int) -> int:
        answer = visitors[n].post(path, {"password": f"sentence number {n} of the marsh"})
        return answer.status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(use, range(20)))
    assert sorted(answers) == [303] + [404] * 19
    assert len(entries(Name.PASSWORD_RESET)) == 1
    assert len(db.session.scalars(select(SignInSession)).all()) == 1


def test_the_answer_does_not_tell_whether_there_is_an_account(app: Flask, ana_row: Any) -> None:
    answers = [ask_for_reset(app, email) for email in (ANA.email, "nobody@ostreyvale.example")]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {(303, "/reset-sent")}
    assert accounts.mails() == []  # what follows is a job's business, after the answer
    work(app)
    assert [mail.to for mail in accounts.mails()] == [ANA.email]


def test_asking_does_the_same_work_for_every_address(app: Flask, ana_row: Any, queries: Callable[[], Any]) -> None:
    """QUALITY S8 by structure: statement for statement."""
    said = []
    for email in (ANA.email, "nobody@ostreyvale.example"):
        with queries() as statements:
            ask_for_reset(app, email)
        said.append([re.sub(r"\s+", " ", statement) for statement in statements])
    assert said[0] == said[1]


def test_nothing_goes_to_somebody_shut_out(app: Flask, ana_row: Any) -> None:
    ana_row.is_active = False
    ask_for_reset(app)
    work(app)
    assert accounts.mails() == []
    assert entries(Name.PASSWORD_RESET_REQUESTED) == []


def test_five_mails_a_day_are_enough(app: Flask, ana_row: Any, stopped_clock: Any) -> None:
    places = [f"203.0.{n}.1" for n in range(6)]
    assert [ask_for_reset(app, place=place).status_code for place in places] == [303] * 5 + [429]
    assert [ask_for_reset(app, "nobody@x.example", place).status_code for place in places] == [303] * 5 + [429]


def test_the_address_in_the_mail_comes_from_the_settings_alone(make_app: Callable[..., Flask]) -> None:
    app = make_app(public_url="https://help.ostreyvale.example/it", trusted_hosts=("evil.example",))
    with app.app_context():
        row = settle(ANA)
        accounts.password(row)
        db.session.commit()
        evil = {"base_url": "https://evil.example"}
        visitor = Visitor(app)
        with visitor.client.session_transaction(**evil) as held:
            held["csrf_token"] = "0" * 40
        token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps("0" * 40)
        answer = visitor.open(
            "/reset",
            method="POST",
            data={"email": ANA.email, "csrf_token": token},
            headers={"X-Forwarded-Host": "evil.example", "Origin": "https://evil.example"},
            **evil,
        )
        assert answer.status_code == 303
        work(app)
        (mail,) = accounts.mails("password_reset")
        text, html = notifications.filled(mail)
        assert "https://help.ostreyvale.example/it/reset/" in text
        assert "evil.example" not in text + html


def test_the_link_is_stored_nowhere(app: Flask, reset_path: str) -> None:
    secret = reset_path.rpartition("/")[2]
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            assert secret not in str(tuple(row)), table.name


def test_the_page_of_the_link_tells_its_address_to_nobody(reset_path: str, app: Flask) -> None:
    answer = Visitor(app).get(reset_path)
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_neither_link_nor_password_reaches_the_log(
    reset_path: str, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """QUALITY S22."""
    caplog.set_level(logging.DEBUG)
    try_in(Visitor(app), password="my very own password")
    Visitor(app).post(reset_path, {"password": "my very own password 1"})
    Visitor(app).get(f"{reset_path}/and-more")
    written = "\n".join(str(record.msg) + record.getMessage() for record in caplog.records)
    assert "/reset/…" in written
    assert reset_path.rpartition("/")[2] not in written
    assert "my very own" not in written


# Invitations


def test_who_is_invited_chooses_name_and_password_and_is_in(app: Flask, ada: Visitor, stranger: Visitor) -> None:
    row = settle(BEN)
    services.invite(ada.actor, row)
    path = accounts.link_in(accounts.mails("invitation")[0])
    sent = {**stranger.page(path).form(path), "name": "Benjamin Kaya", "password": NEW}
    assert sent["name"] == "Benjamin Kaya"
    assert stranger.open(path, method="POST", data=sent).status_code == 303
    assert "Benjamin Kaya" in stranger.page("/account").text
    assert Visitor(app).get(path).status_code == 404
    assert [fact.props["method"] for fact in entries(Name.SESSION_STARTED)] == ["invitation"]


def test_an_invitation_lives_for_a_week(app: Flask, stopped_clock: Any) -> None:
    path = f"/invitation/{accounts.link(Purpose.INVITATION, settle(BEN))}"
    stopped_clock.move(days=6, hours=23)
    assert Visitor(app).get(path).status_code == 200
    stopped_clock.move(hours=1)
    assert Visitor(app).get(path).status_code == 404


def test_a_reset_link_is_no_invitation(app: Flask, ana_row: Any) -> None:
    secret = accounts.link(Purpose.RESET, ana_row)
    assert Visitor(app).get(f"/invitation/{secret}").status_code == 404


# Forms (QUALITY S3)


@pytest.mark.parametrize("path", ["/sign-in", "/reset", "/account/theme", "/sign-out"])
def test_no_form_is_taken_without_its_token(path: str, ana_row: Any, stranger: Visitor) -> None:
    sent = {"email": ANA.email, "password": accounts.PASSWORD, "theme": "dark"}
    assert stranger.post(path, sent, with_token=False).status_code == 400
    assert entries(Name.SESSION_STARTED) == []


def test_nobody_is_signed_in_from_another_site(ana_row: Any, stranger: Visitor) -> None:
    assert try_in(stranger, headers={"Origin": "https://evil.example"}).status_code == 400
    assert try_in(stranger, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert entries(Name.SESSION_STARTED) == []
