"""The table of departments by dimensions, made of what was released: colours, arrows, marks, and what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.pulse import speaking
from portal.pulse.reading import Seen
from surveys.groups import INDEX
from surveys.privacy.released import Row, Score, State, Table

EVERYBODY = ""
Marks = Mapping[tuple[str, str], tuple[int, ...]]
"""By group and dimension: the numbers of the flaws that rest on this cell."""


@dataclass(frozen=True, kw_only=True)
class Column:
    code: str
    title: str
    short: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One score of one group."""

    code: str
    text: str
    look: str = ""
    band: str = ""
    arrow: str = ""
    """`up` or `down`: changed more than chance would do."""
    marks: tuple[int, ...] = ()
    is_chosen: bool = False
    why: str = ""
    """Why there is no figure."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One group."""

    name: str
    title: str
    note: str
    cells: tuple[Cell, ...] = ()
    is_new: bool = False
    is_own: bool = False


@dataclass(frozen=True, kw_only=True)
class Heat:
    """The table."""

    columns: tuple[Column, ...]
    shown: tuple[Line, ...]
    hidden: tuple[Line, ...]
    empty: tuple[Line, ...]
    why_hidden: str
    everybody: Line | None


def heat(seen: Seen, *, marks: Marks | None = None, chosen: tuple[str, str] | None = None) -> Heat:
    """Make the table of the breakdown a wave is read by."""
    return _table(seen, seen.released.units, marks=marks or {}, chosen=chosen)


def second(seen: Seen) -> Heat | None:
    """Make the table of the second breakdown, where it may be shown."""
    found = seen.released.second
    return None if found is None else _table(seen, found, marks={}, chosen=None)


def _table(seen: Seen, table: Table, *, marks: Marks, chosen: tuple[str, str] | None) -> Heat:
    codes = (*_core_first(seen), INDEX)
    was_compared = any(not row.is_new for row in table.rows if row.is_shown)
    lines: dict[State, list[Line]] = {state: [] for state in State}
    for row in table.rows:
        lines[row.state].append(
            Line(
                name=row.name,
                title=speaking.group(row.name),
                note=_note(row),
                cells=tuple(_cell(row, code, marks, chosen) for code in codes) if row.is_shown else (),
                is_new=row.is_new and was_compared,
                is_own=not seen.is_whole and row.name in seen.own,
            )
        )
    total = seen.total
    everybody = Line(
        name=EVERYBODY,
        title=_("Everybody"),
        note=speaking.answered(total),
        cells=tuple(_cell(total, code, marks, chosen, name=EVERYBODY) for code in codes),
    )
    return Heat(
        columns=tuple(
            Column(
                code=code,
                title=speaking.dimension(seen.instrument, code),
                short=_("of three") if code == INDEX else str(speaking.SHORT.get(code, "")),
            )
            for code in codes
        ),
        shown=tuple(lines[State.SHOWN]),
        hidden=tuple(lines[State.HIDDEN]),
        empty=tuple(lines[State.EMPTY]),
        why_hidden=_why_hidden(seen, table),
        everybody=everybody if total.is_shown else None,
    )


def _core_first(seen: Seen) -> tuple[str, ...]:
    """Put what is asked at every stage first, then the rest as they were asked."""
    core = [code for code in seen.instrument.rules.core if code in seen.released.dimensions]
    return (*core, *(code for code in seen.released.dimensions if code not in core))


def _note(row: Row) -> str:
    if row.state is State.EMPTY:
        return _("no answers")
    return _("not shown") if row.state is State.HIDDEN else speaking.answered(row)


def _cell(row: Row, code: str, marks: Marks, chosen: tuple[str, str] | None, *, name: str | None = None) -> Cell:
    own = row.name if name is None else name
    score = next((each for each in row.scores if each.code == code), None)
    if score is None or score.mean is None:
        return Cell(code=code, text=speaking.DASH, look="none", why=_why_none(score))
    since = score.since
    is_notable = since is not None and since.is_notable
    return Cell(
        code=code,
        text=speaking.mean(score.mean),
        look=speaking.LOOKS[score.band] if score.band else "none",
        band=str(speaking.BANDS[score.band]) if score.band else "",
        arrow=("up" if since.is_rise else "down") if since is not None and is_notable else "",
        marks=marks.get((own, code), ()),
        is_chosen=chosen == (own, code),
    )


def _why_none(score: Score | None) -> str:
    if score is None:
        return _("not asked")
    if score.n is None:
        return _("too few answers in all to be told of anybody")
    if score.n == 0:
        return _("nobody answered it")
    return _("not told, because it would give away what somebody left out")


def _why_hidden(seen: Seen, table: Table) -> str:
    hidden = [row for row in table.rows if row.state is State.HIDDEN]
    if not hidden:
        return ""
    least = seen.released.policy.least
    if not seen.is_whole:
        return _(
            "Fewer than %(least)s people answered there, or it covers another group of which fewer did: showing it "
            "would give that one away. Its answers are counted in “Everybody”.",
            least=least,
        )
    together = ""
    if table.n_hidden:
        together = ngettext("%(num)s answer together.", "%(num)s answers together.", table.n_hidden) + " "
    return together + _(
        "In at least one of these groups fewer than %(least)s people answered, or all who did agreed. The others are "
        "hidden with it: else it could be worked out from them and the total. All are counted in “Everybody”.",
        least=least,
    )
