"""What the article's page says in words: reasons and the doors after "Not yet"."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from portal.kb.models import Article
from portal.talk.models import Reason


def reasons() -> list[dict[str, str]]:
    """Return the one-tap reasons of "Not yet"."""
    return [
        {"value": Reason.DID_NOT_WORK.value, "text": _("Did not work")},
        {"value": Reason.NOT_MY_PROBLEM.value, "text": _("Not my problem")},
        {"value": Reason.HARD_TO_FOLLOW.value, "text": _("Hard to follow")},
        {"value": Reason.OUT_OF_DATE.value, "text": _("Out of date")},
    ]


def doors_after(article: Article, query: str) -> list[dict[str, str]]:
    """Return the three ways on after "Not yet"; the words searched for go along."""
    words = query or article.title
    return [
        {
            "title": _("Try one more answer"),
            "text": _("Other answers near “%(words)s”", words=words),
            "icon": "answer",
            "href": url_for("search.results", q=words),
        },
        {
            "title": _("Ask colleagues"),
            "text": _("Questions open here soon. Until then we show who to ask"),
            "icon": "people",
            "href": url_for("home.ask", q=words),
        },
        {
            "title": _("Hand it over"),
            "text": _("With what you tried. You see it before it goes"),
            "icon": "hand-over",
            "href": url_for("home.hand_over", q=words, tried=article.slug),
        },
    ]
