"""Addresses that imported articles had before: whoever still has one comes out at the article, if they may read it."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from portal.core import actor as actors
from portal.core.database import db
from portal.kb import policies
from portal.kb.importing.addresses import LONGEST, normal
from portal.kb.models import Article, OldAddress


def lead(path: str) -> str | None:
    """Return where the article of an old address is, nothing for everybody who may not read it; one query."""
    if len(path) > LONGEST:
        return None
    query = select(Article).join(OldAddress, OldAddress.article_id == Article.id)
    found = db.session.execute(query.where(OldAddress.path == normal(path))).scalar_one_or_none()
    if found is not None and found.merged_into_id is not None:
        found = db.session.get(Article, found.merged_into_id)
    if found is None or not found.is_published or not policies.can_read(actors.current(), found):
        return None
    return url_for("kb.article", slug=found.slug)
