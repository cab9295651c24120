"""What is new and changed in words: a line for an article, one line for all that came with an import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.i18n import day
from portal.kb.reading.outline import News


@dataclass(frozen=True)
class Line:
    """One line of a list of news."""

    text: str
    href: str
    meta: str


def lines(found: Iterable[News], *, via: str) -> list[Line]:
    """Tell news; `via` names the list it is opened from."""
    return [_together(news) if news.topics else _alone(news, via) for news in found]


def _alone(news: News, via: str) -> Line:
    meta = _("New, %(day)s", day=day(news.at)) if news.is_new else _("Changed, %(day)s", day=day(news.at))
    return Line(news.title, url_for("kb.article", slug=news.slug, via=via), meta)


def _together(news: News) -> Line:
    href = url_for("kb.category", slug=news.slug) if news.slug else url_for("kb.index")
    return Line(_words(news), href, day(news.at))


def _words(news: News) -> str:
    if not news.title:
        if news.is_new:
            return ngettext("%(num)s article arrived", "%(num)s articles arrived", news.n)
        return ngettext("%(num)s article changed", "%(num)s articles changed", news.n)
    if news.is_new:
        return ngettext(
            "%(num)s article arrived in %(topic)s", "%(num)s articles arrived in %(topic)s", news.n, topic=news.title
        )
    return ngettext(
        "%(num)s article changed in %(topic)s", "%(num)s articles changed in %(topic)s", news.n, topic=news.title
    )
