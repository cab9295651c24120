"""What is there already, offered to who is about to ask: articles, questions and tips that match the words typed.

Suggesting never stands in the way: while the search is down there is nothing to suggest, and the form works as ever.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import structlog
from flask_babel import gettext as _

from portal.community import questions
from portal.core.actor import Actor
from portal.core.errors import NotFound, Refusal, TooMany
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.kb.reading import services as kb
from portal.search import pace
from portal.search import presenting as found_words
from portal.search import services as search
from portal.search.documents import Hit
from portal.search.services import Found
from portal.talk import solutions

log = structlog.get_logger(__name__)

SHOWN = 4


def look(actor: Actor, words: str) -> Found | None:
    """Return what `suggest` does, for a whole page; nothing for who looks up too much, since the form works as ever."""
    try:
        pace.spend("suggestions", actor)
    except TooMany:
        return None
    return suggest(actor, words)


def suggest(actor: Actor, words: str) -> Found | None:
    """Return what matches the words, None when the search cannot be asked; noted as shown in a form."""
    try:
        return search.suggest(actor, words, limit=SHOWN, surface="form")
    except Refusal:
        raise
    except Exception:  # whatever is wrong with the search, people can still ask
        log.warning("suggesting_failed", exc_info=True)
        return None


def url(thing: Thing, found: Found, *, rank: int) -> str:
    """Return the address of a suggestion, carrying from which list it was opened."""
    return f"{thing.url}?{urlencode({'via': 'form', 's': found.key, 'rank': rank})}"


def kind_of(hit: Hit) -> str:
    """Return the drawing for what it is."""
    return found_words.ICONS.get(hit.ref.kind, "answer")


def facts(hit: Hit, thing: Thing) -> dict[str, Any]:
    """Return the small print of a suggestion: what it is, how far it is, how well it is proven."""
    told = found_words.proof(thing)
    words = [found_words.kind_words(hit.ref.kind), *thing.meta.get("words", ())]
    return {**told, "words": words, "good": thing.meta.get("good")}


def can_solve(thing: Thing) -> bool:
    """Say whether this is something that can have solved it: an article, or a question with an answer."""
    return thing.ref.kind == "article" or bool(thing.meta.get("n_answers"))


def solved(actor: Actor, ref: str) -> Thing:
    """Say that a suggestion solved it, so that nothing need be asked. Records `solution.marked` with via `form`.

    Refuses what the actor does not see, and what cannot have solved anything (NotFound).
    """
    try:
        about = Ref.parse(ref)
    except ValueError:
        raise NotFound("") from None
    thing = load_things(actor, [about]).get(about) if about.kind in ("article", "question") else None
    if thing is None or not can_solve(thing):
        raise NotFound(_("This is not there any more."))
    if about.kind == "article":
        kb.answer(actor, kb.get(actor, str(thing.meta["slug"])), solved=True, via="form")
        return thing
    question = questions.get(actor, about.id)
    solutions.mark(
        actor,
        about,
        version=questions.said_about(question),
        solved=True,
        via="form",
        topic=question.category.ref,
    )
    return thing
