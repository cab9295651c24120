"""What result pages say in words: proof, kinds, filters, and the doors beside the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.feature import Thing
from portal.core.i18n import day
from portal.search.documents import Hit, Relaxation, SearchRequest
from portal.search.pending import WORTH_TELLING as WORTH_TELLING
from portal.search.services import Found

MIN_SAID = 3
"""People who must have said something before a count of them is shown (METRICS 2.2)."""
MENU_LIMIT = 12

ICONS = {"article": "answer", "question": "question", "tip": "tip", "idea": "arrow-up"}


def kind_words(kind: str, n: int = 1) -> str:
    """Return what a kind of thing is called."""
    words = {
        "article": ngettext("Answer", "Answers", n),
        "question": ngettext("Question", "Questions", n),
        "tip": ngettext("Tip", "Tips", n),
        "idea": ngettext("Idea", "Ideas", n),
    }
    return words.get(kind, kind.capitalize())


def platform_words(platform: str) -> str:
    words = {"windows": "Windows", "macos": "macOS", "phone": _("Phone"), "linux": "Linux"}
    return words.get(platform, platform.capitalize())


def hit_url(thing: Thing, found: Found, *, rank: int, anchor: str = "", via: str = "search") -> str:
    """Return the address of a thing, carrying from which search and place it was opened."""
    words = found.results.request.text
    query = {"via": via, "s": found.key, "rank": rank, **({"q": words} if words else {})}
    return f"{thing.url}?{urlencode(query)}{'#' + anchor if anchor else ''}"


def proof(thing: Thing) -> dict[str, Any]:
    """Say when it was checked and by whom, and for how many it worked, as far as its feature tells."""
    at, by, is_due = (thing.meta.get(name) for name in ("checked_on", "checked_by", "is_check_due"))
    checked = None
    if at and is_due:
        checked = _("Last checked %(day)s, check is due", day=day(at))
    elif at:
        checked = _("Checked %(day)s by %(name)s", day=day(at), name=by) if by else _("Checked %(day)s", day=day(at))
    n_solved, n_said = thing.meta.get("n_solved", 0), thing.meta.get("n_said", 0)
    solved = _("Solved it for %(n)s of the %(all)s who said", n=n_solved, all=n_said) if n_said >= MIN_SAID else None
    return {"checked": checked, "due": bool(at and is_due), "solved": solved}


def ranked(found: Found) -> list[tuple[int, Hit, Thing]]:
    """Return the rows below the best answer, each with its place in the whole list."""
    first = (found.results.request.page - 1) * found.results.request.size + 1
    rows = [(first + i, hit, thing) for i, (hit, thing) in enumerate(found.rows)]
    return rows[1:] if found.best else rows


def row(hit: Hit, thing: Thing) -> dict[str, Any]:
    """Return the small print of a result."""
    words = (kind_words(hit.ref.kind), thing.meta.get("category"), *thing.meta.get("words", ()))
    told = proof(thing)
    return {
        "kind": ICONS.get(hit.ref.kind, "answer"),
        "meta": [word for word in words if word],
        "checked": told["checked"],
        "due": told["due"],
        "state": thing.meta.get("good"),
    }


def address(request: SearchRequest, found: Found | None = None, **changes: Any) -> str:
    """Return the address of these results with something changed; shareable, and free of what is not set."""
    kept: dict[str, Any] = {
        "q": request.text,
        **request.filters,
        "exact": "1" if request.is_exact else "",
        "page": "" if {"page"}.isdisjoint(changes) else changes["page"],
        # A further page and a filter belong to the search they began with; a changed question is another one.
        "of": found.key if found is not None and "q" not in changes and "exact" not in changes else "",
    }
    return f"{_page()}?{urlencode({name: value for name, value in (kept | changes).items() if value})}"


def _page() -> str:
    """Return the address of the page of results; asked for by every filter, so made once a request."""
    if "search_page" not in g:
        g.search_page = url_for("search.results")
    return str(g.search_page)


def kind_chips(found: Found) -> list[dict[str, Any]]:
    """Return "everything" and each kind there is; nothing where there is only one."""
    request, counts = found.results.request, found.results.facets.get("kind", {})
    if len(counts) < 2 and not request.kind:
        return []
    chips = [{"text": _("Everything"), "value": "", "count": sum(counts.values())}]
    chips += [{"text": kind_words(kind, 2), "value": kind, "count": n} for kind, n in counts.items()]
    return [
        {**chip, "href": address(request, found, kind=chip["value"]), "current": chip["value"] == request.kind}
        for chip in chips
    ]


def menus(found: Found) -> list[dict[str, Any]]:
    """Return the folded filters: device, category, tag; those that would change nothing are left out."""
    request = found.results.request
    topics: Mapping[str, str] = found.category_names
    kinds = (
        ("platform", _("Device"), _("Any device"), platform_words),
        ("category", _("Topic"), _("Any topic"), lambda path: topics.get(path, path)),
        ("tag", _("Tag"), _("Any tag"), str),
    )
    made = []
    for facet, text, anything, words in kinds:
        chosen = request.filters.get(facet, "")
        counts = found.results.facets.get(facet, {})
        if not chosen and not any(n < found.results.total for n in counts.values()):
            continue
        options: list[tuple[str, str, int | None]] = [(anything, "", None)] if chosen else []
        often = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MENU_LIMIT]
        options += [(words(value), value, n) for value, n in often]
        items = [
            {
                "text": label,
                "count": n,
                "href": address(request, found, **{facet: value}),
                "current": value == chosen,
            }
            for label, value, n in options
        ]
        made.append({"text": text, "current": words(chosen) if chosen else None, "options": items})
    return made


def doors(found: Found) -> list[dict[str, str]]:
    """Return the ways out, each with what it would give."""
    request = found.results.request
    made = [loosened(request, relaxation) for relaxation in found.results.relaxations[:1]]
    words = request.text
    made.append(
        {
            "title": _("Ask colleagues"),
            "text": _("Two lines are enough. Your words go along"),
            "icon": "people",
            "href": url_for("home.ask", q=words, s=found.key),
        }
    )
    made.append(
        {
            "title": _("Hand it over"),
            "text": _("Your words go along. You see them first"),
            "icon": "hand-over",
            "href": url_for("home.hand_over", q=words, s=found.key),
        }
    )
    return made


def loosened(request: SearchRequest, relaxation: Relaxation) -> dict[str, str]:
    n = relaxation.n_results
    count = ngettext("%(num)s result", "%(num)s results", n)
    return {
        "title": _("Loosen the search"),
        "text": _("Leave out “%(words)s”: %(count)s", words=relaxation.left_out, count=count),
        "icon": "loosen",
        "href": address(request, q=relaxation.query, relaxed="1", page=""),
    }


def suggestion_doors(found: Found) -> list[dict[str, Any]]:
    """Return the foot of the suggestions: all results, and the ways out."""
    words, total = found.results.request.text, found.results.total
    all_of_them = {
        "text": ngettext("The only result", "All %(num)s results", total) if total else _("Search for it"),
        "url": url_for("search.results", q=words),
        "icon": "search",
        "is_wide": True,
    }
    ask = {"text": _("Ask colleagues"), "url": url_for("home.ask", q=words), "icon": "people"}
    hand_over = {"text": _("Hand it over"), "url": url_for("home.hand_over", q=words), "icon": "hand-over"}
    return [all_of_them, ask, hand_over]
