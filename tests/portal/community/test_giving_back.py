"""From an accepted answer to an article that is found (T8), and nothing of it for who may not read the question."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community import answers, duplicates, giving_back
from portal.community.models import Question
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.jobs.runner import Runner
from portal.kb.models import Draft
from portal.kb.writing import drafts, publishing
from portal.notifications import links
from portal.notifications.models import Notification
from portal.people import audiences
from portal.people.services import actor_of
from portal.search import jobs as maintenance
from tests.factories import community, kb, people
from tests.people import ANA, BEN, CLEO, DARA, Visitor, settle

pytestmark = pytest.mark.usefixtures("db")


def actor(who: Any) -> Any:
    return actor_of(settle(who))


def solved(**kw: Any) -> Question:
    """A question of Ana's that Ben solved."""
    question = community.question("Ana asks: why does the plotter smear?", asker_id=settle(ANA).id, **kw)
    answer = community.answer(question, "Hello Ana,\n\nclean its rail.\n\nBest regards\nBen", author_id=settle(BEN).id)
    answers.accept(actor(ANA), answer)
    return question


def test_what_was_searched_for_in_vain_is_found_once_an_answer_became_an_article(
    app: Flask, ana: Visitor, ben: Visitor, dara: Visitor
) -> None:
    topic = kb.article("Connect to the VPN").category
    db.session.commit()
    maintenance.rebuild({})
    words = "plotter smears edges"
    ask = next(href for href in ana.page(f"/search?q={words}").links.values() if href.startswith("/ask"))
    app.extensions["dity-buffer"].flush()
    form = ana.get(ask).location or ask
    response = ana.submit(form, "/questions/new", title="Why are the edges grey?", category_id=str(topic.id))
    where = response.headers["Location"]
    ben.submit(where, "/questions/1/answers", body="Clean its rail with the grey cloth.")
    ana.post("/questions/1/answers/1/accept", {"on": "yes"})
    assert "Make it an article" not in ben.page(where).links
    target = "/questions/1/article"
    assert dara.page(where).links["Make it an article"] == target
    response = dara.submit(target, target)
    draft = db.session.execute(select(Draft)).scalar_one()
    assert response.headers["Location"] == f"/desk/drafts/{draft.id}"
    assert (draft.title, draft.body) == ("Why are the edges grey?", "Clean its rail with the grey cloth.")
    assert (draft.queries, draft.sources) == ([words], ["question:1"])
    assert dara.page(where).links["Read or go on writing the draft"] == f"/desk/drafts/{draft.id}"
    assert "Becomes an article" not in ana.page(where).text
    draft.summary = "Grey edges: when the plotter smears."
    article = publishing.publish(dara.actor, draft, although=True)
    db.session.commit()
    Runner(app).drain()
    told = select(Notification.person_id).where(Notification.kind == "now_an_answer").order_by(Notification.person_id)
    assert list(db.session.execute(told).scalars()) == [ana.person_id, ben.person_id]
    assert ana.page(where).links[article.title] == f"/kb/{article.slug}"
    assert article.title in ana.page(f"/search?q={words}").links


def test_nobody_is_named_and_how_others_asked_it_is_a_hint_for_who_may_read_that() -> None:
    question, dara = solved(), actor(DARA)
    other = community.question("Grey lines on drawings", category=question.category)
    hidden = community.question("What does the xerophyte plotter cost?", category=question.category)
    for one in (other, hidden):
        duplicates.point(dara, one, to=question)
    hidden.access_key = "a0"
    db.session.flush()
    with links.addressable():
        draft = giving_back.begin(dara, question, question.category)
    assert (draft.title, draft.body) == ("[name] asks: why does the plotter smear?", "clean its rail.")
    assert draft.queries == ["Grey lines on drawings"]


def test_it_is_made_once_and_anew_after_the_draft_was_put_away() -> None:
    question, dara = solved(), actor(DARA)
    with links.addressable():
        draft = giving_back.begin(dara, question, question.category)
        with pytest.raises(Conflict):
            giving_back.begin(actor(CLEO), question, question.category)
        drafts.discard(dara, draft)
        assert giving_back.begin(dara, question, question.category).article_id == question.article_id


def test_who_only_reads_makes_nothing_of_it_nor_anybody_of_what_is_not_solved() -> None:
    question = solved()
    for who in (ANA, BEN):
        with pytest.raises(Forbidden):
            giving_back.begin(actor(who), question, question.category)
    answers.accept(actor(ANA), question.accepted_answer, is_on=False)
    with pytest.raises(Forbidden):
        giving_back.begin(actor(DARA), question, question.category)


def test_it_goes_nowhere_where_others_would_read_what_is_for_few() -> None:
    dara, cleo, ana, ben = (settle(one) for one in (DARA, CLEO, ANA, BEN))
    group = people.audience("Some", *(("person", str(one.id)) for one in (dara, ana, ben)))
    few = kb.category("Few", slug="few", access_key=audiences.key_for([[group.id]]))
    open_ = kb.category("Open", slug="open")
    question, editor = solved(category=few), actor_of(dara)
    assert giving_back.topics(editor, question) == [few]
    assert not giving_back.can_give_back(actor_of(cleo), question)
    article = kb.article("Plotters", category_id=open_.id)
    with pytest.raises(Invalid):
        giving_back.begin(editor, question, open_)
    with pytest.raises(Invalid):
        giving_back.improve(editor, question, article)


def test_an_article_that_should_say_it_is_opened_with_the_question_as_its_source() -> None:
    question, dara = solved(), actor(DARA)
    article = kb.article("Plotters")
    draft = giving_back.improve(dara, question, article)
    assert (draft.article_id, draft.sources) == (article.id, [str(question.ref)])
    assert giving_back.is_made(question)
