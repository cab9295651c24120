"""Imports run downhill, and each contract that says so is broken once on purpose to see it bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

BREACHES = {
    "shell": ("analytics/breach.py", "import portal.core.clock"),
    "pure": ("analytics/breach.py", "import sqlalchemy"),
    "hill": ("portal/core/breach.py", "import portal.people.models"),
    "inside": ("portal/people/models.py", "import portal.people.services"),
    "rooms": ("portal/kb/writing/breach.py", "import portal.kb.reviewing.reviews"),
    "pages": ("portal/home/queries.py", "import portal.kb.views"),
    "settings": ("portal/people/breach.py", "import config"),
}

pytestmark = pytest.mark.slow


def lint(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    named = [part for contract in contracts for part in ("--contract", contract)]
    return subprocess.run([LINT, "--no-cache", *named], cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to be broken."""
    copied = tmp_path_factory.mktemp("tree")
    only_code = shutil.ignore_patterns("static", "templates", "translations", "__pycache__", "*.css", "*.js")
    for name in ("portal", "analytics", "surveys"):
        shutil.copytree(ROOT / name, copied / name, ignore=only_code)
    for name in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copied / name)
    return copied


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_its_breach() -> None:
    import tomllib

    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert {contract["id"] for contract in rules["tool"]["importlinter"]["contracts"]} == set(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_noticed(contract: str, tree: Path) -> None:
    name, line = BREACHES[contract]
    file = tree / name
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n")
    try:
        done = lint(tree, contract)
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout
