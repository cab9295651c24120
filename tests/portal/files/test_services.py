"""Taking files in and sweeping up."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import ANONYMOUS, Actor
from portal.core.errors import Forbidden, Invalid, NotFound, TooMany
from portal.core.refs import Ref
from portal.files import queries, services, shelf
from portal.files.models import Attachment
from portal.ledger.models import LedgerEntry
from tests.factories import files, kb, people

PNG = files.picture("PNG")


@pytest.fixture(autouse=True)
def _within_a_request(app: Flask) -> Iterator[None]:
    """Things have addresses only within a request."""
    with app.test_request_context():
        yield


@pytest.fixture
def ana_acts(app: Flask) -> Actor:
    return people.actor("Ana Ruiz")


@pytest.fixture
def on(app: Flask) -> Ref:
    return kb.article().ref


def put(actor: Actor, on: Ref, content: bytes = PNG, name: str = "menu.png", **kw: Any) -> Attachment:
    return services.store(actor, io.BytesIO(content), name, on=on, **kw)


@pytest.mark.both
def test_a_picture_is_drawn_kept_and_recorded(db: Any, ana_acts: Actor, on: Ref) -> None:
    made = put(ana_acts, on, name="..\\My menu.PNG", alt=" The\nmenu ")
    assert (made.download_name, made.media_type, made.alt) == ("My menu.png", "image/png", "The menu")
    assert (made.width, made.height, made.is_picture) == (8, 6, True)
    assert shelf.path_of(made.stored_name).stat().st_size == made.size
    assert made.subject == str(on)
    entry = db.session.execute(select(LedgerEntry).where(LedgerEntry.name == Name.FILE_STORED.value)).scalar_one()
    assert (entry.subject, entry.props["on"], entry.props["bytes"]) == (f"file:{made.id}", str(on), made.size)


def test_other_files_are_kept_as_they_are(ana_acts: Actor, on: Ref) -> None:
    made = put(ana_acts, on, b"%PDF-1.7\nx", "a.pdf")
    assert shelf.path_of(made.stored_name).read_bytes() == b"%PDF-1.7\nx"
    assert not made.is_picture


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.png", "empty"),
        (b"<html>", "a.png", "not what its name says"),
        (b"x", "a.exe", "do not take"),
        (PNG[:45], "a.png", "damaged"),
    ],
    ids=["empty", "page", "program", "half a picture"],
)
def test_refused_files_leave_nothing_behind(ana_acts: Actor, on: Ref, content: bytes, name: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        put(ana_acts, on, content, name)
    assert refused.value.field == "file"
    assert list(shelf.all_names()) == []


def test_a_file_above_the_limit_is_refused_before_it_is_read_to_its_end(ana_acts: Actor, on: Ref) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"a" * size

    endless = Endless()
    with pytest.raises(Invalid, match="too large"):
        services.store(ana_acts, endless, "a.txt", on=on)  # type: ignore[arg-type]
    assert endless.given < 11_000_000


def test_a_thing_out_of_sight_takes_no_files(ana_acts: Actor, app: Flask) -> None:
    hidden = kb.article(access_key="a999").ref
    for on in (hidden, Ref("article", 10**9), Ref("nonsense", 1)):
        with pytest.raises(NotFound):
            put(ana_acts, on)


def test_a_stranger_adds_no_files(on: Ref) -> None:
    with pytest.raises(Forbidden):
        put(ANONYMOUS, on)


def test_somebody_adds_sixty_files_an_hour(ana_acts: Actor, on: Ref, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PER_HOUR", 2)
    put(ana_acts, on)
    put(ana_acts, on)
    with pytest.raises(TooMany):
        put(ana_acts, on)


def test_a_text_can_name_only_the_files_of_its_own_thing(ana_acts: Actor, on: Ref) -> None:
    mine, other = put(ana_acts, on), put(ana_acts, kb.article().ref, name="secret-plan.png")
    with_app = queries.resolver(on)
    assert with_app(f"file:{other.id}") is None
    assert with_app("assets/menu.png") is None
    assert str(with_app(f"file:{mine.id}")).endswith(f"/files/{mine.id}/menu.png")


def test_files_of_several_things_come_in_one_query(ana_acts: Actor, on: Ref, queries: Any) -> None:
    from portal.files import queries as reading

    other = kb.article().ref
    first, second, third = put(ana_acts, on), put(ana_acts, on), put(ana_acts, other)
    with queries() as seen:
        found = reading.on([on, other, Ref("article", 10**9)])
    assert found == {on: [first, second], other: [third]}
    assert len(seen) == 1


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_the_sweep_takes_what_nobody_names_after_a_day(db: Any, ana_acts: Actor, on: Ref) -> None:
    kept = put(ana_acts, on)
    db.session.commit()
    undone, fresh = put(ana_acts, on).stored_name, put(ana_acts, on).stored_name
    db.session.rollback()
    half_written = shelf.path_of(kept.stored_name).parent / ".new-abc"
    half_written.write_bytes(b"x")
    for path in (shelf.path_of(kept.stored_name), shelf.path_of(undone), half_written):
        age(path, 2)
    assert services.sweep() == 2
    assert {name for name, _ in shelf.all_names()} == {kept.stored_name, fresh}
    assert services.sweep() == 0


def test_a_file_that_is_gone_is_noticed(ana_acts: Actor, on: Ref) -> None:
    from portal.files.wiring import check

    assert check().is_ok
    made = put(ana_acts, on)
    assert check().is_ok
    shelf.path_of(made.stored_name).unlink()
    assert services.missing() == [made.stored_name]
    assert not check().is_ok


@pytest.mark.parametrize("name", ["../../etc/passwd", "ab/../x.png", "/etc/passwd", "", "AB/x.png"])
def test_the_shelf_knows_only_names_of_its_own(app: Flask, name: str) -> None:
    with pytest.raises(ValueError):
        shelf.path_of(name)
