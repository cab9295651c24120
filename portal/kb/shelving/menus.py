"""The filters of the shelf as menus: what can be chosen, what is, and where each choice leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.kb.models import Category, Status
from portal.kb.shelving import inventory
from portal.kb.shelving.inventory import Filter
from portal.kb.shelving.ownership import Keeper


@dataclass(frozen=True)
class Menu:
    """One filter: `items` as `chip_menu` takes them, `current` in words where something is chosen."""

    text: str
    items: list[dict[str, Any]]
    current: str | None


def address(chosen: Filter, *, page: int = 1, **changes: Any) -> str:
    """Return the address of the list with this filter."""
    return url_for("shelf.articles", **chosen.arguments(**changes), page=page if page > 1 else None)


def menus(
    chosen: Filter,
    *,
    topics: Sequence[Category],
    keepers: Sequence[Keeper],
    languages: Sequence[str],
    risks: Iterable[tuple[str, Any]],
) -> list[Menu]:
    """Return the filters; the language only where there is more than one."""
    owners = [
        (inventory.ME, _("Me")),
        (inventory.NOBODY, _("Nobody")),
        (inventory.LEFT, _("Somebody who has left")),
        *((str(keeper.person.id), keeper.person.name) for keeper in keepers),
    ]
    states = [
        (Status.PUBLISHED.value, _("Published")),
        (Status.DRAFT.value, _("Draft")),
        (Status.ARCHIVED.value, _("Archived")),
    ]
    dues = [("overdue", _("Overdue")), ("soon", _("Due within two weeks")), ("never", _("Never checked"))]
    sorts = [("title", _("By title")), ("changed", _("By change")), ("owner", _("By who looks after it"))]
    found = [
        _menu(chosen, _("Check"), "due", dues),
        _menu(chosen, _("Topic"), "topic", [(topic.slug, topic.title) for topic in topics]),
        _menu(chosen, _("Looked after by"), "owner", owners),
        _menu(chosen, _("State"), "state", states),
        _menu(chosen, _("Harm of a mistake"), "risk", [(value, str(words)) for value, words in risks]),
    ]
    if len(languages) > 1:
        found.append(_menu(chosen, _("Language"), "language", [(code, _name(code)) for code in languages]))
    return [*found, _menu(chosen, _("Sort"), "sort", sorts, without=_("By check"))]


def _menu(chosen: Filter, text: str, name: str, choices: Sequence[tuple[str, str]], *, without: str = "") -> Menu:
    current = chosen.arguments().get(name, "")
    items = [
        {"text": words, "href": address(chosen, page=1, **{name: value}), "current": value == current}
        for value, words in [("", without or _("All")), *choices]
    ]
    return Menu(text, items, dict(choices).get(current))


def _name(code: str) -> str:
    return Locale.parse(code).get_display_name(get_locale() or "en") or code
