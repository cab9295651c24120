"""Rules of the house that a look at the source can hold."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTRY_POINTS = {"views", "api", "cli", "jobs"}
COMMITS_BY_DESIGN = {
    "portal/core/operations/serving.py": "counts a change that a token asks for, whatever becomes of it",
    "portal/core/buffer.py": "writes what was observed, in a thread of its own, beside every request",
    "portal/measures/counting.py": "counts for minutes, and gives way to whoever writes in between",
    "portal/measures/fold.py": "puts down how far it has come, so that what is killed goes on from there",
    "portal/jobs/runner.py": "is the entry point of every job",
    "portal/migrations/env.py": "is the entry point of migrations",
}
ROOMS_WITHOUT_A_PURPOSE = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "info"}
LOCKS = ("requirements.txt", "requirements-dev.txt")
MOST_DISTRIBUTIONS = 60


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_commit(call: ast.Call) -> bool:
    """`db.session.commit()` or `session.commit()`; a search index's writer commits to itself and may."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "commit"
        and (ast.unparse(function.value).endswith("session") or ast.unparse(function.value) == "connection")
    )


def is_entry_point(name: str) -> bool:
    """`portal/kb/views.py`, and modules of a package of that name: `portal/kb/views/reading.py`."""
    inside_the_feature = Path(name).with_suffix("").parts[2:]
    return bool(ENTRY_POINTS & set(inside_the_feature)) or name.startswith("portal/demo/")


def test_only_entry_points_commit() -> None:
    found = {name for name, tree in modules("portal") if any(map(is_commit, calls(tree)))}
    assert {name for name in found if not is_entry_point(name)} == set(COMMITS_BY_DESIGN)


def test_the_rule_about_commits_sees_a_commit() -> None:
    assert any(map(is_commit, calls(ast.parse("def f():\n    db.session.commit()"))))


@pytest.mark.parametrize("folder", ["analytics", "surveys"])
def test_the_arithmetic_never_asks_the_time(folder: str) -> None:
    asking = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time|time\.monotonic|localtime)\b")
    found = [name for name, tree in modules(folder) for call in calls(tree) if asking.search(ast.unparse(call.func))]
    assert found == []


def test_no_module_is_a_room_without_a_purpose() -> None:
    found = [
        name
        for name, _ in modules("portal", "analytics", "surveys")
        if ROOMS_WITHOUT_A_PURPOSE & set(Path(name).with_suffix("").parts)
    ]
    assert found == []


def test_a_package_says_what_it_is_and_starts_nothing() -> None:
    """Importing a model must never start a feature."""
    wrong = []
    for name, tree in modules("portal", "analytics", "surveys"):
        if name.endswith("__init__.py") and (not ast.get_docstring(tree) or name.count("/") == 2):
            statements = [s for s in tree.body[1:] if not isinstance(s, ast.ImportFrom | ast.Import)]
            if not ast.get_docstring(tree) or any(isinstance(s, ast.Expr) for s in statements):
                wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    pinned = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
    assert pinned
    assert [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry or "==" not in entry] == []


def test_other_locks_with_addresses_are_not_committed() -> None:
    assert not [*ROOT.glob("uv.lock"), *ROOT.glob("pylock*.toml")]
    npm = [path for path in ROOT.rglob("package-lock.json") if "node_modules" not in path.parts]
    assert [str(path) for path in npm if '"resolved"' in path.read_text()] == []


def test_the_portal_needs_at_most_sixty_distributions() -> None:
    """QUALITY S25; more needs a page in docs/adr."""
    names = set(re.findall(r"^([a-zA-Z0-9._-]+)==", (ROOT / LOCKS[0]).read_text(), re.MULTILINE))
    assert 10 < len(names) <= MOST_DISTRIBUTIONS


def test_tests_run_on_the_versions_that_serve() -> None:
    def entries(lock: str) -> set[str]:
        found = re.findall(r"^([a-zA-Z0-9._-]+==[^\\]+)", (ROOT / lock).read_text(), re.MULTILINE)
        return {entry.strip() for entry in found}

    serving, testing = entries(LOCKS[0]), entries(LOCKS[1])
    # What serves on one system only may be there everywhere when tests run: an oracle needs it too.
    assert {entry for entry in serving - testing if entry.split(" ;")[0] not in testing} == set()


def test_every_library_we_ask_for_is_locked() -> None:
    asked = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    locked = (ROOT / LOCKS[0]).read_text().lower()
    assert [name for name in asked if f"{name.lower()}==" not in locked] == []


NAMED_OTHERWISE = {
    "argon2-cffi": "argon2", "pystemmer": "Stemmer", "markdown-it-py": "markdown_it", "pillow": "PIL", "pyyaml": "yaml",
    "whoosh-reloaded": "whoosh",
}  # fmt: skip
NOT_IMPORTED = {"gunicorn", "waitress", "tzdata", "psycopg"}
"""Started by name, or found by another library when they are there."""


def test_we_ask_for_no_library_we_do_not_use() -> None:
    asked = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    used = {
        name.split(".")[0]
        for _, tree in modules("portal", "analytics", "surveys")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    names = {name.lower(): NAMED_OTHERWISE.get(name.lower(), name.lower().replace("-", "_")) for name in asked}
    assert sorted(name for name, module in names.items() if module not in used and name not in NOT_IMPORTED) == []


def test_every_licence_allows_what_we_do() -> None:
    """Nothing we run on asks us to publish under its own terms; the LGPL of a library one links to does not."""
    from tools.release import licence, locked

    strict = re.compile(r"\b(A?GPL|SSPL|EUPL|CC-BY-NC)", re.IGNORECASE)
    assert {name: text for name in locked() if strict.search(text := licence(name))} == {}


def test_the_version_stands_in_one_place() -> None:
    from portal.core.version import VERSION

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "version" in project["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


def test_continuous_integration_alone_names_the_folder_of_real_data() -> None:
    folder = "../" + "shared"
    text_files = [
        p for p in ROOT.rglob("*") if p.suffix in (".py", ".md", ".toml", ".html", ".sh") or p.name == "Makefile"
    ]
    ours = [p for p in text_files if not {".venv", "node_modules", ".git", "build"} & set(p.relative_to(ROOT).parts)]
    assert [str(path) for path in ours if folder in path.read_text(errors="ignore")] == []
