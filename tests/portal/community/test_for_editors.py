"""What of the community stands on the editors' list, and what does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal.community import for_editors
from portal.community.models import Question
from portal.core import clock
from portal.core.database import db
from portal.core.permissions import Role
from portal.kb.caring import met, rows
from portal.kb.caring.met import Met
from portal.talk import flags
from tests.factories import community, people


@pytest.fixture(autouse=True)
def asked(app: Flask, stopped_clock: Any) -> Iterator[None]:
    with app.test_request_context():
        yield


def listed(*roles: Role) -> list[Any]:
    who = people.actor("Dara Voss", *(roles or (Role.EDITOR,)))
    return [row for row in rows.found(who, met.whole()) if row.kind in for_editors.KINDS]


def titles(*roles: Role) -> list[str]:
    return [for_editors.draw(people.actor("Dara Voss"), row).title for row in listed(*roles)]


def question(title: str, *, hours: int, **kw: Any) -> Question:
    return community.question(title, created_at=clock.now() - dt.timedelta(hours=hours), **kw)


@pytest.mark.both
def test_a_question_nobody_answered_comes_after_a_day_and_presses_after_three() -> None:
    for hours in (3, 30, 80):
        question(f"Asked {hours} hours ago", hours=hours, n_same=2)
    assert [(row.people, row.is_late) for row in listed()] == [(3, True), (3, False)]
    assert titles() == [f"Answer the question “Asked {hours} hours ago”" for hours in (80, 30)]


def test_an_accepted_answer_several_people_came_to_is_worth_an_article_until_there_is_one() -> None:
    often, seldom = question("Often", hours=9), question("Seldom", hours=9)
    for one in (often, seldom):
        one.state, one.accepted_answer_id = "solved", community.answer(one).id
    db.session.flush()
    met.keep([Met(subject=str(often.ref), n_people=3, n_met=3)], counted_on=clock.today())
    assert titles() == ["Make the answer to “Often” an article"]


def test_flags_of_one_text_are_one_row_for_whoever_moderates() -> None:
    flagged = question("Rude?", hours=1)
    for n in range(2):
        flags.flag(people.actor(f"Reader{n} Example"), flagged.ref, reason="rude", comment="Must it be so?")
    assert titles() == ["Decide on the flag on “Rude?”"]
    assert titles(Role.AGENT) == []


def test_what_an_editor_may_not_see_is_not_there() -> None:
    hidden = question("Board", hours=80, access_key="a999")
    flags.flag(people.actor("Reader Example"), hidden.ref, reason="rude")
    assert titles() == []
