"""S1 in the editor: the preview shows what was typed by the one seam, and so do its title, summary and collision."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kb.writing import drafts
from portal.people.services import actor_of
from tests.factories import kb
from tests.hostile.lists import OURS, lines
from tests.hostile.oracle import live_things
from tests.hostile.test_markdown import OUR_SYNTAX, POSITIONS
from tests.pages import Page
from tests.people import DARA, Visitor, settle

FORMS = tuple({**POSITIONS, **OUR_SYNTAX}.values())


@pytest.fixture
def address(dara: Visitor, db: Any) -> str:
    draft = drafts.begin(actor_of(settle(DARA)), category=kb.category(), title="Bench PC", body="Wake it.\n")
    db.session.commit()
    return f"/desk/drafts/{draft.id}"


def shown(visitor: Visitor, address: str, payloads: list[str]) -> str:
    """Return the preview of all payloads in every position, in texts small enough to be rendered."""
    pieces = [form.replace("{}", payload.replace("\0", "")) for payload in payloads for form in FORMS]
    typed = {"title": payloads[0], "summary": payloads[-1], "body": "\n\n".join(pieces)}
    response = visitor.post(f"{address}/preview", typed)
    assert response.status_code == 200, response.text
    return response.text


def test_our_handful_of_attacks_is_dead_in_the_preview(dara: Visitor, address: str) -> None:
    for n in range(0, len(OURS), 4):
        assert live_things(shown(dara, address, list(OURS[n : n + 4]))) == []


def test_a_preview_of_markup_shows_it_as_the_text_it_is(dara: Visitor, address: str) -> None:
    text = shown(dara, address, ["<script>alert(1)</script>"])
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.real_data
@pytest.mark.slow
def test_a_sample_of_the_whole_list_is_dead_in_the_preview(dara: Visitor, address: str) -> None:
    sample = lines("xss")[::97]
    for n in range(0, len(sample), 8):
        assert live_things(shown(dara, address, sample[n : n + 8])) == []


def test_two_texts_at_once_are_words_and_nothing_else(dara: Visitor, ada: Visitor, address: str) -> None:
    attack = "<img src=x onerror=alert(1)> <mark>**x**</mark> \"'><svg/onload=alert(1)>"
    late = {**ada.page(address).form(address), "title": attack, "body": f"{attack} mine\n"}
    dara.submit(address, address, title=f"{attack} theirs", summary=attack, body=f"{attack} theirs\n")
    page = Page(ada.post(address, late).text)
    texts = [one for one in page.root.iter() if one.get("class", "").split()[:1] in (["merge-text"], ["merge-pre"])]
    assert len(texts) > 3
    for text in texts:
        assert {element.tag for element in text.iter()} <= {"div", "pre", "mark", "span"}
        assert {name for element in text.iter() for name in element.attrib} <= {"class", "tabindex"}
