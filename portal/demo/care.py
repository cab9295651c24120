"""How the articles are looked after: who owns what, what readers suggest, how far they tick the steps."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from analytics.events import Event, Name
from portal.core.database import db
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.kb.caring import insight, reminders
from portal.kb.models import Article, Change, Outcome, Suggestion
from portal.kb.shelving import ownership
from portal.kb.writing import publishing, suggestions
from portal.people.models import Person

ZOES = ("paper-jam", "scan-to-mail", "print-on-both-sides")
"""What Zoe looked after when she left in June. Nobody has taken it over yet."""
RISKY = ("usb-stick-found", "certificate-warning")
"""Where a mistake does much harm."""
TICKS_NOTHING, GOES_ON = 0.55, 0.86
"""Share of readers who tick no step, and how likely the others go on after each."""


@dataclass(frozen=True, kw_only=True)
class Idea:
    """What somebody suggested, so many days ago, and what became of it."""

    who: str
    slug: str
    days: float
    kind: str = "edit"
    quote: str = ""
    replacement: str = ""
    words: str = ""
    anchor: str = ""
    outcome: Outcome = Outcome.WAITING
    answer: str = ""


IDEAS = (
    Idea(
        who="ana",
        slug="follow-me-printing",
        days=47,
        quote="On a Friday, that means that they are gone on Monday.",
        replacement="What you send on a Friday is gone on Monday.",
        words="I read it twice before I saw what is meant.",
        outcome=Outcome.PUBLISHED,
        answer="Shorter and clearer, thank you.",
    ),
    Idea(
        who="keiko",
        slug="usb-stick-found",
        days=19,
        kind="error",
        words="Why not just put it into a Mac? They do not get viruses.",
        outcome=Outcome.DECLINED,
        answer="They do, less often. The envelope is the safe way on every computer, so the step stays.",
    ),
    Idea(
        who="ana",
        slug="paper-jam",
        days=2.1,
        quote="Throw away sheets with bent corners.",
        replacement="Put sheets with bent corners into the paper bin, the copier will not take them.",
        words="New colleagues put them back into the tray.",
        anchor="md-it-jams-again-and-again",
    ),
    Idea(
        who="ben",
        slug="scan-to-mail",
        days=0.9,
        kind="error",
        quote="Choose 2-sided if the back is printed as well.",
        words="The new copier on the second floor says “Duplex” there.",
        anchor="md-at-the-machine",
    ),
)


def planned(at: dt.datetime, cast: Cast, since: dt.datetime) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when who arranged or suggested what, for a story from `since` to `at`."""
    days = dt.timedelta(days=1)
    yield since + 20 * days, partial(_give, cast)
    yield since + 25 * days, partial(_rate, cast)
    for idea in IDEAS:
        yield at - idea.days * days, partial(_suggest, cast, idea)
        if idea.outcome != Outcome.WAITING:
            yield at - idea.days * days + dt.timedelta(hours=20), partial(_decide, cast, idea)
    yield at - 8 * days, partial(reminders.remind, {})
    yield at, insight.renew


def _give(cast: Cast) -> None:
    found = [_article(cast, slug) for slug in ZOES]
    zoe = db.session.get_one(Person, cast.actor("zoe").person_id)
    ownership.give(cast.actor("dara"), found, zoe)


def _rate(cast: Cast) -> None:
    for slug in RISKY:
        ownership.plan(cast.actor("dara"), _article(cast, slug), risk="high")


def _article(cast: Cast, slug: str) -> Article:
    return db.session.get_one(Article, cast.ref(f"article:{slug}").id)


def _suggest(cast: Cast, idea: Idea) -> None:
    made = suggestions.offer(
        cast.actor(idea.who),
        _article(cast, idea.slug),
        kind=idea.kind,
        quote=idea.quote,
        replacement=idea.replacement,
        words=idea.words,
        anchor=idea.anchor,
    )
    cast.put(f"suggestion:{idea.who}:{idea.slug}", "suggestion", made.id)


def _decide(cast: Cast, idea: Idea) -> None:
    dara = cast.actor("dara")
    made = db.session.get_one(Suggestion, cast.ref(f"suggestion:{idea.who}:{idea.slug}").id)
    if idea.outcome == Outcome.DECLINED:
        suggestions.decline(dara, made, answer=idea.answer)
        return
    taken = suggestions.accept(dara, made, answer=idea.answer)
    taken.draft.change = Change.TYPO.value
    publishing.publish(dara, taken.draft)


def ticked(event: Event, *, n_steps: Mapping[str, int], rng: random.Random) -> Event:
    """Return a visit to an article with the steps that its reader ticked; other events as they are."""
    n = n_steps.get(event.subject or "", 0)
    if event.name != Name.ARTICLE_READ or not n:
        return event
    done = 0
    if rng.random() > TICKS_NOTHING:
        done = 1
        while done < n and rng.random() < GOES_ON:
            done += 1
    return replace(event, props={**event.props, "ticked": done, "n_steps": n})
