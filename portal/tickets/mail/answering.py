"""What the portal may answer by itself: the receipt of a ticket offers pages that are likely to help."""

from __future__ import annotations

import structlog

from portal.core.actor import Actor
from portal.core.refs import Ref
from portal.search import services as search
from portal.search.documents import SearchRequest
from portal.tickets.mail.reading import Mail

log = structlog.get_logger(__name__)

MOST = 3
FIRST_WORDS = 12
OFFERED = frozenset(("article", "question"))


def likely(actor: Actor, mail: Mail) -> list[Ref]:
    """Return up to three pages that this person may see and that may answer the mail; none while the search is down.

    The subject is asked first; where it finds nothing, so are the first words.
    """
    first = " ".join(mail.said.split()[:FIRST_WORDS])
    for words in filter(None, (mail.subject, f"{mail.subject} {first}".strip(), first)):
        try:
            found = search.search(
                actor, SearchRequest(text=words[:200], size=MOST * 2, is_unasked=True), surface="email"
            )
        except Exception:  # whatever is wrong with the search, the ticket comes first
            log.warning("search_for_receipt_failed", exc_info=True)
            return []
        refs = [thing.ref for _hit, thing in found.rows if thing.ref.kind in OFFERED]
        if refs:
            return refs[:MOST]
    return []
