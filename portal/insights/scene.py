"""What the blocks of a page are made from, gathered once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from analytics.figures.drawing import Change
from portal.core.actor import Actor
from portal.insights.asking import Asked
from portal.measures.reports import Report


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Who asked for what, the report of it, and the dates to be pinned on charts."""

    who: Actor
    asked: Asked
    report: Report
    pins: list[Change]
    as_of: dt.date

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        return self.asked.since, self.asked.until
