"""The pages by which a question is pointed to the one that was asked before."""

from __future__ import annotations

import pytest

from portal.community import folding, questions
from portal.core.database import db
from portal.search import jobs as search
from tests.factories import community
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("db")


def test_the_page_shows_the_answers_of_the_original_on_top_and_the_search_leads_there(
    ana: Visitor, ben: Visitor
) -> None:
    first = community.question("Why does the label stop in the middle?", asker_id=ben.person_id)
    community.answer(first, "Push the roll to the left.")
    second = community.question("Half of every sticker is blank", category=first.category, asker_id=ana.person_id)
    db.session.commit()
    search.rebuild({})
    db.session.commit()
    choose = ana.page(f"/questions/{second.id}/duplicate?q=label")
    assert first.title in choose.text
    response = ana.post(f"/questions/{second.id}/duplicate", {"of": str(first.id)})
    assert response.status_code == 303
    search.update({"refs": sorted(str(ref) for ref in folding.around([second.id]))})
    db.session.commit()
    page = ben.page(response.headers["Location"])
    assert page.heading == second.title
    assert page.text.index("This was asked before") < page.text.index("Push the roll to the left.")
    assert page.text.index("Push the roll to the left.") < page.text.index("As it was asked here")
    found = ben.page("/search?q=sticker+blank")
    assert first.title in found.links
    assert second.title not in found.links
    assert ana.submit(response.headers["Location"], f"/questions/{second.id}/duplicate/undo").status_code == 303
    assert questions.get(ana.actor, second.id).duplicate_of_id is None
    assert ana.post(f"/questions/{second.id}/duplicate", {"of": "999"}).status_code == 422
