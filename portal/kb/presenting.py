"""What articles' pages say in words: proof, reasons, and the doors after "Not yet"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import targets
from portal.core.feature import Thing
from portal.core.i18n import day
from portal.core.markup import in_reader_language
from portal.kb.models import Article
from portal.kb.reviewing import reviews
from portal.ledger.queries import MIN_PEOPLE
from portal.talk.models import Reason


def reasons() -> list[dict[str, str]]:
    """Return the one-tap reasons of "Not yet"."""
    return [
        {"value": Reason.DID_NOT_WORK.value, "text": _("Did not work")},
        {"value": Reason.NOT_MY_PROBLEM.value, "text": _("Not my problem")},
        {"value": Reason.HARD_TO_FOLLOW.value, "text": _("Hard to follow")},
        {"value": Reason.OUT_OF_DATE.value, "text": _("Out of date")},
    ]


def doors_after(article: Article, words: str, near: Sequence[Any]) -> list[dict[str, str]]:
    """Return the three ways on after "Not yet": the nearest other answer, colleagues, the desk; words go along.

    `near` are the articles closest to this one; without any, search takes their place.
    """
    words = words or article.title
    another = {
        "title": _("Try one more answer"),
        "text": _("“%(title)s”", title=near[0].title) if near else _("Search once more, in other words"),
        "icon": "answer",
        "href": url_for("kb.article", slug=near[0].slug, via="article") if near else url_for("search.results"),
    }
    return [
        another,
        {
            "title": _("Ask colleagues"),
            "text": _("Two lines are enough. Your words go along"),
            "icon": "people",
            "href": url_for("home.ask", q=words),
        },
        {
            "title": _("Hand it over"),
            "text": _("Your words and what you read go along. You see them first"),
            "icon": "hand-over",
            "href": url_for("home.hand_over", q=words, tried=article.slug),
        },
    ]


def checked_words(thing: Article | Thing) -> str | None:
    """Say when it was checked and by whom: "Checked 12 Nov by Dara"; overdue: when last; never: that nobody did."""
    if isinstance(thing, Thing):
        at, by, is_due = thing.meta["checked_on"], thing.meta["checked_by"], thing.meta["is_check_due"]
    else:
        at, is_due = thing.verified_at, thing.is_check_due
        by = thing.verified_by.first_name if thing.verified_by else ""
    if at is None:
        name = reviews.approver(thing) if isinstance(thing, Article) and thing.n_revisions else ""
        return _("Approved by %(name)s, not checked yet", name=name) if name else _("Not checked yet")
    if is_due:
        return _("Last checked %(day)s, check is due", day=day(at))
    return _("Checked %(day)s by %(name)s", day=day(at), name=by) if by else _("Checked %(day)s", day=day(at))


def solved_words(thing: Thing) -> str | None:
    """Say for how many it worked, a count out of a count; nothing before three people said something."""
    n_solved, n_said = thing.meta["n_solved"], thing.meta["n_said"]
    if n_said < MIN_PEOPLE:
        return None
    return _("Solved it for %(n)s of the %(all)s who said", n=n_solved, all=n_said)


def article_html(article: Article) -> Markup:
    """Return the stored text for a page."""
    return on_page(article.html)


def on_page(html: str) -> Markup:
    """Return stored HTML for a page: names of blocks in the reader's language, addresses below our own path.

    It was sanitised when it was saved (`core.markup`).
    """
    if "data-word=" in html:  # most texts have no blocks whose names would have to be looked up
        html = in_reader_language(html)
    if request.script_root:
        for attribute in ("href", "src"):
            for place in ("kb", "files"):
                html = html.replace(f'{attribute}="/{place}/', f'{attribute}="{request.script_root}/{place}/')
    return Markup(html)  # noqa: S704


def article_headings(article: Article) -> list[dict[str, Any]]:
    """Return the headings of the second level for the contents."""
    return [{"level": level, "id": anchor, "text": text} for level, anchor, text in article.headings if level == 2]


def reason_words(reason: str) -> str:
    return next((row["text"] for row in reasons() if row["value"] == reason), reason)


def link_words(reason: str) -> str:
    """Say what is wrong with a link: our own words, those of `core.targets`, or the status the other site gave."""
    if reason == "no_article":
        return _("There is no published article at this address.")
    if reason == "no_heading":
        return _("The article has no such heading any more.")
    if reason in set(targets.Reason):
        return str(targets.WORDS[targets.Reason(reason)])
    if reason in ("404", "410"):
        return _("The other site says that the page is gone.")
    return _("The other site answers with error %(status)s.", status=reason) if reason else ""
