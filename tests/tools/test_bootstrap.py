"""What brings packages and a browser onto a machine, and knows when there is nothing to do."""

import json
from pathlib import Path

import pytest

from tools import bootstrap


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with locks and an environment that looks installed."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "installed.json")
    for name in ("python", "requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"{name}==1\n")
    stamps = {name: bootstrap.fingerprint(tmp_path / name) for name in ("requirements.txt", "requirements-dev.txt")}
    (tmp_path / "installed.json").write_text(json.dumps(stamps))
    return tmp_path


@pytest.mark.parametrize("which", ["run", "dev"])
def test_nothing_is_done_when_all_is_there(place: Path, which: str) -> None:
    assert bootstrap.is_installed(bootstrap.SETS[which])


@pytest.mark.parametrize("harm", ["changed", "no stamp", "broken stamp", "no python"])
def test_what_changed_is_installed_again(place: Path, harm: str) -> None:
    if harm == "changed":
        (place / "requirements.txt").write_text("another==2\n")
    elif harm == "no stamp":
        (place / "installed.json").unlink()
    elif harm == "broken stamp":
        (place / "installed.json").write_text("{")
    else:
        (place / "python").unlink()
    assert not bootstrap.is_installed(bootstrap.SETS["run"])


def test_another_python_means_another_installation(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version", "4.0")
    assert not bootstrap.is_installed(bootstrap.SETS["run"])


def test_the_browser_named_is_the_browser_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "browser"
    own.touch()
    monkeypatch.setenv("TEST_BROWSER", str(own))
    assert bootstrap.find_browser() == str(own)


def test_no_browser_to_be_had_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "find_browser", lambda: "")
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *arguments, **kw: None)
    assert bootstrap.main(["browser"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "install one, or name it in TEST_BROWSER" in said


def test_an_unknown_step_tells_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["everything"]) == 2
    assert "run | dev | browser" in capsys.readouterr().out


def test_an_old_python_looks_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/there/python3.12" if name == "python3.12" else None)
    assert bootstrap.right_python() == "/there/python3.12"
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(bootstrap.CannotPrepare, match=r"This is Python 3\.9; the portal needs Python 3\.11"):
        bootstrap.right_python()


def test_it_can_be_read_by_pythons_that_are_too_old() -> None:
    """Or they would show a syntax error instead of the sentence."""
    import ast

    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))
