"""The editor without script: begin, write, preview, save, publish, illustrate; whatever is refused, the text stays."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from portal.kb.models import Article, Draft
from portal.kb.writing import drafts, pictures
from portal.people.services import actor_of
from tests.factories import kb
from tests.factories.files import picture
from tests.pages import Page
from tests.people import DARA, Visitor, settle

TYPED = {"title": "Sign in on a bench PC", "summary": "Your badge signs you in.", "body": "1. Hold your badge.\n"}


@pytest.fixture
def topic(db: Any) -> Any:
    return kb.category("Devices", slug="devices")


@pytest.fixture
def draft(db: Any, topic: Any) -> Draft:
    found = drafts.begin(actor_of(settle(DARA)), category=topic, title="Bench PC", body="Wake it.\n")
    db.session.commit()
    return found


def fresh(db: Any, draft: Draft) -> Draft:
    found: Draft = db.session.get(Draft, draft.id, populate_existing=True)
    return found


def address(draft: Draft) -> str:
    return f"/desk/drafts/{draft.id}"


def publish(visitor: Visitor, draft: Draft, **typed: str) -> Any:
    """Press "Publish now" in the editor."""
    sent = {**visitor.page(address(draft)).form(address(draft)), **TYPED, **typed, "then": "publish"}
    return visitor.post(f"/desk/reviews/{draft.id}/finish", sent)


def test_three_answers_begin_an_article_with_its_starting_point(dara: Visitor, topic: Any, db: Any) -> None:
    page = dara.page("/desk/drafts/new?title=Bench PC&topic=devices&query=bench pc login")
    sent = {**page.form("/desk/drafts/"), "point": "troubleshooting"}
    response = dara.post("/desk/drafts/", sent)
    assert response.status_code == 303
    made = db.session.get(Draft, int(response.location.rsplit("/", 1)[1]))
    assert (made.title, made.category.slug, made.queries) == ("Bench PC", "devices", ["bench pc login"])
    assert made.body.startswith("## What you see")
    assert dara.post("/desk/drafts/", sent).location == response.location, "sent twice, begun once"


def test_an_article_without_a_title_is_not_begun_and_the_rest_is_kept(dara: Visitor, topic: Any, db: Any) -> None:
    response = dara.post("/desk/drafts/", {"title": " ", "category": "devices", "point": "reference", "query": "lists"})
    page = Page(response.text)
    assert response.status_code == 422
    assert "Give the article a title." in page.text
    assert page.form("/desk/drafts/")["point"] == "reference"
    assert page.form("/desk/drafts/")["query"] == "lists"
    assert db.session.query(Draft).count() == 0


def test_who_may_write_nowhere_is_told_so(ben: Visitor, topic: Any) -> None:
    assert ben.get("/desk/drafts/new").status_code == 403


def test_saving_keeps_every_field(dara: Visitor, draft: Draft, db: Any) -> None:
    response = dara.submit(address(draft), address(draft), **TYPED, words="bench, badge")
    assert (response.status_code, response.location) == (303, address(draft))
    kept = fresh(db, draft)
    assert (kept.title, kept.summary, kept.body, kept.tags) == (*TYPED.values(), ["badge", "bench"])
    assert dara.page(address(draft)).form(address(draft))["words"] == "badge bench"


def test_finishing_an_incomplete_text_stays_in_the_editor_with_everything_kept(
    dara: Visitor, draft: Draft, db: Any
) -> None:
    sent = {**dara.page(address(draft)).form(address(draft)), "body": "New words.", "note": "For the bench"}
    response = dara.post(f"/desk/reviews/{draft.id}/finish", {**sent, "then": "publish"})
    page = Page(response.text)
    assert response.status_code == 422
    assert "Say in one sentence what the article gives." in page.text
    assert page.form(address(draft))["body"].strip() == "New words."
    assert page.form(address(draft))["note"] == "For the bench"
    again = {**page.form(address(draft)), "summary": "In one sentence.", "then": "publish"}
    response = dara.post(f"/desk/reviews/{draft.id}/finish", again)
    assert response.location.startswith("/kb/"), "it knows of its own save"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "long " * 60), ("words", "what?!"), ("body", "x" * 100_001), ("category_id", "999999")],
)
def test_what_no_draft_can_hold_comes_back_with_a_sentence(dara: Visitor, draft: Draft, field: str, value: str) -> None:
    response = dara.submit(address(draft), address(draft), **{**TYPED, field: value})
    page = Page(response.text)
    assert response.status_code == 422
    assert page.all("textarea")
    assert page.form(address(draft))["summary"].strip() == TYPED["summary"]
    assert "alert-danger" in response.text


def test_the_preview_shows_what_was_typed_and_stores_nothing(dara: Visitor, draft: Draft, db: Any) -> None:
    response = dara.submit(address(draft), address(draft), **TYPED, preview="1")
    assert response.status_code == 200
    assert 'class="step-tick"' in response.text
    assert Page(response.text).form(address(draft))["body"].strip() == "1. Hold your badge."
    assert fresh(db, draft).body == "Wake it.\n"


def test_a_text_that_cannot_be_shown_is_a_sentence_beside_the_kept_text(dara: Visitor, draft: Draft) -> None:
    text = "- [a](b)\n" * 4_000
    response = dara.submit(address(draft), address(draft), **{**TYPED, "body": text}, preview="1")
    assert "too many lists, tables, links or marks" in response.text
    assert Page(response.text).form(address(draft))["body"].count("- [a](b)") == 4_000


def test_a_picture_needs_words_or_the_word_that_it_needs_none(dara: Visitor, draft: Draft) -> None:
    def send(**more: str) -> Any:
        data = {**dara.page(address(draft)).form(address(draft)), **TYPED, "add_picture": "1", **more}
        data["picture"] = (io.BytesIO(picture()), "reader.png")
        return dara.post(address(draft), data, content_type="multipart/form-data")

    refused = send(alt=" ")
    assert refused.status_code == 422
    assert "for those who cannot see it" in refused.text
    assert Page(refused.text).form(address(draft))["summary"].strip() == TYPED["summary"]
    assert send(alt="Reader [lit]").status_code == 303
    assert send(is_decoration="y").status_code == 303
    page = dara.get(address(draft)).text
    assert "![Reader (lit)](file:" in page
    assert "Without words" in page


def test_save_takes_a_chosen_picture_along_and_asks_for_its_words(dara: Visitor, draft: Draft, db: Any) -> None:
    data = {**dara.page(address(draft)).form(address(draft)), **TYPED}
    data["picture"] = (io.BytesIO(picture()), "reader.png")
    refused = dara.post(address(draft), data, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Your picture is kept" in refused.text
    assert fresh(db, draft).body.strip() == TYPED["body"].strip(), "the text is saved all the same"
    again = {**Page(refused.text).form(address(draft)), "alt": "The reader is lit"}
    assert dara.post(address(draft), again, content_type="multipart/form-data").status_code == 303
    body = fresh(db, draft).body
    assert body.startswith(TYPED["body"].strip())
    assert re.search(r"\n\n!\[The reader is lit\]\(file:\d+\)\n$", body)
    page = dara.page(address(draft))
    assert "The picture stands at the end of the text." in page.text
    assert "kept_picture" not in page.form(address(draft))


def test_a_picture_of_another_draft_is_not_taken(dara: Visitor, draft: Draft, db: Any) -> None:
    other = drafts.edit(dara.actor, kb.article())
    sent = {"alt": "Theirs", "picture": (io.BytesIO(picture()), "reader.png")}
    made = dara.post(f"{address(other)}/pictures", sent, content_type="multipart/form-data")
    (theirs,) = pictures.of(dara.actor, other)
    assert made.status_code == 200
    data = {**dara.page(address(draft)).form(address(draft)), **TYPED, "alt": "Mine", "kept_picture": str(theirs.id)}
    dara.post(address(draft), data)
    assert "file:" not in fresh(db, draft).body
    assert theirs.alt == "Theirs"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"not a picture", "a.png", "not what its name says"),
        (b"just words", "notes.txt", "This is no picture"),
        (b"", "", "Choose a picture first"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    dara: Visitor, draft: Draft, content: bytes, name: str, words: str
) -> None:
    data = {"alt": "A reader", "picture": (io.BytesIO(content), name)} if name else {"alt": "A reader"}
    response = dara.post(
        address(draft) + "/pictures", data, content_type="multipart/form-data", headers={"Accept": "application/json"}
    )
    assert response.status_code == 422
    assert words in response.json["detail"]


def test_a_picture_of_a_draft_travels_with_it_when_it_is_published(
    dara: Visitor, ana: Visitor, draft: Draft, db: Any
) -> None:
    data = {"alt": "A reader", "picture": (io.BytesIO(picture()), "reader.png")}
    added = dara.post(address(draft) + "/pictures", data, content_type="multipart/form-data").json
    file = Page(added["listed"]).one("img").get("src")
    assert ana.get(file).status_code == 404
    body = f"1. Look.\n\n{added['source']}\n"
    response = publish(dara, draft, body=body)
    assert response.status_code == 303
    assert f'src="{file}" alt="A reader"' in ana.get(response.location).text
    shown = ana.get(file)
    shown.close()
    assert shown.status_code == 200


def test_a_closed_draft_keeps_what_was_typed_and_carries_it_on(
    dara: Visitor, ada: Visitor, draft: Draft, db: Any
) -> None:
    late = {**ada.page(address(draft)).form(address(draft)), **TYPED, "body": "Mine.\n"}
    assert publish(dara, draft).status_code == 303
    response = ada.post(address(draft), late)
    assert response.status_code == 409
    page = Page(response.text)
    slug = db.session.get(Article, draft.article_id, populate_existing=True).slug
    carried = ada.post(f"/desk/drafts/of/{slug}", page.form(f"/desk/drafts/of/{slug}"))
    assert carried.status_code == 409, "the published text and this one are shown side by side"
    assert "Mine." in carried.text
    assert "Hold your badge." in carried.text
    assert dara.get(address(draft)).status_code == 200


def test_autosave_answers_in_json_and_says_when(dara: Visitor, draft: Draft, db: Any, stopped_clock: Any) -> None:
    sent = {**dara.page(address(draft)).form(address(draft)), **TYPED}
    json = {"Accept": "application/json", "Origin": "http://localhost"}
    saved = dara.post(address(draft), sent, headers=json)
    assert saved.json == {"lock": 2, "saved": "Saved 09:00", "state": "Draft"}
    late = dara.post(address(draft), {**sent, "body": "Later."}, headers=json)
    assert (late.status_code, late.json["who"]) == (409, "Dara")
    wrong = dara.post(address(draft), {**sent, "lock": "2", "title": "x" * 201}, headers=json)
    assert wrong.status_code == 422
    assert "200" in wrong.json["detail"]
    stranger = Visitor(dara.app)
    lost = stranger.post(address(draft), {**sent, "csrf_token": stranger.csrf_token()}, headers=json)
    assert lost.status_code == 401


# Two at once


def test_two_who_write_at_once_both_keep_their_words(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    first = {**dara.page(address(draft)).form(address(draft)), **TYPED, "body": "Wake it.\n\nHold your badge.\n"}
    second = {**ada.page(address(draft)).form(address(draft)), "title": "Bench PC", "body": "Wake the PC.\n"}
    assert dara.post(address(draft), first).status_code == 303
    response = ada.post(address(draft), second)
    page = Page(response.text)
    assert response.status_code == 409
    assert "Dara has saved this text too" in page.text
    assert "Hold your badge." in page.text
    assert "Wake the" in page.text
    assert fresh(db, draft).body == first["body"], "nothing was overwritten"

    form = page.form(address(draft))
    unchosen = ada.post(address(draft), {**form, "merge": "1"})
    assert unchosen.status_code == 422
    assert "Say for each place which words stay." in unchosen.text
    merged = ada.post(address(draft), {**form, "merge": "1", "pick-body-0": "both"})
    assert merged.status_code == 303
    kept = fresh(db, draft)
    assert kept.title == TYPED["title"], "what only one changed is taken from there"
    assert kept.body == "Wake the PC.\nWake it.\n\nHold your badge.\n"


def test_a_merged_text_can_collide_again(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    late = {**ada.page(address(draft)).form(address(draft)), "body": "Ada.\n"}
    dara.submit(address(draft), address(draft), body="Dara.\n")
    form = Page(ada.post(address(draft), late).text).form(address(draft))
    dara.submit(address(draft), address(draft), body="Dara again.\n")
    again = ada.post(address(draft), {**form, "take": "mine"})
    assert again.status_code == 409
    assert "again" in again.text
    assert fresh(db, draft).body == "Dara again.\n"
    form = Page(again.text).form(address(draft))
    assert ada.post(address(draft), {**form, "take": "mine"}).status_code == 303
    assert fresh(db, draft).body.strip() == "Ada."


def test_taking_theirs_changes_nothing(dara: Visitor, ada: Visitor, draft: Draft, db: Any) -> None:
    late = {**ada.page(address(draft)).form(address(draft)), "body": "Ada.\n"}
    dara.submit(address(draft), address(draft), body="Dara.\n")
    form = Page(ada.post(address(draft), late).text).form(address(draft))
    assert ada.post(address(draft), {**form, "take": "theirs"}).location == address(draft)
    assert fresh(db, draft).body == "Dara.\n"


@pytest.mark.parametrize("base", ["", "no json", "[" * 50_000, '{"body": 7}'])
def test_a_form_that_does_not_know_where_it_began_is_merged_by_hand(
    dara: Visitor, ada: Visitor, draft: Draft, base: str
) -> None:
    late = {**ada.page(address(draft)).form(address(draft)), "body": "Ada.\n", "base": base}
    dara.submit(address(draft), address(draft), body="Dara.\n")
    response = ada.post(address(draft), late)
    assert response.status_code == 409
    assert "1 place to choose" in response.text


# Who is here


def test_who_else_has_it_open_is_shown_for_a_minute(
    dara: Visitor, ada: Visitor, draft: Draft, stopped_clock: Any
) -> None:
    assert dara.post(address(draft) + "/presence", {"lock": "1"}).text.strip() == ""
    assert "Dara is here too" in ada.post(address(draft) + "/presence", {"lock": "1"}).text
    assert "Ada is here too" in dara.get(address(draft)).text
    ada.post(address(draft) + "/presence", {"gone": "1"})
    assert "is here too" not in dara.get(address(draft)).text
    stopped_clock.move(minutes=2)
    assert "is here too" not in ada.get(address(draft)).text


def test_presence_tells_that_somebody_has_saved_since(dara: Visitor, ada: Visitor, draft: Draft) -> None:
    dara.submit(address(draft), address(draft), **TYPED)
    assert 'data-behind="Dara"' in ada.post(address(draft) + "/presence", {"lock": "1"}).text
    assert "data-behind" not in ada.post(address(draft) + "/presence", {"lock": "2"}).text
    assert "data-behind" not in dara.post(address(draft) + "/presence", {"lock": "1"}).text
    assert "by Dara" in ada.get(address(draft)).text


# What a text refers to


def test_only_articles_one_may_read_can_be_linked_to(dara: Visitor, draft: Draft, db: Any) -> None:
    kb.article("Printer setup", slug="printer-setup")
    kb.article("Printer secrets", slug="printer-secrets", access_key="a999")
    found = dara.get(address(draft) + "/links?q=printer").text
    assert "kb:printer-setup" in found
    assert "secrets" not in found
    typed = {"body": "[a](kb:printer-setup) [b](kb:printer-secrets)"}
    shown = dara.post(address(draft) + "/preview", typed).text
    assert 'href="/kb/printer-setup"' in shown
    assert "/kb/printer-secrets" not in shown
    assert dara.get(address(draft) + "/links?q=").text.strip() == ""


def test_articles_to_link_to_come_with_most_of_the_words_in_their_title_first(dara: Visitor, draft: Draft) -> None:
    kb.article("A mail looks odd", slug="odd-mail", body="Call from a phone.")
    kb.article("Set up mail on a phone", slug="phone-mail")
    found = dara.get(address(draft) + "/links?q=mail+phone").text
    assert found.index("kb:phone-mail") < found.index("kb:odd-mail")


def test_where_it_comes_from_names_only_what_one_may_see(dara: Visitor, topic: Any, db: Any) -> None:
    open_to_all, hidden = kb.article("Badges"), kb.article("Secret badges", access_key="a999")
    made = drafts.begin(
        actor_of(settle(DARA)), category=topic, sources=[str(open_to_all.ref), str(hidden.ref)], queries=["bench"]
    )
    page = dara.page(address(made))
    assert "Badges" in page.text
    assert "“bench”" in page.text
    assert "1 thing you may not see" in page.text
    assert "Secret" not in page.text


def test_how_to_write_shows_ten_things(ana: Visitor) -> None:
    assert len(ana.page("/desk/drafts/how-to-write").all("dt")) == 10
    assert "<html" not in ana.get("/desk/drafts/how-to-write", headers={"HX-Request": "true"}).text


def test_previews_are_limited(dara: Visitor, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.kb.writing import previews

    monkeypatch.setattr(previews, "PER_MINUTE", 0)
    response = dara.post(address(draft) + "/preview", {"body": "x"})
    assert response.status_code == 422
    assert "too often" in response.text
