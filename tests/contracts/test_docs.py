"""The generated references say what the code says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from analytics.events import Name
from config import Settings
from portal.core.options import Options
from portal.core.permissions import Permission
from tests.contracts.trying import rules_of
from tools.docs import commands, events, permissions, routes, settings, sources
from tools.docs.__main__ import PAGES, main

PAGE_NAMES = [page.PATH.name for page in PAGES]


@pytest.mark.parametrize("source", PAGES, ids=PAGE_NAMES)
def test_the_reference_is_fresh(source: ModuleType) -> None:
    assert source.PATH.read_text(encoding="utf-8") == source.page(), "stale: make docs writes it anew"


def test_every_setting_and_option_is_explained() -> None:
    text = settings.page()
    for field in fields(Settings):
        assert f"`DITY_{field.name.upper()}`" in text
    for field in fields(Options):
        assert f"`{field.name}`" in text


def test_every_permission_and_fact_has_its_line() -> None:
    assert [f"`{p.value}`" for p in Permission if f"`{p.value}`" not in permissions.page()] == []
    assert [name for name in Name if f"`{name}`" not in events.page()] == []


def test_every_route_has_its_address(app: Flask) -> None:
    text = routes.page()
    assert "?" not in text.replace("`?", "").split("## ")[0]
    missing = [str(rule) for (method, _), rule in rules_of(app).items() if f"`{method} {rule}`" not in text]
    assert missing == []


def test_every_command_is_told_with_its_arguments() -> None:
    text = commands.page()
    for line in ("## `dity backup [TARGET]`", "### `dity db copy URL`", "### `dity jobs run`"):
        assert line in text
    assert "`dity db prepare`" not in text, "hidden commands are not for people"


def test_a_setting_without_a_sentence_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "config.py"
    source.write_text("class Settings:\n    port: int = 8000\n    '''Port.'''\n    host: str = ''\n")
    with pytest.raises(sources.Unexplained, match=r"Settings\.host"):
        list(sources.fields(source, "Settings"))


def test_checking_says_what_is_stale_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "permissions.md"
    stale.write_text("old")
    monkeypatch.setattr(permissions, "PATH", stale)
    assert main(["--check"]) == 1
    assert "permissions.md" in capsys.readouterr().out
    assert stale.read_text() == "old"
    assert main([]) == 0
    assert stale.read_text() == permissions.page()
