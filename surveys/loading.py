"""Instruments read from their files and checked: what is wrong is said with its line, before anybody is asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from surveys.instrument import Dimension, Instrument, Item, Phase, Rules, Scale, Stage

FOLDER = Path(__file__).parent / "instruments"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-[1-9][0-9]*")
DIMENSION = re.compile(r"[A-Z]{2}")
ITEM = re.compile(r"[A-Z]{2}[1-9]R?")


class BadInstrument(ValueError):
    """An instrument that cannot be used, with the line that shows it."""

    def __init__(self, name: str, trouble: str, *, line: int | None = None) -> None:
        self.name, self.trouble, self.line = name, trouble, line
        super().__init__(f"{name}.toml, line {line}: {trouble}" if line else f"{name}.toml: {trouble}")


class UnknownInstrument(LookupError):
    """There is no instrument of that name."""


def names() -> tuple[str, ...]:
    """Return which instruments there are.

    >>> "pulse-1" in names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if NAME.fullmatch(path.stem)))


@cache
def load(name: str) -> Instrument:
    """Return the instrument of a name and edition such as pulse-1; `UnknownInstrument`, `BadInstrument`.

    >>> len(load("pulse-1").items)
    27
    """
    if name not in names():
        raise UnknownInstrument(f"there is no instrument {name!r}; known: {', '.join(names())}")
    return parse((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name=name)


def parse(text: str, *, name: str) -> Instrument:
    """Read an instrument and check that it holds together."""
    text = text.replace("\r\n", "\n")
    return _Reading(text, name).instrument()


class _Reading:
    """One text being read; knows where in it a word stands."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        try:
            self.raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as trouble:
            raise BadInstrument(name, f"this is no TOML: {trouble}") from None

    def bad(self, trouble: str, *, at: str = "", again: bool = False) -> BadInstrument:
        """Make the refusal, with the first line on which a word stands, or the last if it should not stand again."""
        place = (self.text.rfind(at) if again else self.text.find(at)) if at else -1
        return BadInstrument(self.name, trouble, line=self.text[:place].count("\n") + 1 if place >= 0 else None)

    def need(self, table: Mapping[str, Any], key: str, kind: type, *, of: str, at: str = "") -> Any:
        if key not in table:
            raise self.bad(f"{of} has no `{key}`", at=at)
        value = table[key]
        if not isinstance(value, kind) or isinstance(value, bool) or value in ("", [], {}):
            raise self.bad(f"`{key}` of {of} must be a {kind.__name__} and not empty", at=at or f"{key} =")
        return value

    def only(self, table: Mapping[str, Any], known: str, *, of: str) -> None:
        if unknown := set(table) - set(known.split()):
            word = min(unknown)
            raise self.bad(f"{of} knows no `{word}`", at=word)

    def instrument(self) -> Instrument:
        raw = self.raw
        self.only(raw, "name title about scale scoring open_question dimension stage", of="an instrument")
        if raw.get("name") != self.name or not NAME.fullmatch(self.name):
            raise self.bad(f"`name` must be {self.name}, the file's, and end in its edition: pulse-1", at="name =")
        scale = self.scale(self.need(raw, "scale", dict, of="the instrument"))
        dimensions = self.dimensions(self.need(raw, "dimension", list, of="the instrument"))
        codes = [dimension.code for dimension in dimensions]
        rules = self.rules(self.need(raw, "scoring", dict, of="the instrument"), codes)
        n_items = {dimension.code: len(dimension.items) for dimension in dimensions}
        if few := [code for code, n in n_items.items() if n < rules.least_items]:
            raise self.bad(f"{few[0]} has fewer items than a score takes", at=f'code = "{few[0]}"')
        question = self.need(raw, "open_question", dict, of="the instrument")
        return Instrument(
            name=self.name,
            title=self.need(raw, "title", str, of="the instrument"),
            about=self.need(raw, "about", str, of="the instrument"),
            digest=sha256(self.text.encode()).hexdigest(),
            scale=scale,
            rules=rules,
            dimensions=dimensions,
            stages=self.stages(self.need(raw, "stage", list, of="the instrument"), n_items, rules),
            open_question={phase: self.need(question, phase.value, str, of="[open_question]") for phase in Phase},
        )

    def scale(self, raw: Mapping[str, Any]) -> Scale:
        self.only(raw, "low high labels not_applicable", of="[scale]")
        low, high = (self.need(raw, key, int, of="[scale]") for key in ("low", "high"))
        labels = tuple(self.need(raw, "labels", list, of="[scale]"))
        if high <= low or len(labels) != high - low + 1:
            raise self.bad(f"a scale from {low} to {high} needs a label for each point, lowest first", at="labels =")
        return Scale(
            low=low, high=high, labels=labels, not_applicable=self.need(raw, "not_applicable", str, of="[scale]")
        )

    def dimensions(self, raw: list[Mapping[str, Any]]) -> tuple[Dimension, ...]:
        found: list[Dimension] = []
        for each in raw:
            self.only(each, "code name meaning items", of="a dimension")
            code = self.need(each, "code", str, of="a dimension", at="[[dimension]]")
            at, of = f'code = "{code}"', f"dimension {code}"
            if not DIMENSION.fullmatch(code):
                raise self.bad(f"{code!r} is no code of a dimension: two capitals", at=at)
            if code in {known.code for known in found}:
                raise self.bad(f"dimension {code} is there twice", at=at, again=True)
            items = tuple(self.item(item, code) for item in self.need(each, "items", list, of=of, at=at))
            codes = [item.code for item in items]
            if twice := next((item for item in codes if codes.count(item) > 1), None):
                raise self.bad(f"item {twice} is there twice", at=f'code = "{twice}"', again=True)
            name, meaning = (self.need(each, key, str, of=of, at=at) for key in ("name", "meaning"))
            found.append(Dimension(code=code, name=name, meaning=meaning, items=items))
        return tuple(found)

    def item(self, raw: Mapping[str, Any], dimension: str) -> Item:
        self.only(raw, "code before after same", of=f"an item of {dimension}")
        code = self.need(raw, "code", str, of=f"an item of {dimension}", at=f'code = "{dimension}"')
        at = f'code = "{code}"'
        if not ITEM.fullmatch(code) or not code.startswith(dimension):
            raise self.bad(f"{code!r} is no item of {dimension}: {dimension}1, or {dimension}3R if turned round", at=at)
        if ("same" in raw) == ("before" in raw or "after" in raw):
            raise self.bad(f"{code} needs either `same`, or both `before` and `after`", at=at)
        before, after = ("same", "same") if "same" in raw else ("before", "after")
        return Item(
            code=code,
            dimension=dimension,
            before=self.need(raw, before, str, of=code, at=at),
            after=self.need(raw, after, str, of=code, at=at),
        )

    def rules(self, raw: Mapping[str, Any], dimensions: list[str]) -> Rules:
        known = "least_items core least_core outcome barriers at_risk sound strong"
        self.only(raw, known, of="[scoring]")
        named = {key: self.need(raw, key, list, of="[scoring]") for key in ("core", "barriers")}
        outcome = self.need(raw, "outcome", str, of="[scoring]")
        for key, codes in (*named.items(), ("outcome", [outcome])):
            if strange := [code for code in codes if code not in dimensions]:
                raise self.bad(f"`{key}` names {strange[0]}, which is no dimension", at=f"{key} =")
        least_items, least_core = (self.need(raw, key, int, of="[scoring]") for key in ("least_items", "least_core"))
        at_risk, sound, strong = (self.need(raw, key, int, of="[scoring]") for key in ("at_risk", "sound", "strong"))
        if not 0 < at_risk < sound < strong < 100:
            raise self.bad("the bands must rise: 0 < at_risk < sound < strong < 100", at="at_risk =")
        if not (least_items >= 1 and 1 <= least_core <= len(named["core"])):
            raise self.bad("`least_items` and `least_core` must be at least 1, and no more than there are", at="least_")
        return Rules(
            least_items=least_items,
            core=tuple(named["core"]),
            least_core=least_core,
            outcome=outcome,
            barriers=tuple(named["barriers"]),
            at_risk=at_risk,
            sound=sound,
            strong=strong,
        )

    def stages(self, raw: list[Mapping[str, Any]], n_items: Mapping[str, int], rules: Rules) -> tuple[Stage, ...]:
        found: list[Stage] = []
        for each in raw:
            self.only(each, "code name phase question n_items why", of="a stage")
            code = self.need(each, "code", str, of="a stage", at="[[stage]]")
            at, of = f'code = "{code}"', f"stage {code}"
            why = self.need(each, "why", dict, of=of, at=at)
            if strange := [name for name in why if name not in n_items]:
                raise self.bad(f"stage {code} asks {strange[0]}, which is no dimension", at=at)
            if left_out := [name for name in rules.core if name not in why]:
                raise self.bad(f"stage {code} leaves out {left_out[0]}, which is core", at=at)
            if any(not isinstance(reason, str) or not reason for reason in why.values()):
                raise self.bad(f"stage {code} asks something without saying why", at=at)
            n = sum(n_items[name] for name in why)
            if n != (said := self.need(each, "n_items", int, of=of, at=at)):
                raise self.bad(f"stage {code} says it has {said} items, but has {n}", at=at)
            if each.get("phase") not in set(Phase):
                raise self.bad(f"`phase` of stage {code} must be before or after", at=at)
            if code in {known.code for known in found} or any(set(why) == set(known.why) for known in found):
                raise self.bad(f"stage {code} is there twice, or asks the same as another", at=at, again=True)
            name, question = (self.need(each, key, str, of=of, at=at) for key in ("name", "question"))
            found.append(Stage(code=code, name=name, phase=Phase(each["phase"]), question=question, why=why))
        return tuple(found)
