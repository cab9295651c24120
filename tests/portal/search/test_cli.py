"""`dity search`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from portal.core.database import db
from portal.search.maintenance import FOLDER
from tests.factories import kb, people

Index = Callable[[], None]


@pytest.fixture
def dity(app: Flask) -> Callable[..., Result]:
    def run(*arguments: str) -> Result:
        db.session.commit()
        return app.test_cli_runner().invoke(args=["search", *arguments])

    return run


def test_building_twice_finds_the_same(dity: Callable[..., Result]) -> None:
    kb.article("VPN drops every few minutes")
    people.person("Ana Ruiz", email="ana@ostreyvale.example")
    answers = []
    for _ in range(2):
        assert dity("rebuild").output.startswith("1 documents in ")
        answers.append(dity("try", "--as", "ana@ostreyvale.example", "vpn", "droops").output)
    assert answers[0] == answers[1]
    assert "Showing results for: vpn drops" in answers[0]
    assert "VPN drops every few minutes" in answers[0]


def test_status_says_what_to_do(dity: Callable[..., Result], app: Flask) -> None:
    missing = dity("status")
    assert (missing.exit_code, missing.output.splitlines()[-1]) == (1, "Build it again: dity search rebuild")
    dity("rebuild")
    assert dity("status").exit_code == 0
    (app.config["DITY"].home / FOLDER / "CURRENT").write_text("elsewhere")
    assert dity("status").output.startswith("missing:")


def test_trying_as_nobody_is_refused(dity: Callable[..., Result]) -> None:
    assert "Nobody has the address" in dity("try", "--as", "nobody@ostreyvale.example", "vpn").output


def test_trying_without_an_index_says_so(dity: Callable[..., Result]) -> None:
    people.person("Ana Ruiz", email="ana@ostreyvale.example")
    assert "The index is missing" in dity("try", "--as", "ana@ostreyvale.example", "vpn").output


def test_what_nobody_missed_is_said(dity: Callable[..., Result]) -> None:
    assert dity("unanswered").output == "Nothing that three people missed.\n"
