"""S12: the shipped lines as names of files and as addresses: nothing leaves the shelf, nothing breaks."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from portal.core.refs import Ref
from portal.files import names, services, shelf
from tests.factories import kb, people
from tests.hostile.lists import lines

WEIRD = (
    "\0",
    "..%2f",
    "CON",
    "aux.txt",
    "a\u202egpj.exe",
    "x" * 300,
    "a\r\nb",
    "．．／etc",
    "file:///etc/passwd",
    "~/.ssh",
)


@pytest.fixture
def everything(app: Flask) -> tuple[Any, Ref]:
    return people.actor(), kb.article().ref


def all_names() -> list[str]:
    return [*WEIRD, *lines("traversals")]


@pytest.mark.real_data
def test_no_name_keeps_a_path_a_control_or_a_line() -> None:
    for given in all_names():
        saved = names.download_name(given, "txt")
        assert Path(saved).name == saved
        assert saved.isprintable()
        assert not set(saved) & set('\\/:*?"<>|%')
        assert saved not in (".txt", "..txt")
        assert len(saved) <= names.LONGEST


@pytest.mark.real_data
@pytest.mark.slow
def test_whatever_a_file_is_called_it_lies_on_the_shelf(
    app: Flask, everything: tuple[Any, Ref], monkeypatch: Any
) -> None:
    actor, on = everything
    monkeypatch.setattr(services, "PER_HOUR", 10**6)
    before = {path for path in shelf.folder().parent.rglob("*") if shelf.folder() not in path.parents}
    for given in all_names()[::8]:
        with app.test_request_context():
            made = services.store(actor, io.BytesIO(b"words"), f"{given}.txt", on=on)
        place = shelf.path_of(made.stored_name).resolve()
        assert shelf.folder().resolve() in place.parents
    after = {path for path in shelf.folder().parent.rglob("*") if shelf.folder() not in path.parents}
    assert after - before <= {shelf.folder()}


@pytest.mark.real_data
@pytest.mark.slow
def test_addresses_of_files_give_404_or_400(app: Flask, ana: Any, everything: tuple[Any, Ref]) -> None:
    actor, on = everything
    with app.test_request_context():
        made = services.store(actor, io.BytesIO(b"words"), "words.txt", on=on)
    seen = set()
    for given in all_names()[::4]:
        for path in (f"/files/{made.id}/{quote(given, safe='')}", f"/files/{quote(given, safe='/%')}"):
            seen.add(ana.get(path, buffered=True).status_code)
    assert seen <= {301, 308, 400, 404}
    assert 404 in seen
