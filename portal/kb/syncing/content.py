"""Reading `kb_articles/`: files into values, and what is wrong with them by file and line. Knows no database."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from portal.kb.prose.slugs import SLUG

TAG = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
MAIL = re.compile(r"[^@\s]+@[^@\s]+")
REQUIRED = ("title", "summary", "category", "owner", "status")
OPTIONAL = ("tags", "audience", "verified_on", "review_by", "replaces")
CARRIED = ("redirect_from", "language", "translation_of")
"""Keys that an export of articles writes for the import; a sync passes over them."""
STATUSES = ("draft", "published", "archived")
LIMIT = 100_000
SKIPPED = frozenset({"_templates", "assets"})
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C, where it is there: several times as fast."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something to mend, where it is."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class CategoryEntry:
    """A topic as `categories.toml` states it."""

    slug: str
    title: str
    summary: str = ""
    icon: str = "folder"
    parent: str = ""
    audience: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class ArticleFile:
    """One article as its file states it."""

    path: str
    slug: str
    category: str
    title: str
    summary: str
    owner: str
    status: str
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    verified_on: dt.date | None = None
    review_by: dt.date | None = None
    replaces: tuple[str, ...] = ()
    body: str
    body_line: int
    """Line of the file at which the body begins."""
    lines: dict[str, int] = field(repr=False, compare=False)
    """Line of each key of the front matter."""
    checksum: str = ""

    def line_of(self, key: str) -> int:
        return self.lines.get(key, 1)


@dataclass(frozen=True)
class Content:
    """Everything the folder holds; when `problems` is not empty, nothing of it should be used."""

    categories: tuple[CategoryEntry, ...]
    articles: tuple[ArticleFile, ...]
    problems: tuple[Problem, ...]


def read(folder: Path) -> Content:
    """Read the folder whole. Every problem found becomes a line; a missing folder is one."""
    if not folder.is_dir():
        return Content((), (), (Problem(str(folder), 1, "there is no such folder (see DITY_KB_PATH)"),))
    problems: list[Problem] = []
    categories = read_categories(folder / "categories.toml", problems)
    articles = []
    for path in _files(folder):
        article = _read_article(folder, path, problems)
        if article is not None:
            articles.append(article)
    return Content(tuple(categories), tuple(articles), tuple(sorted(problems)))


def _files(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for path in sorted(folder.glob("*/**/*.md")):
        inside = path.relative_to(folder)
        if inside.parts[0] in SKIPPED or any(part.startswith(".") for part in inside.parts):
            continue
        if path.resolve().is_relative_to(root):  # a link must not lead out of the folder
            yield path


def read_categories(path: Path, problems: list[Problem]) -> list[CategoryEntry]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("category", [])
    except FileNotFoundError:
        problems.append(Problem(path.name, 1, "is missing; it names the categories"))
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        line = re.search(r"at line (\d+)", str(trouble))
        problems.append(Problem(path.name, int(line[1]) if line else 1, str(trouble)))
        return []
    entries: list[CategoryEntry] = []
    for position, row in enumerate(rows):
        try:
            audience = tuple(row.pop("audience", ()))
            entry = CategoryEntry(**row, audience=audience, position=position)
        except TypeError as trouble:
            problems.append(Problem(path.name, 1, f"category {position + 1}: {trouble}"))
            continue
        earlier = {e.slug for e in entries}
        if not SLUG.fullmatch(entry.slug) or entry.slug in earlier:
            problems.append(Problem(path.name, 1, f"{entry.slug!r} is no slug, or there are two of it"))
        elif entry.parent and entry.parent not in earlier:
            problems.append(Problem(path.name, 1, f"{entry.slug}: its parent {entry.parent!r} must stand above it"))
        else:
            entries.append(entry)
    return entries


def _read_article(folder: Path, path: Path, problems: list[Problem]) -> ArticleFile | None:
    name = path.relative_to(folder).as_posix()

    def problem(line: int, message: str) -> None:
        problems.append(Problem(name, line, message))

    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as trouble:
        problem(1, f"is not UTF-8: {trouble.reason} at byte {trouble.start}")
        return None
    text = text.replace("\r\n", "\n")
    if len(text) > LIMIT:
        problem(1, f"is longer than {LIMIT} characters")
        return None
    if not text.startswith("---\n") or (end := text.find("\n---\n", 3)) < 0:
        problem(1, "has no front matter: the file begins with a line ---, and another ends the front matter")
        return None
    head, body = text[4 : end + 1], text[end + 5 :]
    body_line = text.count("\n", 0, end + 5) + 1
    found = _front_matter(head, problem)
    if found is None:
        return None
    values, lines = found
    n_before = len(problems)
    for key in REQUIRED:
        if not values.get(key):
            problem(lines.get(key, 1), f"the front matter needs {key!r}")
    for key in values:
        if key not in REQUIRED + OPTIONAL + CARRIED:
            problem(lines[key], f"{key!r} is not a key of the front matter")
    article = _build(name, path.stem, values, lines, body, body_line, problem)
    return article if len(problems) == n_before else None


def _front_matter(head: str, problem: Any) -> tuple[dict[str, Any], dict[str, int]] | None:
    try:
        node = yaml.compose(head, Loader=LOADER)
        values = yaml.load(head, Loader=LOADER)  # noqa: S506 - the safe one
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        problem(mark.line + 2 if mark else 1, f"the front matter is not YAML: {getattr(trouble, 'problem', trouble)}")
        return None
    except ValueError as trouble:  # an impossible date
        problem(1, f"the front matter holds an impossible value: {trouble}")
        return None
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        problem(2, "the front matter must be lines of `key: value`")
        return None
    lines: dict[str, int] = {}
    for key, _value in node.value:
        if key.value in lines:
            problem(key.start_mark.line + 2, f"{key.value!r} is stated twice")
        lines[str(key.value)] = key.start_mark.line + 2
    return {str(key): value for key, value in values.items()}, lines


def _build(
    name: str, slug: str, values: dict[str, Any], lines: dict[str, int], body: str, body_line: int, problem: Any
) -> ArticleFile | None:
    """Convert the values; each that does not fit becomes a problem at its line."""

    def text(key: str, longest: int) -> str:
        value = values.get(key)
        if value is not None and not isinstance(value, str):
            problem(lines[key], f"{key} must be text; put it in quotes")
            return ""
        if value and len(value) > longest:
            problem(lines[key], f"{key} is longer than {longest} characters")
        return (value or "").strip()

    def words(key: str, form: re.Pattern[str]) -> tuple[str, ...]:
        value = values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) and form.fullmatch(v) for v in value):
            problem(lines[key], f"{key} must be a list like [one, two], in lower case")
            return ()
        return tuple(value)

    def day(key: str) -> dt.date | None:
        value = values.get(key)
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            problem(lines[key], f"{key} must be a date like 2026-11-20")
            return None
        return value

    article = ArticleFile(
        path=name,
        slug=slug,
        category=text("category", 64),
        title=text("title", 200),
        summary=text("summary", 400),
        owner=text("owner", 254).lower(),
        status=text("status", 16),
        tags=tuple(sorted(set(words("tags", TAG)))),
        audience=words("audience", SLUG),
        verified_on=day("verified_on"),
        review_by=day("review_by"),
        replaces=words("replaces", SLUG),
        body=body,
        body_line=body_line,
        lines=lines,
        checksum=hashlib.sha256(repr((sorted(values.items(), key=str), body)).encode()).hexdigest(),
    )
    if not SLUG.fullmatch(slug) or len(slug) > 120:
        problem(1, f"the file's name {slug!r} must be lower-case words joined by hyphens")
    if article.status and article.status not in STATUSES:
        problem(lines["status"], f"status must be one of {', '.join(STATUSES)}")
    if article.owner and not MAIL.fullmatch(article.owner):
        problem(lines["owner"], "owner must be a mail address")
    if article.verified_on and article.review_by and article.review_by <= article.verified_on:
        problem(lines["review_by"], "review_by must be later than verified_on")
    return article
