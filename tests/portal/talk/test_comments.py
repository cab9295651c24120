"""Colleagues' notes: safe, removable, never lost."""

from __future__ import annotations

import pytest

from portal.core.actor import ANONYMOUS
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.talk import comments, queries
from tests.factories.people import actor

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both]

VPN = Ref("article", 1)


def test_a_note_is_shown_as_safe_html() -> None:
    comments.add(actor(), VPN, body="Mine was **called** <script>alert(1)</script>")
    (note,) = queries.notes(VPN)
    assert "<strong>called</strong>" in note.html
    assert "<script" not in note.html


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001])
def test_empty_and_overlong_notes_are_refused(body: str) -> None:
    with pytest.raises(Invalid) as refusal:
        comments.add(actor(), VPN, body=body)
    assert refusal.value.field == "body"


def test_strangers_write_no_notes() -> None:
    with pytest.raises(Forbidden):
        comments.add(ANONYMOUS, VPN, body="hello")


def test_its_writer_and_editors_take_a_note_away_and_its_row_stays() -> None:
    ana = actor()
    note = comments.add(ana, VPN, body="hello")
    with pytest.raises(Forbidden):
        comments.remove(actor("Ben Kaya"), VPN, note.id)
    dara = actor("Dara Voss", Role.EDITOR)
    comments.remove(dara, VPN, note.id)
    assert queries.notes(VPN) == []
    assert note.removed_by_id == dara.person_id
    with pytest.raises(NotFound):
        comments.remove(ana, VPN, note.id)


def test_a_note_is_not_reached_through_another_thing() -> None:
    ana = actor()
    note = comments.add(ana, VPN, body="hello")
    with pytest.raises(NotFound):
        comments.remove(ana, Ref("article", 2), note.id)
