"""A question or tip in a topic that is for few is known to nobody else, by whatever door they try.

Topics get random audiences, one of them is changed on the way; every person then tries every door, and what they meet
is compared with a plain reading of who belongs to what.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from portal.community import documents, queries, questions, suggesting, texts, tips
from portal.community.models import Question, Tip
from portal.community.queries import Shelf
from portal.core.actor import Actor, system
from portal.core.database import Base, db
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.files import services as files
from portal.files.models import Attachment
from portal.kb.shelving import topics, tree
from portal.notifications import links
from portal.notifications import services as notifications
from portal.people import audiences
from portal.people.models import Person
from portal.people.services import actor_of
from portal.search import maintenance, services
from portal.search.documents import SearchRequest
from tests.factories import community, kb
from tests.factories import people as made
from tests.factories.files import picture

N_PEOPLE, N_TOPICS = 3, 3
WORD = "xerophyte"
SYSTEM = system("tests")

groups = st.lists(st.sets(st.integers(0, N_PEOPLE - 1)), min_size=2, max_size=2)
"""Who belongs to each of two audiences."""
stated = st.lists(st.lists(st.integers(0, 1), max_size=2, unique=True), min_size=N_TOPICS, max_size=N_TOPICS)
"""Which audiences each topic names; none: everybody signed in. The second topic stands below the first."""

places = st.integers(0, N_TOPICS - 1)


@pytest.fixture
def house(app: Flask) -> Iterator[Flask]:
    with links.addressable():
        yield app


def emptied() -> None:
    db.session.rollback()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in ("ledger_entry", "option"):
            if table.name == "question":
                db.session.execute(text("UPDATE question SET accepted_answer_id = NULL, duplicate_of_id = NULL"))
            db.session.execute(table.delete())
    db.session.commit()


def admitted(wanted: list[set[int]], belonging: list[set[int]]) -> set[int]:
    """Who meets every level that states something."""
    everybody = set(range(N_PEOPLE))
    for level in wanted:
        if level:
            everybody &= set().union(*(belonging[i] for i in level))
    return everybody


def known(who: Actor, question: Question, answer_id: int, tip: Tip, attachment: Attachment) -> set[str]:
    """The doors by which this person meets the question or the tip."""
    met = set()
    about = {question.ref, tip.ref, Ref("answer", answer_id)}

    def is_open(name: str, is_there: Any) -> None:
        if is_there:
            met.add(name)

    for name, load, i in (("page", questions.get, question.id), ("tip page", tips.get, tip.id)):
        with suppress(NotFound):
            is_open(name, load(who, i))
    for shelf in (Shelf.NEWEST, Shelf.UNANSWERED, Shelf.SOLVED):
        is_open("list", question in queries.listing(who, shelf=shelf).rows)
    is_open("list of tag", question in queries.listing(who, tag="labels").rows)
    is_open("list of topic", question in queries.listing(who, topics=[question.category_id]).rows)
    is_open("home", question in queries.might_know(who))
    is_open("tips", tip in queries.tips(who).rows or tip in queries.latest_tips(who, limit=20))
    is_open("topics", question.category_id in {topic.id for topic, _n in queries.topics_with(who, Question)})
    is_open("things", load_things(who, about))
    found = services.search(who, SearchRequest(text=WORD))
    is_open("search", about & {hit.ref for hit, _thing in found.rows} or found.results.total)
    engine = maintenance.engine()
    is_open("counts", engine.search(SearchRequest(text=WORD), who.keys).facets.get("tag"))
    is_open("spelling", engine.search(SearchRequest(text=WORD[:-1] + "s"), who.keys).corrected)
    suggested = suggesting.suggest(who, WORD[:6])
    is_open("suggestions", suggested is not None and suggested.rows)
    is_open("rows", documents.find_questions(who, WORD, 9) + documents.find_tips(who, WORD, 9))
    is_open(
        "news", notifications.tell([who.person_id], "followed_answered", subject=question.ref, actor=system("tests"))
    )
    with suppress(NotFound):
        is_open("file", files.fetch(who, attachment.id, name=attachment.download_name))
    for ref in (question.ref, tip.ref):
        with suppress(NotFound):
            is_open("form", ref.kind == "question" and suggesting.solved(who, str(ref)))
    return met


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groups, stated, st.integers(0, N_TOPICS - 1), st.integers(0, N_TOPICS - 1), st.lists(st.integers(0, 1), max_size=1)
)
def test_by_no_door_does_anybody_meet_what_is_not_for_them(
    house: Flask, belonging: list[set[int]], wanted: list[list[int]], of: int, changed: int, to: list[int]
) -> None:
    emptied()
    rows = [made.person(f"Person {n}") for n in range(N_PEOPLE)]
    ada = made.person("Ada Demir", Role.ADMIN)
    named = [
        made.audience(f"Group {i}", ("person", str(ada.id)), *(("person", str(rows[n].id)) for n in sorted(members)))
        for i, members in enumerate(belonging)
    ]
    shelf: list[Any] = []
    for place in range(N_TOPICS):
        parent = shelf[0].id if place == 1 else None
        shelf.append(kb.category(f"Topic {place}", audience=[named[i].slug for i in wanted[place]], parent_id=parent))
    audiences.drop_cached()
    db.session.commit()
    tree.rekey()
    asker = made.person("Asker", Role.ADMIN)
    question = community.question(
        f"Where do {WORD}s grow?", category=shelf[of], asker_id=asker.id, access_key=shelf[of].access_key
    )
    tip = community.tip(
        f"Water {WORD}s rarely", category=shelf[of], author_id=asker.id, access_key=shelf[of].access_key
    )
    tip_id, question_id = tip.id, question.id
    texts.put_tags(question, ["labels"])
    answer = community.answer(question, f"The {WORD} grows in sand.", author_id=asker.id)
    attachment = files.keep(SYSTEM, io.BytesIO(picture()), "a.png", on=question.ref)
    wanted[changed] = to
    admin = actor_of(ada)
    topics.change(
        admin,
        shelf[changed],
        topics.as_wanted(shelf[changed], audience=tuple(named[i].slug for i in to)),
        is_sure=True,
    )
    db.session.commit()
    maintenance.rebuild(maintenance.plan_rebuild())
    db.session.commit()
    levels = [set(wanted[of]), *([set(wanted[0])] if of == 1 else [])]
    may = admitted(levels, belonging)
    for n, row in enumerate(rows):
        db.session.expire_all()
        who = actor_of(db.session.get_one(Person, row.id))
        question, tip = db.session.get_one(Question, question_id), db.session.get_one(Tip, tip_id)
        met = known(who, question, answer.id, tip, attachment)
        if n in may:
            assert {"page", "tip page", "list", "things", "search", "suggestions", "rows", "news", "file"} <= met
        else:
            assert met == set(), (n, met)
        db.session.rollback()
