"""Who gets the files that hang on an article: whoever may read a text that names them.

What the text that is up names is for all its readers. So nobody may publish, or be shown while writing, a file of the
article that they could not have already: they would open it to themselves by its number.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.files import queries as files
from portal.files.models import Attachment
from portal.kb import policies
from portal.kb.models import Article, Draft, Revision

_NAMED = re.compile(r"\bfile:([0-9]{1,18})\b")


def gives_file(actor: Actor, article_id: int, file_id: int) -> bool:
    """Say whether this actor may have a file of this article.

    What the text that is up names, everybody who reads it gets. What only former texts name, those get who may see
    one of these texts; what none names, whoever brought it.
    """
    light = [defer(Article.html), defer(Article.passages), defer(Article.steps)]
    article = db.session.get(Article, article_id, options=light)
    if article is None or not (policies.can_read(actor, article) or policies.can_edit(actor, article)):
        return False
    if file_id in named(article.body):
        return True
    if not policies.can_see_history(actor, article):
        return False
    query = select(Revision).where(Revision.article_id == article.id, Revision.body.contains(f"file:{file_id}"))
    naming = [row for row in db.session.execute(query).scalars() if file_id in named(row.body)]
    if naming:
        return any(policies.can_read_revision(actor, article, row) for row in naming)
    brought = db.session.get(Attachment, file_id)
    return brought is not None and brought.uploaded_by_id is not None and brought.uploaded_by_id == actor.person_id


def named(body: str) -> set[int]:
    """Return the numbers of the files a text names.

    >>> named("![A light](file:12) and ![a door](file:3)") == {3, 12}
    True
    """
    return {int(number) for number in _NAMED.findall(body)}


def beside(actor: Actor, draft: Draft) -> list[Attachment]:
    """Return the files a writer may name: the draft's, and of its article's those they may have; oldest first."""
    hung = files.on([draft.article.ref, draft.ref])
    up = named(draft.article.body)
    former = [
        one for one in hung.get(draft.article.ref, ()) if one.id in up or gives_file(actor, draft.article_id, one.id)
    ]
    return sorted([*former, *hung.get(draft.ref, ())], key=lambda one: one.id)


def refuse_strange(actor: Actor, draft: Draft) -> None:
    """Refuse (Invalid, `body`) a text that names a file of its article which this actor may not have."""
    new = named(draft.body) - named(draft.article.body)
    hung = {one.id for one in files.on([draft.article.ref]).get(draft.article.ref, ())} if new else set()
    for number in sorted(new & hung):
        if not gives_file(actor, draft.article_id, number):
            raise Invalid(
                _("The text names a picture that you may not see: %(name)s. Take it out.", name=f"file:{number}"),
                field="body",
            )
