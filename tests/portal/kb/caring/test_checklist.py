"""The checklist beside a draft, and weighing its rules."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core import options
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Role
from portal.kb.caring import checklist
from portal.kb.models import SearchFinding
from portal.kb.writing import drafts
from tests.factories import kb, people
from tests.people import Visitor

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def test_the_words_people_search_for_are_held_against_the_title(db: Any) -> None:
    dara, article = people.actor("Dara Voss", Role.EDITOR), kb.article("VPN drops")
    values = {"n_people": 4, "n_searches": 5, "found_at": article.published_at}
    db.session.add(SearchFinding(article_id=article.id, words=["tunnel breaks"], **values))
    db.session.add(SearchFinding(article_id=None, words=["vpn drops train"], **values))
    db.session.add(SearchFinding(article_id=None, words=["printer jam"], **values))
    db.session.flush()
    draft = drafts.edit(dara, article)
    (found,) = [check for check in checklist.of(draft).checks if check.key == "words"]
    assert "tunnel breaks" in str(found.mend)
    assert "vpn drops train" in str(found.mend)
    assert "printer" not in str(found.mend)


def test_rules_are_weighed_by_editors_within_bounds() -> None:
    dara = people.actor("Dara Voss", Role.EDITOR)
    checklist.weigh(dara, {"title": 5, "length": 0, "ease": 2})
    assert options.get().checklist_weights == {"title": 5, "length": 0}, "what is usual is not stored"
    draft = drafts.edit(dara, kb.article())
    assert "length" not in {check.key for check in checklist.of(draft).checks}
    for wrong in ({"title": 6}, {"title": -1}, {"charm": 1}):
        with pytest.raises(Invalid):
            checklist.weigh(dara, wrong)
    with pytest.raises(Forbidden):
        checklist.weigh(people.actor("Ana Ruiz"), {"title": 1})


def test_the_fragment_names_what_is_missing_and_how_to_mend_it(dara: Visitor) -> None:
    draft = kb.draft(kb.article(status="draft", owner_id=dara.person.id), title="")
    text = dara.page(f"/desk/drafts/{draft.id}/checklist").text
    assert "Say in the title what goes wrong" in text
    assert "Rules of this house" in text


def test_the_page_of_rules_keeps_what_was_chosen(dara: Visitor) -> None:
    dara.submit("/desk/checklist", "/desk/checklist", title="0")
    assert options.get().checklist_weights == {"title": 0}
    assert "These are rules of this house" in dara.page("/desk/checklist").text


def test_an_administrator_says_how_often_articles_are_checked(dara: Visitor, ada: Visitor) -> None:
    assert "An administrator changes these" in dara.page("/desk/checklist").text
    ada.submit("/desk/checklist", "/desk/intervals", review_days_high="60")
    assert options.get().review_days_high == 60
    assert ada.submit("/desk/checklist", "/desk/intervals", review_days_high="0").status_code == 422
