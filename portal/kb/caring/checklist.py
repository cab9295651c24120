"""The checklist of a draft: what is known of it, put before the rules of `quality`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from analytics.gaps import key as telling
from portal.core import markup, options
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.kb import texts
from portal.kb.caring import insight
from portal.kb.models import Draft
from portal.kb.prose import quality, starting_points
from portal.kb.prose.quality import Check
from portal.kb.writing import publishing

SEARCHES = 5
"""How many searches of each sort a title is held against."""


@dataclass(frozen=True)
class Checklist:
    """The rules that apply to one text, with what is kept of them."""

    checks: tuple[Check, ...]
    needed: tuple[Invalid, ...] = ()
    """What keeps the text from being published or sent to review."""

    @property
    def n_ok(self) -> int:
        return sum(check.is_ok for check in self.checks)

    @property
    def n(self) -> int:
        return len(self.checks)

    @property
    def percent(self) -> int:
        return round(100 * quality.share(self.checks))


def of(draft: Draft) -> Checklist:
    """Judge a draft as it was saved last; a text too large to render keeps no rule of its body."""
    article = draft.article
    made, own = _made(draft, draft.body), starting_points.own(draft.body)
    written = quality.Written(
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        made=made,
        tags=draft.tags,
        searches=_searches(draft),
        is_english=(article.language or options.get().default_locale).startswith("en"),
        is_verified=not article.is_check_due if article.n_revisions else None,
    )
    if own != draft.body:
        written = replace(written, own=replace(written, body=own, made=_made(draft, own)))
    return Checklist(tuple(quality.checks(written, options.get().checklist_weights)), tuple(publishing.lacking(draft)))


def _made(draft: Draft, body: str) -> markup.Rendered:
    try:
        return texts.render(body, files=texts.picture(draft.article, draft))
    except Invalid:
        return markup.Rendered(html="")


def _searches(draft: Draft) -> list[tuple[str, int]]:
    """Return what people search for who mean this: what the draft is to answer, what led here, and what failed."""
    found: dict[str, int] = dict.fromkeys(draft.queries, 0)
    for row in insight.searches(draft.article_id)[:SEARCHES]:
        found.setdefault(row.words[0], row.n_people)
    for row in [row for row in insight.missed() if _means(row.words[0], draft.title)][:SEARCHES]:
        found.setdefault(row.words[0], row.n_people)
    return list(found.items())


def _means(search: str, title: str) -> bool:
    """Say whether a search means what the title says: two telling words in common, and half of what was typed."""
    asked, said = set(telling(search).split()), set(telling(title).split())
    return len(asked & said) >= max(2, len(asked) / 2)


def weigh(actor: Actor, weights: Mapping[str, int]) -> None:
    """Change how much each rule counts; those that keep their usual weight are not stored.

    Refuses who may not write articles (Forbidden), and a weight that is out of range (Invalid, field = rule).
    """
    actor.require(Permission.ARTICLE_WRITE)
    for key, weight in weights.items():
        if key not in set(quality.Key) or not 0 <= weight <= quality.HEAVIEST:
            raise Invalid(_("Choose a weight from 0 to %(n)s.", n=quality.HEAVIEST), field=key)
    changed = {key: weight for key, weight in weights.items() if weight != quality.WEIGHTS[quality.Key(key)]}
    options.change(actor, checklist_weights=changed)
