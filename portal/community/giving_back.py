"""From an accepted answer to an article: begun from what solved it, without the people in it.

Who asked, who answered and who has the same problem follow the question, so they hear when the article is up. Where it
goes to is for the same people as the question, or for fewer, until an editor decides otherwise in the editor.
"""

from __future__ import annotations

import datetime as dt
import re

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.community import duplicates, policies, questions
from portal.community.models import Answer, Question
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.kb import policies as kb_policies
from portal.kb.models import Article, Category, Draft, Status
from portal.kb.prose.nobody import Names, nobody_in, without_formulas
from portal.kb.shelving import tree
from portal.kb.writing import giving_back as kb
from portal.ledger.models import LedgerEntry
from portal.people.models import Person
from portal.search import maintenance
from portal.search.documents import SearchRequest
from portal.search.engine import IndexUnusable
from portal.search.query import read
from portal.talk import follows

BEFORE = dt.timedelta(days=1)
"""How long before the question the search was that led to it."""
FOUND = 5


def can_give_back(actor: Actor, question: Question) -> bool:
    """Whoever writes in its topic or helps others, once an answer is accepted."""
    if question.removed_at is not None or question.accepted_answer_id is None or not policies.can_see(actor, question):
        return False
    return kb_policies.can_give_back(actor, question.category) and _standing(question) is not None


def _standing(question: Question) -> Answer | None:
    answer = db.session.get(Answer, question.accepted_answer_id or 0)
    return answer if answer is not None and answer.removed_at is None else None


def is_made(question: Question) -> bool:
    """Say whether an article was begun of it that was not put away since."""
    article = db.session.get(Article, question.article_id or 0)
    return article is not None and article.status != Status.ARCHIVED


def topics(actor: Actor, question: Question) -> list[Category]:
    """Return the topics an article of it can be begun in: those whose readers may all read the question."""
    rows = db.session.execute(select(Category).order_by(Category.position, Category.id)).scalars()
    return [row for row in rows if kb_policies.can_give_back(actor, row) and _is_for(row.access_key, question)]


def _is_for(key: str, question: Question) -> bool:
    return tree.is_within(key, question.access_key)


def to_improve(actor: Actor, question: Question) -> list[Article]:
    """Return articles that fit the question and that this actor may change; nothing while the search is down."""
    try:
        request = SearchRequest(text=read(question.title), kind="article", size=2 * FOUND)
        hits = maintenance.engine().search(request, actor.allowed_keys).hits
    except IndexUnusable:
        return []
    wanted = select(Article).where(Article.id.in_([hit.ref.id for hit in hits]))
    rows = {row.id: row for row in db.session.execute(wanted).scalars()}
    found = [rows[hit.ref.id] for hit in hits if hit.ref.id in rows]
    return [row for row in found if _can_improve(actor, question, row)][:FOUND]


def _can_improve(actor: Actor, question: Question, article: Article) -> bool:
    return article.is_published and kb_policies.can_edit(actor, article) and _is_for(article.access_key, question)


def begin(actor: Actor, question: Question, category: Category) -> Draft:
    """Begin an article from the accepted answer. Records `article.drafted`.

    Refuses who may not (Forbidden), a topic whose readers may not all read the question (Invalid, `category_id`), and
    a question of which somebody has begun one meanwhile (Conflict).
    """
    answer = _take(actor, question)
    if not kb_policies.can_give_back(actor, category) or not _is_for(category.access_key, question):
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    names = names_around(question)
    draft = kb.begin(
        actor,
        category=category,
        title=nobody_in(question.title, names),
        body=without_formulas(nobody_in(answer.body, names)),
        sources=[question.ref],
        queries=hints(actor, question, names),
    )
    return _note(question, answer, draft)


def improve(actor: Actor, question: Question, article: Article) -> Draft:
    """Open an article that is to say it, with the question as a source. Refuses as `begin` does (`article`)."""
    answer = _take(actor, question)
    if not _can_improve(actor, question, article):
        raise Invalid(_("Choose an article from the list."), field="article")
    draft = kb.improve(actor, article, sources=[question.ref], queries=hints(actor, question, names_around(question)))
    return _note(question, answer, draft)


def _take(actor: Actor, question: Question) -> Answer:
    """Let one at a time make an article of a question; returns the answer it is made of."""
    questions.hold(question)
    answer = _standing(question)
    if answer is None or not can_give_back(actor, question):
        raise Forbidden(_("Who writes in this topic makes an article of it, once an answer is accepted."))
    if is_made(question):
        raise Conflict(_("Somebody has begun an article of it already."))
    return answer


def _note(question: Question, answer: Answer, draft: Draft) -> Draft:
    question.article_id = draft.article_id
    follows.follow_by_doing([question.asker_id, answer.author_id], question.ref)
    db.session.flush()
    return draft


def hints(actor: Actor, question: Question, names: Names) -> list[str]:
    """Return in what words it was looked for in vain: the search that led to asking, and how others asked the same.

    Of questions that point to it only those this actor may read.
    """
    found = [*_searched(question), *(thing.title for thing in duplicates.same_as(actor, question))]
    blotted = (nobody_in(one, names) for one in found)
    return [one for one in dict.fromkeys(blotted) if re.search(r"\w", re.sub(r"\[\w+\]", "", one))]


def _searched(question: Question) -> list[str]:
    """Return the search the asker came from, as the form carried it along."""
    asked = select(LedgerEntry).where(
        LedgerEntry.subject == str(question.ref), LedgerEntry.name == Name.QUESTION_ASKED.value
    )
    fact = db.session.execute(asked.limit(1)).scalar_one_or_none()
    if fact is None or not (key := fact.props.get("search")):
        return []
    searches = select(LedgerEntry.props).where(
        LedgerEntry.name == Name.SEARCH_PERFORMED.value,
        LedgerEntry.at.between(fact.at - BEFORE, fact.at),
        LedgerEntry.visitor == fact.visitor,
    )
    return [one["query"] for one in db.session.execute(searches).scalars() if one.get("search") == key]


def names_around(question: Question) -> Names:
    """Return the names of everybody in the portal, and of the asker and those who answered; two queries."""
    everybody = db.session.execute(select(Person.name)).scalars()
    wrote = select(Answer.author_id).where(Answer.question_id == question.id)
    on_it = (Person.id == question.asker_id) | Person.id.in_(wrote)
    return Names.of(everybody, db.session.execute(select(Person.name).where(on_it)).scalars())


def draft_of(actor: Actor, question: Question) -> Ref | None:
    """Return the draft that was begun of a question and is still being written, for who may see it."""
    if question.article_id is None:
        return None
    query = select(Draft).where(Draft.article_id == question.article_id, Draft.is_open.is_(True))
    draft = db.session.execute(query).scalar_one_or_none()
    return draft.ref if draft is not None and kb_policies.can_see_draft(actor, draft) else None
