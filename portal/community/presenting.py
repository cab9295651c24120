"""What the pages of questions and tips show and say."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.community import duplicates, giving_back, inviting, pictures, policies, queries, questions, things
from portal.community.forms import AnswerForm, CommentForm
from portal.community.models import Answer, Question, QuestionState, Tip
from portal.community.policies import Post
from portal.core import once
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.errors import NotFound
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.kb.presenting import on_page, reasons
from portal.kb.prose import differences
from portal.kb.reading import queries as kb
from portal.kb.shelving import tree
from portal.people import queries as people
from portal.people.models import Person
from portal.talk import follows, votes
from portal.talk import policies as talk_policies
from portal.talk import queries as talk
from portal.talk.forms import SolvedForm
from portal.talk.models import Voice

VIAS = frozenset({"search", "suggestion", "form", "home", "category", "article", "mail", "news"})
KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Said:
    """Forms that were refused, to be shown again with what was typed."""

    answer: AnswerForm | None = None
    comment: tuple[Ref, CommentForm] | None = None
    solved: SolvedForm | None = None


def opened_from() -> dict[str, Any]:
    """Return how the reader got here, as the address says; nothing where it says nonsense."""
    via, search = request.args.get("via", ""), request.args.get("s", "")
    return {
        "via": via if via in VIAS else None,
        "search": search if KEY.fullmatch(search) else None,
        "rank": number("rank"),
    }


def kept_arguments() -> dict[str, str]:
    """Return what an address carries along when it leads to another."""
    return {name: request.args[name] for name in ("via", "s", "rank", "q", "page") if name in request.args}


def as_stored(post: Question | Tip) -> dict[str, Any]:
    """Return a stored text as its form takes it."""
    return {
        "title": post.title,
        "body": post.body,
        "category_id": post.category_id,
        "version": post.version,
        "tags": " ".join(sorted(row.tag for row in post.tags)),
    }


def question_page(actor: Actor, question: Question, *, said: Said | None = None) -> dict[str, Any]:
    """Return everything the page of a question shows; a fixed number of queries."""
    said = said or Said()
    page = min(number("page", default=1, least=1), 1000)
    found = queries.answers(actor, question, page=page)
    if page > 1 and not found.rows:
        raise NotFound("")
    posts: list[Post] = [question, *found.rows]
    refs = [post.ref for post in posts]
    return {
        "question": question,
        "answers": found.rows,
        "page": page,
        "has_more": found.has_more,
        **notes_below(actor, posts),
        "pictures": pictures.below(posts),
        "voices": votes.own(actor, refs),
        "is_followed": follows.is_followed(actor, question.ref),
        "article": queries.made_article(actor, question.article_id),
        "invitation": inviting.own(actor, question),
        "can_invite": inviting.can_invite(actor, question),
        "draft": giving_back.draft_of(actor, question),
        "can_give_back": giving_back.can_give_back(actor, question) and not giving_back.is_made(question),
        "original": duplicates.original_of(actor, question),
        "same_as": duplicates.same_as(actor, question),
        "can_point": duplicates.can_point(actor, question, answers=None if found.has_more else found.rows),
        "refused_answer": said.answer,
        "refused_comment": said.comment,
        "can_comment": talk_policies.can_comment(actor),
        "may_remove": lambda note: talk_policies.can_remove(actor, note),
        **solved_context(actor, question, form=said.solved),
    }


def notes_below(actor: Actor, posts: Sequence[Post]) -> dict[str, Any]:
    """Return the comments below these posts, those that are gone as far as the actor may bring them back, and who took
    away what; one query, and one more where anything was."""
    found = talk.notes_on(actor, [post.ref for post in posts])
    rows = [*posts, *(note for notes in found.gone.values() for note in notes)]
    return {"notes": found.standing, "gone_notes": found.gone, "removed_by": removers(rows)}


def removers(rows: Iterable[Any]) -> Callable[[Any], str]:
    """Return what names who took one of these rows away; one query where anything was."""
    ids = {row.removed_by_id for row in rows if row.removed_by_id is not None}
    names = people.names(ids) if ids else {}
    return lambda row: names.get(row.removed_by_id or 0, _("Somebody"))


def solved_context(actor: Actor, question: Question, *, form: SolvedForm | None = None) -> dict[str, Any]:
    """Return what "Did this solve it?" shows to a reader of an answered question."""
    is_for_reader = bool(question.n_answers) and not policies.is_own(actor, question) and question.removed_at is None
    said = questions.said(actor, question) if is_for_reader else None
    is_not_yet = said is not None and not said.is_solved
    return {
        "question": question,
        "asks_solved": is_for_reader,
        "can_say": talk_policies.can_answer(actor),
        "said": said,
        "solved_form": form or (SolvedForm(formdata=None, comment=said.comment) if is_not_yet and said else None),
        "reasons": reasons() if is_not_yet else [],
        "doors": doors_after(question) if is_not_yet else [],
    }


def doors_after(question: Question) -> list[dict[str, str]]:
    """Return the ways on after "Not yet"."""
    return [
        {
            "title": _("Say what is different for you"),
            "text": _("A comment asks those who answered"),
            "icon": "people",
            "href": "#comment-question",
        },
        {
            "title": _("Search once more"),
            "text": _("In other words"),
            "icon": "search",
            "href": url_for("search.results", q=question.title),
        },
        {
            "title": _("Hand it over"),
            "text": _("Your words go along. You see them first"),
            "icon": "hand-over",
            "href": url_for("home.hand_over", q=question.title),
        },
    ]


def token() -> Markup:
    """Return what makes sending a form twice harmless. A page has many forms, and each acts for itself."""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(once.new_token())


def name_of(person: Person | None) -> str:
    """Return who wrote something; what came from elsewhere may have no writer we know."""
    return person.name if person is not None else _("Somebody")


def first_name_of(person: Person | None) -> str:
    return person.first_name if person is not None else _("Somebody")


def initials_of(person: Person) -> str:
    """Return the letters of somebody's round: of their first and their last name."""
    names = person.name.split()
    return "".join(name[0] for name in (names[:1] + names[-1:] if len(names) > 1 else names)).upper()


def question_url(question: Question, **more: Any) -> str:
    return things.address(question.id, question.title, **more)


def answer_url(actor: Actor, question: Question, answer: Answer) -> str:
    """Return where an answer stands, on whichever page."""
    page = queries.page_of(actor, question, answer)
    more = {"page": page} if page > 1 else {}
    return question_url(question, **more, _anchor=f"answer-{answer.id}")


def tip_url(tip: Tip, **more: Any) -> str:
    return things.tip_address(tip.id, tip.title, **more)


def state_words(question: Question) -> str:
    """Return in a word how far a question is."""
    if question.state == QuestionState.SOLVED:
        return _("Solved")
    if question.state == QuestionState.DUPLICATE:
        return _("Asked before")
    return things.n_answers(question.n_answers)


def html_of(post: Post) -> Markup:
    """Return a stored text for a page."""
    return on_page(post.html)


def has_raised(voices: Collection[tuple[Ref, Voice]], post: Post, voice: str) -> bool:
    return (post.ref, Voice(voice)) in voices


def chosen_topic(actor: Actor, slug: str) -> tuple[Category | None, set[int]]:
    """Return the topic a list is narrowed to, with the ids of everything below.

    A hidden or unknown one narrows nothing.
    """
    topic = kb.get_category(slug) if slug else None
    if topic is None or not actor.sees(topic.access_key):
        return None, set()
    return topic, tree.below(topic)


def against_theirs(post: Post, form: Any) -> dict[str, Any]:
    """Return what stands between somebody's text and the one that was saved meanwhile.

    The form then names the version it was set against, so that saving once more is meant.
    """
    mine = (form.body.data or "").replace("\r\n", "\n").strip()
    form.version.data, form.version.raw_data = post.version, None
    titles = (getattr(post, "title", ""), form.title.data or "" if "title" in form else "")
    return {
        "rows": differences.shortened(differences.rows(post.body, mine)),
        "title": differences.words(*titles) if titles[0] != titles[1] else [],
        "body": post.body,
        "at": post.edited_at,
    }
