"""Who gets the files that hang on an article: whoever may read a text that names them."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.core.actor import Actor
from portal.core.database import db
from portal.kb import drafts, policies
from portal.kb.models import Article, Revision


def gives_file(actor: Actor, article_id: int, file_id: int) -> bool:
    """Say whether this actor may have a file of this article.

    What the text that is up names, everybody who reads it gets. What only former texts name, or the next, those get
    who may see one of these texts; what none names, whoever may write the next.
    """
    light = [defer(Article.html), defer(Article.passages), defer(Article.steps)]
    article = db.session.get(Article, article_id, options=light)
    if article is None or not (policies.can_read(actor, article) or policies.can_edit(actor, article)):
        return False
    if names(article.body, file_id):
        return True
    if not policies.can_see_history(actor, article):
        return False
    draft = drafts.open_draft(article)
    if draft is not None and names(draft.body, file_id):
        return policies.can_see_draft(actor, draft)
    query = select(Revision).where(Revision.article_id == article.id, Revision.body.contains(f"file:{file_id}"))
    naming = [row for row in db.session.execute(query).scalars() if names(row.body, file_id)]
    return not naming or any(policies.can_read_revision(actor, article, row) for row in naming)


def names(body: str, file_id: int) -> bool:
    """Say whether a text names a file.

    >>> names("![A light](file:12)", 12), names("![A light](file:12)", 1)
    (True, False)
    """
    return re.search(rf"\bfile:{file_id}\b", body) is not None
