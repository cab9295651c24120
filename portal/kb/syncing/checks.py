"""What `make kb-check` holds articles to, beyond what sync must refuse. Works on files alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from portal.kb.prose.readability import reading_ease
from portal.kb.syncing.content import ArticleFile, Content, Problem

EASE_NEEDED = 50.0
"""Flesch reading ease below which a text is hard work for most (house rule)."""
PARAGRAPH = 60
"""Characters from which two equal paragraphs count as repeated."""

_LINK = re.compile(r"\]\(kb:([^)#\s]*)(?:#[^)\s]*)?\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
_ITEM = re.compile(r"^(\d+)\. ")


def fatal(content: Content) -> list[Problem]:
    """Return what makes a sync impossible: unreadable files, two of one slug, unknown categories, dead links."""
    problems = list(content.problems)
    categories = {entry.slug for entry in content.categories}
    first: dict[str, ArticleFile] = {}
    for article in content.articles:
        if article.slug in first:
            problems.append(Problem(article.path, 1, f"has the same name as {first[article.slug].path}"))
        first.setdefault(article.slug, article)
        if article.category not in categories:
            line = article.line_of("category")
            problems.append(Problem(article.path, line, f"there is no category {article.category!r}"))
    for article in content.articles:
        for slug in article.replaces:
            if slug in first:
                problems.append(Problem(article.path, article.line_of("replaces"), f"{slug!r} still has its own file"))
        if article.status == "published":
            problems += _dead_links(article, first)
    return sorted(problems)


def _dead_links(article: ArticleFile, known: Mapping[str, ArticleFile]) -> Iterator[Problem]:
    for number, line in _prose(article):
        for target in _LINK.findall(line):
            if target not in known:
                yield Problem(article.path, number, f"the link kb:{target} leads nowhere")
            elif known[target].status != "published":
                yield Problem(article.path, number, f"the link kb:{target} leads to an article that is not published")


def advice(content: Content, folder: Path) -> list[Problem]:
    """Return what an editor should mend: headings, numbering, pictures, reading ease, repeated paragraphs."""
    problems: list[Problem] = []
    paragraphs: dict[str, str] = {}
    for article in content.articles:
        problems += _shape(article)
        problems += _pictures(article, folder)
        ease = reading_ease(article.body)
        if ease < EASE_NEEDED:
            message = f"reads hard ({ease:.0f}, at least {EASE_NEEDED:.0f} wanted): shorter sentences, shorter words"
            problems.append(Problem(article.path, article.body_line, message))
        for number, paragraph in _paragraphs(article):
            if paragraph in paragraphs and paragraphs[paragraph] != article.path:
                problems.append(Problem(article.path, number, f"shares a paragraph with {paragraphs[paragraph]}"))
            paragraphs.setdefault(paragraph, article.path)
        if article.status == "published" and article.verified_on is None:
            problems.append(Problem(article.path, article.line_of("status"), "is published but was never verified"))
    return sorted(problems)


def _shape(article: ArticleFile) -> Iterator[Problem]:
    expected = 0
    for number, line in _prose(article):
        if line.startswith("# "):
            yield Problem(article.path, number, "the title is the one first-level heading; begin with ##")
        if line.startswith(("## ", "///")):
            expected = 0
        if item := _ITEM.match(line):
            n = int(item[1])
            if n not in (1, expected + 1):
                yield Problem(article.path, number, f"this step should be number {expected + 1}, not {n}")
            expected = n


def _pictures(article: ArticleFile, folder: Path) -> Iterator[Problem]:
    for number, line in _prose(article):
        for alt, target in _IMAGE.findall(line):
            if not alt.strip():
                yield Problem(article.path, number, "this picture has no text that stands in for it")
            if not (folder / "assets" / target.removeprefix("assets/")).is_file():
                yield Problem(article.path, number, f"there is no picture {target!r} in assets/")


def _prose(article: ArticleFile) -> Iterator[tuple[int, str]]:
    """Yield the lines of the body that are not code, with their number in the file."""
    is_code = False
    for number, line in enumerate(article.body.split("\n"), start=article.body_line):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        elif not is_code:
            yield number, line


def _paragraphs(article: ArticleFile) -> Iterator[tuple[int, str]]:
    for number, line in _prose(article):
        text = " ".join(_ITEM.sub("", line.strip()).removeprefix("→ ").casefold().split())
        if len(text) >= PARAGRAPH:
            yield number, text
