"""What of a text is still the starting point's, and what somebody has written."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import force_locale

from portal.core.errors import Invalid
from portal.core.permissions import Role
from portal.kb.caring import checklist
from portal.kb.prose import starting_points
from portal.kb.prose.quality import BORROWED, Key, State
from portal.kb.prose.starting_points import POINTS, body_of, own
from portal.kb.writing import drafts, publishing
from tests.factories import kb, people
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_of_a_starting_point_is_somebodys_own(point: Any, language: str) -> None:
    with force_locale(language):
        assert own(str(point.body)).strip() == ""


def test_what_somebody_wrote_stays_with_its_heading_and_its_table() -> None:
    body = body_of("reference").replace("| First thing | | |", "| Bench 4 | Old Mill | Mia |")
    table = "| What | Where | Who knows more |\n|---|---|---|\n| Bench 4 | Old Mill | Mia |"
    assert own(body).rstrip() == f"## The list\n\n{table}"
    first = "1. Say the first thing to do, with the words on the screen in **bold**."
    assert own(body_of("how-to").replace(first, "1. Go.")).rstrip() == "## Do it\n\n1. Go."
    mine = "Words of my own.\n\n## A bare heading\n"
    assert own(mine) is mine


def test_the_checklist_praises_nobody_for_the_starting_points_words(db: Any) -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    draft = drafts.begin(dara, category=kb.category(), title="Wake the bench PC", body=body_of("how-to"))
    found = {check.key: check for check in checklist.of(draft).checks}
    for key in (Key.STEPS, Key.FAILS, Key.EASE, Key.LENGTH):
        assert (found[key].state, found[key].mend) == (State.MISSING, BORROWED), key
    assert found[Key.TITLE].is_ok
    body = draft.body.replace("Say what goes wrong most often, and what to do then.", "Hold the key for ten seconds.")
    drafts.save(dara, draft, {"body": body}, lock=draft.lock)
    assert {check.key: check for check in checklist.of(draft).checks}[Key.FAILS].is_ok


def test_a_starting_point_nobody_touched_is_no_text_to_publish(db: Any) -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    draft = drafts.begin(dara, category=kb.category(), title="Bench PC", summary="Wake it.", body=body_of("procedure"))
    with pytest.raises(Invalid, match="still the starting point"):
        publishing.publish(dara, draft)


def test_what_is_needed_to_publish_is_named_as_such(dara: Visitor, db: Any) -> None:
    draft = drafts.begin(dara.actor, category=kb.category(), title="Bench PC", body=body_of("how-to"))
    text = dara.page(f"/desk/drafts/{draft.id}/checklist").text
    assert "Needed to publish: Say in one sentence what the article gives." in text
    assert "Write the text first: these are still the starting point’s words." in text
    assert "Only a title, a summary and a text are needed to publish." in text
    whole = {"summary": "Wake it.", "body": "Press any key.\n"}
    drafts.save(dara.actor, draft, whole, lock=draft.lock)
    assert "Needed to publish:" not in dara.page(f"/desk/drafts/{draft.id}/checklist").text


def test_every_line_of_every_language_is_known() -> None:
    assert "Say what to have at hand when one hands it over: the message, the time, the device." in (
        starting_points.given()
    )
    with force_locale("de"):
        lines = {line.strip() for line in body_of("troubleshooting").splitlines() if line.startswith("## ")}
    assert lines <= starting_points.given()
