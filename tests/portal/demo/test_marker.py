"""The demo touches its own folder only."""

from pathlib import Path

import pytest

from portal.demo import marker
from portal.demo.marker import State


def test_a_missing_and_an_empty_folder_are_free(tmp_path: Path) -> None:
    assert marker.look(tmp_path) is State.EMPTY
    assert marker.look(tmp_path / "nowhere") is State.EMPTY


def test_somebodys_own_portal_is_foreign(tmp_path: Path) -> None:
    (tmp_path / "dity.sqlite3").touch()
    assert marker.look(tmp_path) is State.FOREIGN


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"seed": "x", "is_ready": true}', "\x00"])
def test_a_note_that_cannot_be_read_claims_nothing(tmp_path: Path, note: str) -> None:
    (tmp_path / marker.FILE).write_text(note)
    assert marker.look(tmp_path) is State.FOREIGN


def test_filling_that_did_not_end_is_half(tmp_path: Path) -> None:
    marker.write(tmp_path, is_ready=False)
    assert marker.look(tmp_path) is State.HALF


def test_a_filled_demo_is_ready(tmp_path: Path) -> None:
    marker.write(tmp_path / "deep" / "home", is_ready=True)
    assert marker.look(tmp_path / "deep" / "home") is State.READY


def test_a_demo_of_another_release_is_outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker.write(tmp_path, is_ready=True)
    monkeypatch.setattr(marker, "SEED_VERSION", marker.SEED_VERSION + 1)
    assert marker.look(tmp_path) is State.OUTDATED


def test_clearing_leaves_an_empty_folder(tmp_path: Path) -> None:
    marker.write(tmp_path, is_ready=True)
    (tmp_path / "dity.sqlite3").touch()
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").touch()
    marker.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
    marker.clear(tmp_path)


def test_clearing_refuses_what_is_not_the_demos(tmp_path: Path) -> None:
    (tmp_path / "dity.sqlite3").touch()
    with pytest.raises(ValueError, match="not the demo's"):
        marker.clear(tmp_path)
    assert (tmp_path / "dity.sqlite3").exists()
