"""Figures made ready for pages: drawn, with their legend, and as a table in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_date, format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from analytics.figures import Figure, Kind
from analytics.figures import svg as drawings
from analytics.figures.drawing import Value
from analytics.saying import Voice


def number(value: float, decimals: int) -> str:
    """Write a number in the reader's language."""
    return str(format_decimal(value, format="#,##0" + ("." + "0" * decimals if decimals else "")))


def voice() -> Voice:
    """Return the reader's language, for figures to speak."""
    return Voice(gettext=_, number=number)


def percent(share: float) -> str:
    """Write a share in per cent."""
    return voice().percent(share)


def short_day(day: dt.date) -> str:
    return str(format_date(day, "d MMM"))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a table twin."""

    text: str
    is_number: bool


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure as a page shows it."""

    name: str
    figure: Figure
    svg: Markup
    legend: Sequence[drawings.Entry]
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]


def picture(name: str, figure: Figure) -> Picture:
    """Draw a figure and write its table."""
    kinds = [column.kind for column in figure.table.columns]
    drawn = "" if figure.is_empty else drawings.draw(figure, voice=voice(), day=short_day, name=name)
    return Picture(
        name=name,
        figure=figure,
        svg=Markup(drawn),  # noqa: S704 - our own drawing, which escapes every word
        legend=drawings.legend(figure),
        columns=tuple((column.label, column.kind not in (Kind.TEXT, Kind.DATE)) for column in figure.table.columns),
        rows=tuple(
            tuple(
                Cell(text=written(value, kind), is_number=kind not in (Kind.TEXT, Kind.DATE))
                for value, kind in zip(row, kinds, strict=True)
            )
            for row in figure.table.rows
        ),
    )


def written(value: Value, kind: Kind) -> str:
    """Write a value of a table; a gap is a dash, never a nought."""
    if value is None:
        return "–"
    if isinstance(value, dt.date):
        return str(format_date(value, "medium"))
    if isinstance(value, str):
        return value
    if kind is Kind.SHARE:
        return voice().percent(float(value))
    return number(float(value), 0 if kind is Kind.COUNT else 1)
