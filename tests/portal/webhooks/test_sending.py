"""From the ledger to another system: at least once, in order, signed, and without anybody waiting for it."""

from __future__ import annotations

import datetime as dt
import doctest
import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.outgoing import Answer
from portal.core.refs import Ref
from portal.core.targets import Reason, Unreachable
from portal.jobs.models import Job
from portal.kb.models import Article
from portal.ledger import services as ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification
from portal.people.models import Person
from portal.webhooks import events, jobs, sending, services, signing
from portal.webhooks.models import Delivery, State, Webhook
from tests.factories import kb
from tests.people import Visitor

ROOT = Path(__file__).resolve().parents[3]
URL = "https://hooks.example.org/in?key=letmein"


class OtherSide:
    """Another system: keeps what it is sent, and answers 200 or what it was told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.says: list[int | Reason] = []

    def __call__(self, method: str, url: str, *, body: bytes, headers: dict[str, str], **_kw: Any) -> Answer:
        self.heard.append((headers, json.loads(body)))
        said = self.says.pop(0) if self.says else 200
        if isinstance(said, Reason):
            raise Unreachable(said)
        return Answer(said, {}, b"heard \x00 you", url)

    @property
    def told(self) -> list[str]:
        return [payload["about"].get("slug") or payload["event"] for _headers, payload in self.heard]


@pytest.fixture
def other_side() -> OtherSide:
    return OtherSide()


@pytest.fixture
def webhook(ada: Visitor) -> Webhook:
    made, _secret = services.add(ada.actor, label="Desk", url=URL, chosen=["article.changed", "person.created"])
    return made


def changed(slug: str, **kw: Any) -> None:
    """Let an article change."""
    article = kb.article(slug.capitalize(), slug=slug, **kw)
    props = {"version": 1, "change": "minor", "revision": 2}
    ledger.record(Name.ARTICLE_CHANGED, actor=system("tests"), subject=article.ref, **props)
    db.session.commit()


def run(webhook: Webhook, other_side: OtherSide) -> None:
    """Do what the runner does within a minute."""
    jobs.collect({"slot": clock.now().isoformat()})
    db.session.commit()
    jobs.send({"webhook": webhook.id}, ask=other_side)
    db.session.commit()


def states() -> list[str]:
    return list(db.session.scalars(select(Delivery.state).order_by(Delivery.id)))


@pytest.mark.both
def test_what_happens_is_told_once_in_its_order_and_without_names(webhook: Webhook, other_side: OtherSide) -> None:
    changed("one")
    changed("two")
    ledger.record(Name.PERSON_CREATED, actor=system("tests"), subject=Ref("person", 7), by="admin")
    ledger.record(
        Name.ARTICLE_VERIFIED, actor=system("tests"), subject=Ref("article", 1), verified_on="2026-03-09", version=1
    )
    for _ in range(2):
        run(webhook, other_side)
    assert other_side.told == ["one", "two", "person.created"]
    _headers, payload = other_side.heard[0]
    assert set(payload) == {"id", "event", "at", "about", "data"}
    assert payload["about"]["url"].endswith("/kb/one")
    assert payload["data"] == {"version": 1, "change": "minor", "revision": 2}
    assert other_side.heard[2][1]["about"] == {"kind": "person", "id": 7}
    assert other_side.heard[2][1]["data"] == {}


def test_what_was_before_it_is_not_told(ada: Visitor, other_side: OtherSide) -> None:
    changed("before")
    made, _secret = services.add(ada.actor, label="Desk", url=URL, chosen=["article.changed"])
    run(made, other_side)
    assert other_side.told == []


def test_what_is_restricted_is_not_spoken_of(webhook: Webhook, other_side: OtherSide) -> None:
    changed("secret", access_key="a7")
    changed("archived", status="archived")
    run(webhook, other_side)
    assert other_side.told == ["archived"]


def test_what_was_closed_while_it_waited_is_given_up_and_leaves_only_its_number(
    webhook: Webhook, other_side: OtherSide
) -> None:
    changed("open")
    changed("closed")
    jobs.collect({"slot": clock.now().isoformat()})
    article = db.session.scalars(select(Article).where(Article.slug == "closed")).one()
    article.access_key = "a7"
    db.session.commit()
    run(webhook, other_side)
    assert (other_side.told, states()) == (["open"], ["taken", "given_up"])
    kept = db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert kept is not None
    assert "closed" not in kept.body
    jobs.send_one({"delivery": kept.id}, ask=other_side)
    assert other_side.told == ["open"]


def _as_documented() -> Callable[[str, str, bytes], bool]:
    """Return the check of a signature as docs/api.md tells it."""
    text = (ROOT / "docs" / "api.md").read_text()
    code = re.search(r"```python\n(def is_ours.*?)```", text, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {"hmac": hmac, "hashlib": hashlib, "datetime": dt.datetime, "UTC": dt.UTC}
    exec(code[1], names)  # noqa: S102 - our own documentation
    found: Callable[[str, str, bytes], bool] = names["is_ours"]
    return found


def test_the_other_side_can_check_that_it_came_from_here(ada: Visitor, webhook: Webhook, other_side: OtherSide) -> None:
    """As the reference tells it."""
    old = signing.secret(webhook.seed)
    new = services.renew_secret(ada.actor, webhook)
    changed("one")
    run(webhook, other_side)
    ((headers, payload),) = other_side.heard
    delivery = db.session.scalars(select(Delivery)).one()
    assert (headers["Dity-Delivery"], headers["Dity-Event"]) == (payload["id"], "article.changed")

    is_ours = _as_documented()
    signed = headers["Dity-Signature"]
    assert is_ours(new, signed, delivery.body.encode())
    assert is_ours(old, signed, delivery.body.encode())  # for a day, both
    assert not is_ours(new, signed, (delivery.body + " ").encode())
    assert not is_ours(new, signed.replace("t=1", "t=2"), delivery.body.encode())
    assert not is_ours("ditywh_another", signed, delivery.body.encode())
    webhook.old_until = clock.now()
    later = signing.header(webhook, at=clock.now(), body=delivery.body)
    assert is_ours(new, later, delivery.body.encode())
    assert not is_ours(old, later, delivery.body.encode())
    assert old not in str(vars(webhook))


def test_the_example_of_a_signature_is_right() -> None:
    assert doctest.testmod(signing).failed == 0


def test_a_failure_is_tried_again_later_and_holds_up_the_line(
    webhook: Webhook, other_side: OtherSide, stopped_clock: Any
) -> None:
    changed("one")
    changed("two")
    other_side.says = [500, Reason.TIMEOUT]
    run(webhook, other_side)
    run(webhook, other_side)  # not due yet
    assert other_side.told == ["one"]
    stopped_clock.move(minutes=1)
    run(webhook, other_side)
    stopped_clock.move(minutes=5)
    run(webhook, other_side)
    assert other_side.told == ["one", "one", "one", "two"]
    assert len({payload["id"] for _headers, payload in other_side.heard}) == 2
    row = db.session.scalars(select(Delivery).order_by(Delivery.id)).first()
    assert row is not None
    assert (row.attempts, row.status, row.state, row.answer) == (3, 200, "taken", "heard · you")
    assert webhook.failing_since is None


def test_after_a_day_it_is_given_up_and_after_a_week_switched_off(
    app: Flask, ada: Visitor, webhook: Webhook, stopped_clock: Any
) -> None:
    nobody = OtherSide()
    nobody.says = [Reason.CONNECTION] * 1000
    changed("one")
    for _hour in range(25):
        run(webhook, nobody)
        stopped_clock.move(hours=1)
    assert states() == ["given_up"]
    news = select(Notification.kind).where(Notification.person_id == ada.person_id)
    assert list(db.session.scalars(news)) == ["webhook_failing"]
    attempts = len(nobody.heard)
    assert 6 <= attempts <= 10
    for n in range(7):
        changed(f"day-{n}")
        for _quarter in range(5):
            run(webhook, nobody)
            stopped_clock.move(hours=6)
    assert not webhook.is_on
    assert list(db.session.scalars(news)) == ["webhook_failing", "webhook_off"]
    assert "waiting" not in states()
    changed("unheard")
    services.switch(ada.actor, webhook, on=True)
    run(webhook, OtherSide())
    assert "unheard" not in str(db.session.scalars(select(Delivery.body)).all())


def test_two_senders_do_not_overtake_each_other(webhook: Webhook, other_side: OtherSide) -> None:
    changed("one")
    jobs.collect({"slot": "1"})
    assert sending.take(webhook.id)
    db.session.commit()
    jobs.send({"webhook": webhook.id}, ask=other_side)
    assert other_side.heard == []
    sending.release(webhook.id)
    jobs.send({"webhook": webhook.id}, ask=other_side)
    assert other_side.told == ["one"]


def test_a_fact_stored_late_under_a_lower_number_is_told_too(webhook: Webhook, other_side: OtherSide) -> None:
    """Two transactions at once: the one that began first is stored last."""
    changed("one")
    changed("two")
    first, second = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.name == "article.changed").order_by(LedgerEntry.id)
    )
    webhook.cursor = first.id - 1
    services.deliver(webhook, events.payloads([second])[second.id], entry_id=second.id)
    run(webhook, other_side)
    assert sorted(other_side.told) == ["one", "two"]
    assert webhook.cursor < second.id
    with clock.frozen(clock.now() + sending.SETTLES * 2):
        sending.collect(webhook)
    assert webhook.cursor >= second.id


def test_nothing_is_in_a_transaction_while_the_other_side_is_asked(webhook: Webhook) -> None:
    changed("one")
    seen = []

    def ask(*_args: Any, url: str = "", **_kw: Any) -> Answer:
        seen.append(db.session().in_transaction())
        return Answer(204, {}, b"", url)

    jobs.collect({"slot": "1"})
    jobs.send({"webhook": webhook.id}, ask=ask)
    assert seen == [False]


def test_a_test_goes_out_beside_the_line_and_once(ada: Visitor, webhook: Webhook, other_side: OtherSide) -> None:
    changed("one")
    other_side.says = [500, 404]
    run(webhook, other_side)
    delivery = services.test(ada.actor, webhook)
    (job,) = db.session.scalars(select(Job).where(Job.kind == services.SEND_ONE))
    jobs.send_one(job.payload, ask=other_side)
    assert other_side.told == ["one", "test"]
    assert (delivery.state, delivery.status) == ("given_up", 404)
    jobs.send_one({"delivery": delivery.id}, ask=other_side)
    assert delivery.state == State.TAKEN
    assert states() == ["waiting", "taken"]


def test_it_really_arrives(make_app: Callable[..., Flask]) -> None:
    """Over the wire, at a host inside that whoever runs the portal has allowed."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            caller, _ = server.accept()
            with caller:
                heard.append(caller.recv(65_536))
                caller.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        with make_app(inside_hosts=(f"127.0.0.1:{port}",)).app_context():
            hook, _secret = services.add(
                system("tests"), label="Inside", url=f"http://127.0.0.1:{port}/in", chosen=["article.changed"]
            )
            changed("one")
            jobs.collect({"slot": "1"})
            jobs.send({"webhook": hook.id})
            assert states() == ["taken"]
        thread.join(2)
    assert heard[0].startswith(b"POST /in HTTP/1.1\r\n")
    assert b"\r\nDity-Signature: t=" in heard[0]


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example.org/", "https://127.0.0.1/", "https://10.0.0.8/", "file:///etc/passwd", "https://[::1]/",
     "https://hooks.example.org:8443/", "https://ada@hooks.example.org/", "https://2130706433/", "no address"],
)  # fmt: skip
def test_an_address_that_leads_inside_or_can_be_overheard_is_refused(url: str, ada: Visitor) -> None:
    with pytest.raises(Invalid) as refusal:
        services.add(ada.actor, label="Desk", url=url, chosen=["article.changed"])
    assert refusal.value.field == "url"


def test_only_who_looks_after_them_may(dara: Visitor, webhook: Webhook) -> None:
    with pytest.raises(Forbidden):
        services.get(dara.actor, webhook.id)
    with pytest.raises(Forbidden):
        services.add(dara.actor, label="Mine", url=URL, chosen=["article.changed"])


def test_the_audit_log_keeps_no_secret_of_the_address(webhook: Webhook) -> None:
    fact = db.session.scalars(select(LedgerEntry).where(LedgerEntry.name == Name.WEBHOOK_ADDED)).one()
    assert fact.props["url"] == "hooks.example.org"
    assert "letmein" not in json.dumps(fact.props)


def test_what_was_sent_is_forgotten_after_a_month(webhook: Webhook, other_side: OtherSide) -> None:
    changed("one")
    run(webhook, other_side)
    assert sending.sweep() == 0
    with clock.frozen(clock.now() + dt.timedelta(days=31)):
        assert sending.sweep() == 1


def test_every_public_event_is_a_change_with_words_and_known_props() -> None:
    for told in events.PUBLIC_EVENTS.values():
        assert told.name.is_change
        assert set(told.props) <= set(told.name.fact.props)


def test_when_the_owner_has_left_the_administrators_hear_of_it(
    app: Flask, ada: Visitor, dara: Visitor, webhook: Webhook
) -> None:
    webhook.owner_id = dara.person_id
    db.session.get_one(Person, dara.person_id).is_active = False
    db.session.flush()
    sending._tell(webhook, "webhook_off")
    assert list(db.session.scalars(select(Notification.person_id))) == [ada.person_id]
