"""Instruments and rules in the reader's language: words only, beside the file that says what is reckoned.

A translation stands next to what it translates (`pulse-1.de.toml`, `flaws.de.toml`), says everything the original
says, and nothing else: it is part of the edition and as unchangeable once a wave has used it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from surveys import flaws, loading
from surveys.flaws import Flaw
from surveys.instrument import Dimension, Instrument, Item, Phase, Scale, Stage

ORIGINAL = "en"
LANGUAGE = re.compile(r"[a-z]{2,3}")


class BadWording(ValueError):
    """A translation that says more or less than its original; names what and where."""


def languages(name: str) -> tuple[str, ...]:
    """Return the languages in which an instrument may be answered, its own first.

    >>> languages("pulse-1")
    ('en', 'de')
    """
    others = sorted(path.name.split(".")[1] for path in loading.FOLDER.glob(f"{name}.*.toml"))
    return (ORIGINAL, *others)


def wording(name: str, locale: str) -> Instrument:
    """Return an instrument in a language such as de or de_CH; where it has no such wording, in its own.

    Codes, rules and digest are the original's: answers in any language count the same.

    >>> wording("pulse-1", "de_CH").dimension("VA").name
    'Nutzen'
    >>> wording("pulse-1", "fr") is wording("pulse-1", "en")
    True
    """
    language = re.split(r"[-_]", locale.lower())[0]
    if language == ORIGINAL or not LANGUAGE.fullmatch(language):
        return loading.load(name)
    return _translated(name, language)


def rules(locale: str) -> tuple[Flaw, ...]:
    """Return the rules of flaws with their names and handles in a language; where it has none, in their own.

    >>> rules("de")[0].name
    'Nicht bekannt'
    """
    language = re.split(r"[-_]", locale.lower())[0]
    return _rules(language) if LANGUAGE.fullmatch(language) else flaws.rules()


@cache
def _translated(name: str, language: str) -> Instrument:
    original = loading.load(name)
    path = loading.FOLDER / f"{name}.{language}.toml"
    return translate(original, path.read_text(encoding="utf-8"), file=path.name) if path.is_file() else original


@cache
def _rules(language: str) -> tuple[Flaw, ...]:
    path = Path(flaws.FILE).with_suffix(f".{language}.toml")
    if not path.is_file():
        return flaws.rules()
    return translate_rules(flaws.rules(), path.read_text(encoding="utf-8"), file=path.name)


def translate(original: Instrument, text: str, *, file: str) -> Instrument:
    """Put an instrument into the words of a translation; raises `BadWording`."""
    whole = _Words.read(text, file)
    whole.only("name", "language", "title", "about", "scale", "open_question", "dimension", "items", "stage")
    if whole.said("name") != original.name:
        raise whole.bad(f"`name` must be {original.name}")
    dimensions, items = whole.under("dimension"), whole.under("items")
    stages, question = whole.under("stage"), whole.under("open_question")
    dimensions.only(*(dimension.code for dimension in original.dimensions))
    items.only(*(item.code for item in original.items))
    stages.only(*(stage.code for stage in original.stages))
    question.only(*(phase.value for phase in Phase))
    return replace(
        original,
        title=whole.said("title"),
        about=whole.said("about"),
        scale=_scale(original.scale, whole.under("scale")),
        dimensions=tuple(_dimension(each, dimensions.under(each.code), items) for each in original.dimensions),
        stages=tuple(_stage(each, stages.under(each.code)) for each in original.stages),
        open_question={phase: question.said(phase.value) for phase in original.open_question},
    )


def translate_rules(original: Iterable[Flaw], text: str, *, file: str) -> tuple[Flaw, ...]:
    """Put names and handles of rules into the words of a translation; raises `BadWording`."""
    every = tuple(original)
    whole = _Words.read(text, file)
    whole.only(*(flaw.code for flaw in every))
    return tuple(
        replace(flaw, name=said.said("name"), handles=said.several("handles", len(flaw.handles)))
        for flaw, said in ((flaw, whole.under(flaw.code)) for flaw in every)
    )


def _scale(original: Scale, words: _Words) -> Scale:
    words.only("labels", "not_applicable")
    return replace(
        original,
        labels=words.several("labels", len(original.labels)),
        not_applicable=words.said("not_applicable"),
    )


def _dimension(original: Dimension, words: _Words, items: _Words) -> Dimension:
    words.only("name", "meaning")
    return replace(
        original,
        name=words.said("name"),
        meaning=words.said("meaning"),
        items=tuple(_item(each, items.under(each.code)) for each in original.items),
    )


def _item(original: Item, words: _Words) -> Item:
    """Keep the manner too: what is worded anew at go-live is so in every language, or changes would be compared."""
    if not original.changes_at_go_live:
        words.only("same")
        return replace(original, before=words.said("same"), after=words.said("same"))
    words.only("before", "after")
    if words.said("before") == words.said("after"):
        raise words.bad("`before` and `after` say the same")
    return replace(original, before=words.said("before"), after=words.said("after"))


def _stage(original: Stage, words: _Words) -> Stage:
    words.only("name", "question", "why")
    why = words.under("why")
    why.only(*original.why)
    return replace(
        original,
        name=words.said("name"),
        question=words.said("question"),
        why={code: why.said(code) for code in original.why},
    )


@dataclass(frozen=True)
class _Words:
    """A table of a translation, and where it stands."""

    file: str
    place: str
    table: Mapping[str, Any]

    @classmethod
    def read(cls, text: str, file: str) -> _Words:
        try:
            return cls(file, "the file", tomllib.loads(text))
        except tomllib.TOMLDecodeError as trouble:
            raise BadWording(f"{file}: this is no TOML: {trouble}") from None

    def bad(self, trouble: str) -> BadWording:
        return BadWording(f"{self.file}: {self.place}: {trouble}")

    def only(self, *known: str) -> None:
        """Refuse words for what the original does not have."""
        if unknown := set(self.table) - set(known):
            raise self.bad(f"the original has no {min(unknown)!r}")

    def under(self, key: str) -> _Words:
        found = self.table.get(key)
        if not isinstance(found, dict):
            raise self.bad(f"{key!r} is missing")
        return _Words(self.file, f"{self.place}, {key}" if self.place != "the file" else key, found)

    def said(self, key: str) -> str:
        found = self.table.get(key)
        if not isinstance(found, str) or not found.strip():
            raise self.bad(f"{key!r} is missing")
        return found

    def several(self, key: str, n: int) -> tuple[str, ...]:
        found = self.table.get(key)
        if not isinstance(found, list) or len(found) != n or not all(isinstance(each, str) and each for each in found):
            raise self.bad(f"{key!r} must be {n} texts")
        return tuple(found)
