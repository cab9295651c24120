"""The pages of webhooks: the secret once, what was typed kept, the log told in words."""

from __future__ import annotations

import re
from typing import Any

from portal.core.database import db
from portal.webhooks import services
from portal.webhooks.models import Delivery, Webhook
from tests.people import Visitor

URL = "https://hooks.example.org/in"


def test_a_webhook_is_added_and_its_secret_shown_once(ada: Visitor) -> None:
    form = {**ada.page("/admin/webhooks/new").form("/admin/webhooks/"), "label": "Desk", "events": ["article.changed"]}
    refused = ada.open("/admin/webhooks/", method="POST", data={**form, "url": "https://10.0.0.8/in"})
    assert refused.status_code == 422
    assert 'value="https://10.0.0.8/in"' in refused.text
    assert "lies inside a network" in refused.text
    sent = {**form, "url": URL}
    added = ada.open("/admin/webhooks/", method="POST", data=sent)
    (secret,) = re.findall(r'value="(ditywh_[^"]+)"', added.text)
    hook = db.session.query(Webhook).one()
    assert (hook.label, hook.url, hook.events) == ("Desk", URL, ["article.changed"])
    assert secret not in ada.get(f"/admin/webhooks/{hook.id}").text
    assert ada.open("/admin/webhooks/", method="POST", data=sent).status_code == 303
    assert db.session.query(Webhook).count() == 1


def test_the_log_says_what_came_back(ada: Visitor) -> None:
    hook, _secret = services.add(ada.actor, label="Desk", url=URL, chosen=["article.changed"])
    delivery = services.test(ada.actor, hook)
    delivery.state, delivery.attempts, delivery.status, delivery.took_ms = "given_up", 1, 503, 12
    delivery.answer = "<b>busy</b>"
    delivery.tried_at = delivery.created_at
    page = ada.page(f"/admin/webhooks/{hook.id}/deliveries/{delivery.id}")
    assert "503 Service Unavailable" in page.text
    assert "<b>busy</b>" in page.text  # as words, not as markup
    assert "given up" in page.text.lower()


def test_the_list_costs_the_same_however_long_it_is(ada: Visitor, queries: Any) -> None:
    def add() -> None:
        hook, _secret = services.add(ada.actor, label="Desk", url=URL, chosen=["article.changed"])
        services.test(ada.actor, hook)

    add()
    ada.get("/admin/webhooks/")
    with queries() as few:
        ada.get("/admin/webhooks/")
    for _ in range(10):
        add()
    with queries() as many:
        ada.get("/admin/webhooks/")
    assert len(many) == len(few)
    assert db.session.query(Delivery).count() == 11


def test_switching_off_gives_up_what_waits(ada: Visitor) -> None:
    hook, _secret = services.add(ada.actor, label="Desk", url=URL, chosen=["article.changed"])
    services.deliver(hook, {"event": "article.changed"}, entry_id=1)
    ada.post(f"/admin/webhooks/{hook.id}/off")
    assert (hook.is_on, db.session.query(Delivery).one().state) == (False, "given_up")
    ada.post(f"/admin/webhooks/{hook.id}/on")
    assert hook.is_on
    ada.post(f"/admin/webhooks/{hook.id}/remove")
    assert db.session.query(Delivery).count() == db.session.query(Webhook).count() == 0
