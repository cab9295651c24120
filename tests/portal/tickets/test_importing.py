"""Tickets of another system come in once, and go again (portal.tickets.importing)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.database import db
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Notification, OutboxMail
from portal.tickets import lifecycle, placing
from portal.tickets.models import Message, Priority, Ticket
from tests.factories import kb, tickets
from tests.factories.imports import bring, outcomes, plans, undo
from tests.people import ANA, CLEO, settle

HEAD = "Ticket,Requester,Title,Description,Created,Closed at,State,Category,Team\n"
LINES = (
    'INC-1,ana@ostreyvale.example,"VPN drops","Every ten\nminutes.",2026-03-02 09:00,02.03.2026 15:30,Fertig,Netz,NOC\n'
    "INC-2,gone@elsewhere.example,Old printer,=1+1,03/01/2026,,open,Unknown,\n"
)
FAULTS = (
    "INC-3,nobody,No address,x,2026-03-02,,open,,\n"
    "INC-4,ana@ostreyvale.example,,x,2026-03-02,,open,,\n"
    "INC-5,ana@ostreyvale.example,Backwards,x,2026-03-02,2026-03-01,closed,,\n"
    "INC-6,ana@ostreyvale.example,When,x,soon,,open,,\n"
    "INC-7,ana@ostreyvale.example,What,x,2026-03-02,,sideways,,\n"
    "INC-8,ana@ostreyvale.example,Where,x,2026-03-02,,open,,Nowhere\n"
    "INC-1,ana@ostreyvale.example,Again,x,2026-03-02,,open,,\n"
)
SAID = {"statuses": "Fertig = closed", "queues": "NOC = Network", "zone": "Europe/Berlin"}


def house() -> None:
    settle(ANA)
    tickets.queue("Network", settle(CLEO), is_default=True)
    kb.category(title="Netz", slug="network")
    db.session.commit()


def table(tmp_path: Path, lines: str = LINES) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text(HEAD + lines)
    return path


def everything() -> list[Ticket]:
    return list(db.session.execute(select(Ticket).order_by(Ticket.id)).scalars())


def test_tickets_come_in_as_they_were_and_nobody_is_told(app: Flask, tmp_path: Path) -> None:
    house()
    run = bring("tickets", table(tmp_path), **SAID)
    assert outcomes(run) == {"VPN drops": "created", "Old printer": "created"}
    first, second = everything()
    assert (first.requester_id, first.status, first.queue.name) == (settle(ANA).id, "closed", "Network")
    assert first.opened_at == dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC), "nine o'clock in Berlin"
    assert first.resolved_at == dt.datetime(2026, 3, 2, 14, 30, tzinfo=dt.UTC)
    assert (second.requester_id, second.sender_email, second.status) == (None, "gone@elsewhere.example", "open")
    assert db.session.execute(select(Message.body).order_by(Message.id)).scalars().all() == [
        "Every ten\nminutes.",
        "=1+1",
    ]
    facts = db.session.execute(select(LedgerEntry.name, LedgerEntry.at).where(LedgerEntry.subject == "ticket:1")).all()
    assert [name for name, _at in facts] == ["ticket.opened", "ticket.resolved", "ticket.closed"]
    assert facts[0][1] == first.opened_at
    assert db.session.execute(select(OutboxMail)).first() is None
    assert db.session.execute(select(Notification)).first() is None


def test_the_same_table_twice_changes_nothing_and_a_new_one_what_nobody_touched(app: Flask, tmp_path: Path) -> None:
    from portal.people.services import actor_of

    house()
    bring("tickets", table(tmp_path), **SAID)
    assert set(outcomes(bring("tickets", table(tmp_path), **SAID)).values()) == {"unchanged"}
    placing.prioritise(actor_of(settle(CLEO)), everything()[1], priority=Priority.HIGH)
    db.session.commit()
    changed = LINES.replace("VPN drops", "VPN drops often").replace("Old printer", "New printer")
    run = bring("tickets", table(tmp_path, changed), **SAID)
    assert outcomes(run) == {"VPN drops often": "changed", "New printer": "kept"}
    assert [one.subject for one in everything()] == ["VPN drops often", "Old printer"]
    undo(run)
    assert [one.subject for one in everything()] == ["VPN drops", "Old printer"]


def test_faults_are_told_by_line_and_stop_nothing_else(app: Flask, tmp_path: Path) -> None:
    house()
    found = plans("tickets", table(tmp_path, LINES + FAULTS), **SAID)
    assert [(plan.row.line, plan.outcome.value) for plan in found[:2]] == [(2, "created"), (4, "created")]
    assert [plan.row.line for plan in found if plan.outcome.value == "failed"] == list(range(5, 12))
    assert len({plan.reason for plan in found[2:]}) == 7
    assert everything() == []


def test_an_import_is_taken_back_except_what_somebody_worked_on(app: Flask, tmp_path: Path) -> None:
    from portal.people.services import actor_of

    house()
    run = bring("tickets", table(tmp_path), **SAID)
    lifecycle.note(actor_of(settle(CLEO)), everything()[1], body="Looks familiar.")
    db.session.commit()
    undo(run)
    assert [one.subject for one in everything()] == ["Old printer"]


def test_the_command_takes_a_mapping_from_a_file(app: Flask, db: Any, tmp_path: Path) -> None:
    house()
    path = tmp_path / "tickets.csv"
    path.write_text("Nr,Wer,Was,Wann,Wie\n7,ana@ostreyvale.example,VPN,2.3.2026 9:00,Fertig\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'zone = "Europe/Berlin"\n[columns]\nNr = "external_id"\nWer = "email"\nWas = "subject"\nWann = "opened"\n'
        'Wie = "status"\n[statuses]\nFertig = "closed"\n'
    )
    done = app.test_cli_runner().invoke(args=["import", "tickets", str(path), "--mapping", str(mapping), "--dry-run"])
    assert "Would be: 1 created; 1 remarks. Nothing was written." in done.output
    done = app.test_cli_runner().invoke(args=["import", "tickets", str(path), "--mapping", str(mapping)])
    assert "1 created" in done.output
    assert [(one.external_id, one.status) for one in everything()] == [("7", "closed")]
    mapping.write_text('colour = "red"\n')
    done = app.test_cli_runner().invoke(args=["import", "tickets", str(path), "--mapping", str(mapping)])
    assert "colour means nothing here" in done.output
