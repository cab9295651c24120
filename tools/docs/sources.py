"""What the code says of itself: dataclass fields with the sentence below each, read without importing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Unexplained(ValueError):
    """A field without a sentence below it: the reference would have a hole."""


@dataclass(frozen=True)
class Field:
    """One annotated attribute of a class, as its source has it."""

    name: str
    type: str
    default: str
    meaning: str


def fields(path: Path, class_name: str) -> Iterator[Field]:
    """Yield the fields of a class in the order of the source; refuse one without its sentence (Unexplained)."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    words = {node.name: ast.get_docstring(node) or "" for node in module.body if isinstance(node, ast.FunctionDef)}
    (body,) = (node.body for node in module.body if isinstance(node, ast.ClassDef) and node.name == class_name)
    for node, below in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
            continue
        if not (isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)):
            raise Unexplained(f"{path.name}: {class_name}.{node.target.id} has no sentence below it")
        meaning = " ".join(str(below.value.value).split())
        yield Field(node.target.id, ast.unparse(node.annotation), _default(node.value, words), meaning)


def _default(value: ast.expr | None, words: dict[str, str]) -> str:
    """Return the default as code, empty for an empty one; of a factory, what its docstring says it returns."""
    if isinstance(value, ast.Call):
        for keyword in value.keywords:
            if keyword.arg == "default_factory" and isinstance(keyword.value, ast.Name):
                return words[keyword.value.id].split("\n")[0].removeprefix("Return ").rstrip(".")
        value = value.args[0]  # Path("kb_articles") reads better as the path itself
    shown = ast.literal_eval(value) if value is not None else None
    if shown in (None, "", ()):
        return ""
    return f"`{str(shown).lower() if isinstance(shown, bool) else shown}`"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)
