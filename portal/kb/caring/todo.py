"""What an editor does next: one list, the most pressing first, each line with its reason and the place to do it.

People who wait come before texts: whoever asked for a look, said what was missing or suggested a change. Then checks
where a mistake does much harm, what several people searched for in vain, the other checks, what nobody looks after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.feature import Thing
from portal.core.i18n import ago, day
from portal.core.permissions import Permission
from portal.kb.caring import insight
from portal.kb.models import Article, Draft, Risk, State, Status
from portal.kb.reading import feedback, queries
from portal.kb.reviewing import waiting
from portal.kb.shelving import inventory, ownership
from portal.kb.writing import suggestions
from portal.people.audiences import visible
from portal.talk import queries as talk
from portal.talk.models import Solution

AT_MOST = 5
"""Lines of one sort; the rest is one line that leads to all of them."""
QUOTED = 120


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: what is to be done, why, and where."""

    icon: str
    title: str
    url: str
    why: str
    is_urgent: bool = False
    act_url: str = ""
    """Where something is begun for it at once; `act` says what."""
    act: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines of one sort, how many there are in all, and where all of them stand."""

    entries: list[Entry]
    n: int
    finding: str = ""
    """What the heading says of them."""
    more_url: str = ""

    @property
    def n_more(self) -> int:
        return max(0, self.n - len(self.entries))


@dataclass(frozen=True)
class ToDo:
    """Everything that waits, in the order in which it is shown."""

    groups: list[Group] = field(default_factory=list)

    @property
    def finding(self) -> str:
        """Say in a sentence what is most pressing: the first two sorts."""
        told = [group.finding for group in self.groups if group.finding][:2]
        if not told:
            return _("Nothing waits for you")
        both = _("%(one)s, %(other)s", one=told[0], other=told[1]) if len(told) > 1 else told[0]
        return both[:1].upper() + both[1:]


def of(actor: Actor, drafts: list[Draft]) -> ToDo:
    """Return what this editor can do next, `drafts` being those that are open; a fixed number of queries."""
    groups = [
        _reviews(actor),
        _feedback(actor),
        _suggestions(actor),
        _checks(actor, Risk.HIGH),
        _gaps(),
        _checks(actor, None),
        _orphans(actor),
        _writing(actor, drafts),
    ]
    return ToDo([group for group in groups if group is not None and group.n])


def _reviews(actor: Actor) -> Group:
    found = waiting.drafts(actor)
    rows = [*found.for_me, *found.for_anybody]
    return Group(
        entries=[_review(actor, one) for one in rows[:AT_MOST]],
        n=len(rows),
        finding=ngettext("%(num)s text waits for your look", "%(num)s texts wait for your look", len(rows)),
        more_url=url_for("review.index"),
    )


def _review(actor: Actor, draft: Draft) -> Entry:
    who = draft.submitted_by.first_name if draft.submitted_by else _("Somebody")
    at = ago(draft.submitted_at or draft.saved_at)
    is_asked = draft.reviewer_id == actor.person_id
    why = _("%(who)s asks you, %(when)s", who=who, when=at)
    if not is_asked:
        why = _("%(who)s wrote it, %(when)s", who=who, when=at)
    return Entry(
        icon="eye",
        title=_("Look at “%(title)s”", title=draft.title or _("Untitled")),
        url=url_for("review.show", draft_id=draft.id),
        why=why,
        is_urgent=is_asked,
    )


def _feedback(actor: Actor) -> Group:
    own = None if actor.can(Permission.FEEDBACK_REPLY) else queries.owned_by(actor.person_id or 0)
    shown: list[tuple[Solution, Thing]] = feedback.with_their_articles(actor, talk.feedback(own))["rows"]
    return Group(
        entries=[_said(row, thing) for row, thing in shown[:AT_MOST]],
        n=len(shown),
        finding=ngettext("%(num)s reader waits for a word", "%(num)s readers wait for a word", len(shown)),
        more_url=url_for("kb.feedback", scope="all"),
    )


def _said(row: Solution, thing: Thing) -> Entry:
    return Entry(
        icon="flag",
        title=_("Answer %(name)s about “%(title)s”", name=row.person.first_name, title=thing.title),
        url=url_for("kb.feedback", scope="all", _anchor=f"feedback-{row.id}"),
        why=_("“%(words)s”, %(when)s", words=_short(row.comment), when=ago(row.changed_at)),
        is_urgent=True,
    )


def _suggestions(actor: Actor) -> Group:
    rows = suggestions.inbox(actor)
    entries = [
        Entry(
            icon="pencil",
            title=_("Decide on a suggestion for “%(title)s”", title=row.article.title),
            url=url_for("suggestions.one", suggestion_id=row.id),
            why=_("%(name)s, %(when)s", name=row.person.first_name, when=ago(row.created_at)),
        )
        for row in rows[:AT_MOST]
    ]
    n = suggestions.n_waiting(actor)
    finding = ngettext("%(num)s suggestion waits", "%(num)s suggestions wait", n)
    return Group(entries=entries, n=n, finding=finding, more_url=url_for("suggestions.inbox"))


def _checks(actor: Actor, risk: Risk | None) -> Group:
    """Return overdue checks, the longest overdue first: of high risk, or (None) all others."""
    today = inventory.today()
    is_it = Article.risk == Risk.HIGH.value if risk else Article.risk != Risk.HIGH.value
    query = select(Article).where(inventory.is_overdue(today), visible(Article.access_key, actor), is_it)
    n = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    query = query.options(joinedload(Article.owner), *ownership.LIGHT).order_by(Article.review_by, Article.id)
    finding = (
        ngettext("%(num)s check that matters is overdue", "%(num)s checks that matter are overdue", n)
        if risk
        else ngettext("%(num)s check is overdue", "%(num)s checks are overdue", n)
    )
    return Group(
        entries=[_check(row) for row in db.session.execute(query.limit(AT_MOST)).scalars()],
        n=n,
        finding=finding,
        more_url=url_for("shelf.articles", due="overdue", risk=risk.value if risk else None),
    )


def _check(row: Article) -> Entry:
    due = day(row.review_by)
    owner = row.owner.first_name if row.owner else ""
    why = (
        _("due since %(day)s, %(name)s looks after it", day=due, name=owner)
        if owner
        else _("due since %(day)s", day=due)
    )
    is_high = row.risk == Risk.HIGH
    return Entry(
        icon="clock",
        title=_("Check “%(title)s”", title=row.title),
        url=url_for("shelf.article", slug=row.slug),
        why=_("a mistake does much harm here; %(why)s", why=why) if is_high else why,
        is_urgent=is_high,
    )


def _gaps() -> Group:
    rows = insight.missed()
    entries = [
        Entry(
            icon="search",
            title=_("Answer “%(words)s”", words=row.words[0]),
            url=url_for("search.results", q=row.words[0]),
            why=_("%(n)s people searched for it in the last four weeks and found nothing", n=row.n_people),
            act_url=url_for("editing.new", title=_headline(row.words[0]), query=row.words),
            act=_("Write the answer"),
        )
        for row in rows[:AT_MOST]
    ]
    finding = ngettext("%(num)s search finds nothing", "%(num)s searches find nothing", len(rows))
    return Group(entries=entries, n=len(entries), finding=finding)


def _headline(words: str) -> str:
    return words[:1].upper() + words[1:]


def _orphans(actor: Actor) -> Group:
    entries = list(_left(actor))
    unowned = (
        select(func.count()).select_from(Article).where(Article.owner_id.is_(None), visible(Article.access_key, actor))
    )
    n = db.session.execute(unowned.where(Article.status == Status.PUBLISHED.value)).scalar_one()
    if n:
        entries.append(
            Entry(
                icon="user",
                title=ngettext("Find somebody for %(num)s article", "Find somebody for %(num)s articles", n),
                url=url_for("shelf.articles", owner=inventory.NOBODY),
                why=_("nobody looks after them: their readers’ words reach every editor, and nobody in particular"),
            )
        )
    return Group(entries=entries, n=len(entries), finding=_("articles need somebody to look after them"))


def _left(actor: Actor) -> Iterator[Entry]:
    for keeper in ownership.keepers(actor):
        if keeper.has_left:
            at = keeper.person.deactivated_at
            yield Entry(
                icon="hand-over",
                title=ngettext(
                    "Hand over %(num)s article of %(name)s", "Hand over %(num)s articles of %(name)s", keeper.n,
                    name=keeper.person.name,
                ),
                url=url_for("shelf.hand_over", person_id=keeper.person.id),
                why=_("left %(when)s", when=day(at)) if at else _("has left"),
            )  # fmt: skip


def _writing(actor: Actor, drafts: list[Draft]) -> Group:
    """Return what this editor is writing; what others write is listed below, not to be done by this one."""
    own = [
        one
        for one in drafts
        if actor.person_id in (one.created_by_id, one.saved_by_id) and one.state != State.IN_REVIEW
    ]
    entries = [
        Entry(
            icon="pencil",
            title=_("Go on with “%(title)s”", title=one.title or _("Untitled")),
            url=url_for("editing.edit", draft_id=one.id),
            why=_("you changed it %(when)s", when=ago(one.saved_at)),
        )
        for one in own[:AT_MOST]
    ]
    return Group(entries=entries, n=len(own))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= QUOTED else words[: QUOTED - 1].rsplit(" ", 1)[0] + "…"
