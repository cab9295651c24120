"""What stands behind a piece of evidence: an answer, a survey, a question, shown to who may see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from flask_babel import gettext as _

from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound
from portal.core.feature import Thing
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.kb.reading import services as articles
from portal.roadmap.models import Evidence

KINDS = ("wave", "question", "ticket", "idea", "goal", "intervention")
"""What is found by the number in its address; answers are found by their name."""
_NUMBERED = re.compile(r"(/(?:[a-z][a-z-]*/)+)([0-9]{1,9})(?![0-9])")


def named(actor: Actor, address: str) -> str:
    """Return what an address of the portal leads to, as the text of a Ref; empty for none.

    Refuses what leads nowhere, or nowhere for this actor (Invalid, `link`).
    """
    path = urlsplit(address.strip()).path
    if not path:
        return ""
    if (numbered := _NUMBERED.search(path)) is not None:
        number = int(numbered[2])
        for thing in load_things(actor, [Ref(kind, number) for kind in KINDS]).values():
            if _beginning(thing.url) == numbered[0]:
                return str(thing.ref)
    try:
        return str(Ref("article", articles.get(actor, path.rstrip("/").rpartition("/")[2]).id))
    except NotFound:
        words = _("Paste the address of an answer, a survey, a question, a ticket or an idea.")
        raise Invalid(words, field="link") from None


def _beginning(url: str) -> str:
    found = _NUMBERED.search(url)
    return found[0] if found is not None else ""


def behind(actor: Actor, rows: Iterable[Evidence]) -> Mapping[str, Thing]:
    """Return the things these lead to, by their text, as far as this actor may see them; one query a kind.

    Of a survey somebody who does not read surveys sees what was published of it.
    """
    refs = [Ref.parse(row.link) for row in rows if row.link]
    published = [Ref("outcome", ref.id) for ref in refs if ref.kind == "wave"]
    found = load_things(actor, [*refs, *published])
    told = {str(Ref("wave", ref.id)): found[ref] for ref in published if ref in found}
    return told | {str(ref): found[ref] for ref in refs if ref in found}
