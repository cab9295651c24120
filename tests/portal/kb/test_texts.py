"""What a text may tell: links lead only where their writer may go, and a draft is as hidden as its article will be."""

from __future__ import annotations

from typing import Any

from portal.core.permissions import Role
from portal.kb import policies, texts
from portal.kb.writing import drafts, publishing
from portal.people import audiences
from portal.people.services import actor_of
from tests import people as cast
from tests.factories import kb, people


def writer() -> Any:
    return actor_of(cast.settle(cast.DARA))


def key_of_finance() -> str:
    finance = people.department("Finance")
    row = people.audience("Finance only", ("department", str(finance.id)), slug="finance-only")
    return audiences.key_for([[row.id]])


def test_a_writer_cannot_try_out_which_hidden_articles_there_are(db: Any) -> None:
    kb.article(slug="secret-plan", access_key=key_of_finance())
    hidden, unknown = (
        texts.render(f"See [it](kb:{slug}).", files=None, links=texts.address_for(writer())).html
        for slug in ("secret-plan", "no-such-plan")
    )
    assert hidden == unknown
    assert "secret-plan" not in hidden


def test_a_link_made_by_somebody_who_sees_its_article_stays_alive(db: Any) -> None:
    kb.article(slug="secret-plan", access_key=key_of_finance())
    article = kb.article(slug="budget", body="See [the plan](kb:secret-plan).")
    draft = drafts.edit(writer(), article)
    drafts.save(writer(), draft, {"body": f"{draft.body}\n\nMore."}, lock=draft.lock)
    publishing.publish(writer(), draft)
    assert 'href="/kb/secret-plan"' in article.html


def test_a_new_text_for_few_is_hidden_from_the_others_while_it_is_written(db: Any) -> None:
    key_of_finance()
    draft = drafts.begin(writer(), category=kb.category("Open"), title="Bonuses")
    colleague = people.actor("Another Editor", Role.EDITOR)
    assert policies.can_see_draft(colleague, draft)
    drafts.save(writer(), draft, {"audience": ["finance-only"]}, lock=draft.lock)
    assert not policies.can_see_draft(colleague, draft)
