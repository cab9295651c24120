"""The pages of figures, in the order of their tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.insights import of_adoption, of_knowledge, of_needs, of_search, of_tickets
from portal.insights.blocks import Block
from portal.insights.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Page:
    """One of the pages: its name in addresses, what it is called, and what stands on it."""

    name: str
    title: LazyString
    blocks: Callable[[Scene], list[Block]]


PAGES = (
    Page(name="index", title=_l("Overview"), blocks=of_needs.overview),
    Page(name="adoption", title=_l("Adoption"), blocks=of_adoption.adoption),
    Page(name="search", title=_l("Search and gaps"), blocks=of_search.search),
    Page(name="tickets", title=_l("Tickets"), blocks=of_tickets.tickets),
    Page(name="knowledge", title=_l("Answers and knowledge"), blocks=of_knowledge.knowledge),
)
BY_NAME = {page.name: page for page in PAGES}
