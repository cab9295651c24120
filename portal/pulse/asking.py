"""What a wave asks, as somebody who answers it sees it: a few statements at a time, in their language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from portal.core.database import db
from portal.pulse.models import Breakdown, SaidDone, Wave
from surveys import wordings

SECONDS_A_STATEMENT = 8
SECONDS_BESIDE = 30
"""For what stands around the statements, and a short remark."""
SHOWN_OF_LAST_TIME = 3

HEADINGS: Mapping[str, LazyString] = {
    "AW": _l("What it is about"),
    "VA": _l("What it gives you"),
    "EA": _l("Finding answers"),
    "SK": _l("Doing it yourself"),
    "SO": _l("People around you"),
    "SU": _l("Time and help"),
    "TR": _l("Right answers"),
    "RV": _l("Being heard"),
    "IN": _l("Where you look"),
}
"""How a group of statements is headed: what is measured by it would tell people what to say."""


@dataclass(frozen=True)
class Statement:
    code: str
    text: str


@dataclass(frozen=True)
class Group:
    """What stands on one screen."""

    code: str
    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Questions:
    """A wave's questions, ready to be shown; `answers` and `comment` are what was filled in so far."""

    groups: tuple[Group, ...]
    points: tuple[tuple[int, str], ...]
    not_applicable: str
    open_question: str
    answers: Mapping[str, int | None] = field(default_factory=dict)
    comment: str = ""

    @property
    def n_statements(self) -> int:
        return sum(len(group.statements) for group in self.groups)

    @property
    def minutes(self) -> int:
        return math.ceil((self.n_statements * SECONDS_A_STATEMENT + SECONDS_BESIDE) / 60)

    def is_ticked(self, code: str, point: int | None) -> bool:
        return code in self.answers and self.answers[code] == point


def questions(wave: Wave, answers: Mapping[str, int | None] | None = None, comment: str = "") -> Questions:
    """Return what the wave asks, in the reader's language where the instrument has it."""
    instrument = wordings.wording(wave.instrument, str(get_locale() or wordings.ORIGINAL))
    stage, scale = instrument.stage(wave.stage), instrument.scale
    groups = tuple(
        Group(
            code=code,
            heading=str(HEADINGS.get(code, instrument.dimension(code).name)),
            statements=tuple(
                Statement(item.code, item.wording(stage.phase)) for item in instrument.dimension(code).items
            ),
        )
        for code in stage.dimensions
    )
    return Questions(
        groups=groups,
        points=tuple(zip(range(scale.low, scale.high + 1), scale.labels, strict=True)),
        not_applicable=scale.not_applicable,
        open_question=wave.open_question or instrument.open_question[stage.phase],
        answers=answers or {},
        comment=comment,
    )


def groups_kept(wave: Wave) -> frozenset[str]:
    """Return by which groups of a person their answers are kept, to say so before they answer."""
    return frozenset({wave.breakdown, wave.second_breakdown} - {Breakdown.NONE.value})


def last_time() -> list[SaidDone]:
    """Return what was done after earlier waves, the newest first: who answers sees that it leads somewhere."""
    query = db.select(SaidDone).where(SaidDone.published_at.is_not(None))
    query = query.order_by(SaidDone.published_at.desc(), SaidDone.id.desc()).limit(SHOWN_OF_LAST_TIME)
    return list(db.session.execute(query).scalars())
