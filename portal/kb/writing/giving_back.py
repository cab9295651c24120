"""From helping one person to helping the next: a draft made of what helped, and the news once it is published.

Where a draft comes from is kept as Refs, shown only to who may see the thing itself. Whoever follows a source hears
when the answer is up: people follow what they asked by having asked it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from analytics.gaps import key as telling
from portal.core import clock
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Forbidden
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb import policies
from portal.kb.models import Article, Category, Change, Draft
from portal.kb.writing import drafts
from portal.notifications import services as notifications
from portal.people import services as people
from portal.talk import follows

TELL = "kb.tell_who_asked"
MOST_QUERIES = 5
MOST_WORDS = 8


def begin(
    actor: Actor,
    *,
    category: Category,
    title: str,
    body: str,
    sources: Collection[Ref],
    queries: Iterable[str] = (),
) -> Draft:
    """Begin an article from what helped somebody. Records `article.drafted`.

    `title` and `body` are a start that names nobody; `queries` are searches that failed, which the title is held
    against. Refuses who helps nobody, and a topic they do not see (Forbidden).
    """
    if not policies.can_give_back(actor, category):
        raise Forbidden(_("Choose a topic in which you may write."))
    text = drafts.cleaned({"title": title[: drafts.TITLE], "body": body})
    asked = _asked(queries)
    return drafts.make(actor, category=category, sources=[str(one) for one in sources], queries=asked, **text)


def improve(actor: Actor, article: Article, *, sources: Collection[Ref], queries: Iterable[str] = ()) -> Draft:
    """Open the draft of an article and note what it is improved from. Refuses who may not edit it (Forbidden)."""
    draft = drafts.edit(actor, article)
    draft.sources = list(dict.fromkeys([*draft.sources, *(str(one) for one in sources)]))
    draft.queries = _asked([*draft.queries, *queries])
    draft.saved_at = clock.now()
    db.session.flush()
    return draft


def _asked(queries: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(one.split())[:200] for one in queries if one.strip()))[:MOST_QUERIES]


def plan_news(actor: Actor, article: Article, draft: Draft) -> None:
    """Let who asked be told, apart from publishing, when there is somebody; a typo is no news."""
    if _of_people(draft) and not (article.n_revisions > 1 and draft.change == Change.TYPO):
        payload = {"article": article.id, "draft": draft.id, "by": actor.person_id}
        jobs.enqueue(TELL, payload, key=f"{TELL}:{draft.id}")


def tell_who_asked(payload: Mapping[str, Any]) -> None:
    """Tell who follows what an article was written from that it is up; only who may read it hears of it."""
    article, draft = db.session.get(Article, payload["article"]), db.session.get(Draft, payload["draft"])
    if article is None or draft is None or not article.is_published:
        return
    actor = people.actor_for(payload["by"] or 0) or system("kb")
    notifications.tell(who_asked(draft), "now_an_answer", subject=article.ref, actor=actor)


def who_asked(draft: Draft) -> set[int]:
    """Return the ids of who follows a thing this text was written from."""
    return {one for source in _of_people(draft) for one in follows.followers(source)}


def _of_people(draft: Draft) -> list[Ref]:
    """Return the sources that somebody asked; other articles tell their followers by themselves."""
    refs = [Ref.parse(source) for source in draft.sources]
    return [ref for ref in refs if ref.kind != "article"]


def unsaid(draft: Draft) -> list[str]:
    """Return the telling words of failed searches that the text does not say: for a line in it, or for the search."""
    said = set(telling(" ".join((draft.title, draft.summary, draft.body))).split())
    words = (word.strip(".,;:!?()") for query in draft.queries for word in query.split() if not word.startswith("["))
    lacking = [word for word in words if (found := telling(word)) and not set(found.split()) <= said]
    return list(dict.fromkeys(word.casefold() for word in lacking))[:MOST_WORDS]
