"""Drafts that are filed elsewhere than their article: whether an editor may see one, no statement can say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, case, cast, or_, select
from sqlalchemy.orm import defer, joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.desk import ME, Found
from portal.kb import policies
from portal.kb.models import Article, Draft


def is_moved() -> Any:
    """Return the SQL for 1 where a draft is for other people than its article, and not this actor's own."""
    is_same = Draft.category_id == Article.category_id
    is_same &= cast(Draft.audience, String) == cast(Article.audience, String)
    return case((or_(is_same, Draft.created_by_id == ME), 0), else_=1)


def keep(actor: Actor, found: Found) -> Found:
    """Leave out the drafts this actor may not see; one query, where there is one that is filed elsewhere."""
    asked = [row.id for row in found if row.kind in ("review", "draft") and row.n]
    if not asked:
        return found
    loads = (joinedload(Draft.article).joinedload(Article.category), joinedload(Draft.category), defer(Draft.body))
    drafts = db.session.execute(select(Draft).where(Draft.id.in_(asked)).options(*loads)).scalars()
    seen = {one.id for one in drafts if policies.can_see_draft(actor, one)}
    return [row for row in found if not (row.kind in ("review", "draft") and row.n) or row.id in seen]
