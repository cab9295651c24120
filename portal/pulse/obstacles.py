"""Adoption flaws as the page tells them: on what evidence, in which groups, what helps, and which leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from portal.pulse import speaking
from portal.pulse.reading import Seen
from surveys import wordings
from surveys.flaws import Bound, Evidence, Fired, Source
from surveys.groups import INDEX
from surveys.instrument import Band, Instrument


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What speaks for a flaw in one group, in a sentence, and drawn where it can be."""

    text: str
    ends: tuple[float, float, float, float] | None
    """Low end, value, high end and line, each of 100."""
    value: str
    line: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A flaw in one group."""

    unit: str
    title: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One flaw, wherever it was found."""

    number: int
    code: str
    name: str
    title: str
    found: tuple[Found, ...]
    handles: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    """Groups and dimensions on which it rests."""

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(each.unit for each in self.found)


def obstacles(seen: Seen) -> tuple[Obstacle, ...]:
    """Return the flaws, what lies furthest beyond its line first; each once, with all groups in which it was found."""
    by_code: dict[str, list[Fired]] = defaultdict(list)
    for fired in seen.flaws:
        by_code[fired.code].append(fired)
    ordered = sorted(by_code.items(), key=lambda each: (-max(_beyond(one) for one in each[1]), each[0]))
    said = {flaw.code: flaw for flaw in wordings.rules(str(get_locale() or "en"))}
    return tuple(
        _obstacle(
            seen,
            number,
            code,
            fired,
            name=said[code].name if code in said else code.replace("_", " "),
            handles=said[code].handles if code in said else fired[0].handles,
        )
        for number, (code, fired) in enumerate(ordered, start=1)
    )


def _obstacle(
    seen: Seen, number: int, code: str, fired: list[Fired], *, name: str, handles: tuple[str, ...]
) -> Obstacle:
    titles = [_("Everybody") if not one.unit else one.unit for one in fired]
    return Obstacle(
        number=number,
        code=code,
        name=name,
        title=f"{together(titles)}: {name[:1].lower()}{name[1:]}" if _is_lowered() else f"{together(titles)}: {name}",
        found=tuple(
            Found(
                unit=one.unit,
                title=title,
                proofs=tuple(_proof(each, seen.instrument, seen.released.stage or "") for each in one.evidence),
            )
            for one, title in zip(fired, titles, strict=True)
        ),
        handles=handles,
        cells=tuple(dict.fromkeys(cell for one in fired for cell in _cells(one, seen.instrument))),
    )


def _is_lowered() -> bool:
    """German nouns keep their capitals."""
    return str(get_locale() or "en").startswith("en")


def together(names: list[str]) -> str:
    """Join names as one says them."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])


def _proof(found: Evidence, instrument: Instrument, stage: str) -> Proof:
    return Proof(
        text=speaking.evidence(found, instrument, stage),
        ends=speaking.on_line(found),
        value=speaking.measured_value(found),
        line=speaking.line(found),
    )


def _beyond(fired: Fired) -> float:
    """Tell how far beyond its line, of 100, a flaw lies with the near end of its interval."""
    found = 0.0
    for each in fired.evidence:
        ends = speaking.on_line(each)
        if ends is None or each.condition.bound is Bound.AT_LEAST:
            continue
        low, _value, high, line = ends
        found = max(found, line - high if each.condition.bound is Bound.BELOW else low - line)
    return found


def _cells(fired: Fired, instrument: Instrument) -> list[tuple[str, str]]:
    found = []
    for each in fired.evidence:
        of = each.condition.of
        match each.condition.source:
            case Source.SCORE | Source.CHANGE:
                found.append((fired.unit, of))
            case Source.FAVOURABLE:
                found.append((fired.unit, instrument.item(of).dimension))
            case _:
                continue
    return found


def marks(found: tuple[Obstacle, ...]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return which cells carry the numbers of which flaws."""
    carried: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in found:
        for cell in each.cells:
            carried[cell].append(each.number)
    return {cell: tuple(numbers) for cell, numbers in carried.items()}


def headline(seen: Seen, found: tuple[Obstacle, ...]) -> str:
    """Say in a sentence or two what the wave comes to; nothing that its figures do not say."""
    if not seen.total.is_shown:
        return _("Too few people answered for anything to be told.")
    if found:
        first = found[0]
        return f"{first.title}. {_elsewhere(seen, first)}".strip()
    barrier = seen.total.barrier
    if barrier is not None and barrier.code:
        return _(
            "%(dimension)s is the first barrier for everybody together.",
            dimension=speaking.dimension(seen.instrument, barrier.code),
        )
    return _("No flaw stands out in what may be shown.")


def _elsewhere(seen: Seen, first: Obstacle) -> str:
    """Say that a dimension is a barrier in no other group shown, where that is so."""
    if "" in first.units or not first.cells or not seen.is_whole:
        return ""
    code = first.cells[0][1]
    others = [row for row in seen.released.units.rows if row.is_shown and row.name not in first.units]
    bands = [each.band for row in others if (each := row.score(code)) is not None]
    if not bands or any(band is Band.BARRIER for band in bands) or code == INDEX:
        return ""
    return _("In no other group shown is %(dimension)s a barrier.", dimension=speaking.dimension(seen.instrument, code))
