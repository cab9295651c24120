"""A translation tells when its original has moved on, and readers meet the text of their own language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.errors import Forbidden, Invalid
from portal.kb.models import Article
from portal.kb.reading import families, queries
from portal.kb.writing import drafts, publishing, translations
from portal.people.services import actor_of
from tests import people as cast
from tests.factories import kb
from tests.people import Visitor


def original(**kw: Any) -> Article:
    row = kb.article(**{"title": "Join the Wi-Fi", "slug": "join-wifi", "body": "## Join\n\nPress.", **kw})
    _change(row, "major")  # so that it has a revision, as everything published in the portal
    return row


def _change(row: Article, change: str) -> None:
    dara = actor_of(cast.settle(cast.DARA))
    draft = drafts.edit(dara, row)
    drafts.save(dara, draft, {"body": f"{row.body}\n\nMore.", "change": change}, lock=draft.lock)
    publishing.publish(dara, draft)


def translated(row: Article, *, title: str = "Ins WLAN", language: str = "de") -> Article:
    dara = actor_of(cast.settle(cast.DARA))
    draft = translations.begin(dara, row, language)
    drafts.save(dara, draft, {"title": title, "summary": "Kurz.", "body": "Drücken."}, lock=draft.lock)
    return publishing.publish(dara, draft)


def dara() -> Any:
    return actor_of(cast.settle(cast.DARA))


def is_stale(row: Article) -> bool:
    (found,) = (one for one in families.versions(dara(), row) if one.article.id == row.id)
    return found.is_stale


def test_a_translation_is_out_of_date_once_the_original_says_something_else(db: Any) -> None:
    row = original()
    german = translated(row)
    assert not is_stale(german)
    _change(row, "typo")
    assert not is_stale(german), "a slip of the pen needs no translator"
    _change(row, "minor")
    assert is_stale(german)
    assert [one.title for one in translations.work(dara(), "de").stale] == ["Ins WLAN"]


def test_the_original_again_is_no_translation(db: Any) -> None:
    draft = translations.begin(dara(), original(), "de")
    drafts.save(dara(), draft, {"title": "Ins WLAN", "summary": "Kurz."}, lock=draft.lock)
    with pytest.raises(Invalid, match="still the original’s words"):
        publishing.publish(dara(), draft)
    drafts.save(dara(), draft, {"body": "Drücken."}, lock=draft.lock)
    assert publishing.publish(dara(), draft).is_published


def test_bringing_it_up_to_date_opens_the_same_translation(db: Any) -> None:
    row = original()
    german = translated(row)
    _change(row, "major")
    draft = translations.begin(dara(), row, "de")
    assert draft.article.id == german.id
    assert draft.body == "Drücken."
    assert is_stale(german), "until it is published"
    publishing.publish(dara(), draft)
    assert not is_stale(german)


def test_a_correction_of_the_translation_alone_leaves_it_out_of_date(db: Any) -> None:
    row = original()
    german = translated(row)
    _change(row, "major")
    draft = drafts.edit(dara(), german)
    drafts.save(dara(), draft, {"body": "Jetzt drücken."}, lock=draft.lock)
    publishing.publish(dara(), draft)
    assert is_stale(german)


def titles(app: Flask, row: Article) -> list[str]:
    with app.test_request_context():
        reader = actor_of(cast.settle(cast.ANA))
        return [thing.title for thing in queries.in_category(reader, row.category)[0]]


def test_lists_show_one_text_of_each_family_in_the_readers_language(app: Flask, db: Any) -> None:
    row = original()
    translated(row)
    kb.article(title="Only English", category=row.category)
    assert titles(app, row) == ["Join the Wi-Fi", "Only English"]
    cast.settle(cast.ANA).locale = "de"
    assert titles(app, row) == ["Ins WLAN", "Only English"]


def test_a_restricted_translation_hides_nothing_from_those_who_cannot_read_it(app: Flask, db: Any) -> None:
    row = original()
    translated(row).access_key = "a999"
    cast.settle(cast.ANA).locale = "de"
    reader = actor_of(cast.settle(cast.ANA))
    assert titles(app, row) == ["Join the Wi-Fi"]
    assert [one.article.id for one in families.versions(reader, row)] == [row.id]


def test_the_page_leads_to_the_other_language_and_says_what_is_out_of_date(db: Any, ana: Visitor) -> None:
    row = original()
    german = translated(row)
    _change(row, "major")
    db.session.commit()
    assert "Deutsch" in ana.page("/kb/join-wifi").text
    page = ana.page(f"/kb/{german.slug}")
    assert "This translation is out of date" in page.text
    assert "/kb/join-wifi" in page.html


def test_readers_of_articles_without_translations_pay_no_query(db: Any, queries: Any) -> None:
    row = kb.article()
    families.families()
    with queries() as seen:
        assert families.versions(dara_in_hand := dara(), row) == []
        assert families.in_own_language(dara_in_hand) is None
    assert not [statement for statement in seen if "translation_of_id IS NOT NULL" in statement]


def test_what_cannot_be_translated_is_refused(db: Any) -> None:
    row = original()
    for language in ("en", "tlh", ""):
        with pytest.raises(Invalid):
            translations.begin(dara(), row, language)
    with pytest.raises(Forbidden):
        translations.begin(actor_of(cast.settle(cast.ANA)), row, "de")


def test_the_desk_lists_what_is_missing_in_a_language(db: Any, dara: Visitor) -> None:
    original()
    db.session.commit()
    page = dara.page("/desk/translations/?language=de")
    assert "Join the Wi-Fi" in page.text
    dara.post("/desk/translations/of/join-wifi", {"language": "de"})
    assert "Join the Wi-Fi" not in dara.page("/desk/translations/?language=de").text
