"""Work of the knowledge base apart from requests."""

from __future__ import annotations

from typing import Any

from portal.core import options
from portal.core.database import db, looking
from portal.kb.caring import links
from portal.kb.writing import publishing

AT_ONCE = 120
"""Outside links a job follows; what is left waits for the next night."""


def collect_links(payload: dict[str, Any]) -> None:
    """Follow the links between articles, of those named or of all."""
    links.collect(payload.get("articles"))


def follow_links(payload: dict[str, Any]) -> None:
    """Follow links to other sites. No transaction is open meanwhile, or a slow site would stop everybody who writes."""
    with looking():
        urls = links.due(limit=AT_ONCE) if options.get().check_outside_links else []
        db.session.rollback()
    if urls:
        links.note_all(links.follow_all(urls))


def publish_due(payload: dict[str, Any]) -> None:
    """Publish what has its time."""
    publishing.publish_due()


def tell_changed(payload: dict[str, Any]) -> None:
    """Tell who follows an article of its change."""
    publishing.tell_changed(
        payload["article"],
        revision=payload["revision"],
        former_version=payload["former_version"],
        by=payload["by"],
    )
