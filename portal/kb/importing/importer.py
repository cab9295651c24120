"""How articles come in, as `portal.imports` asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.database import db
from portal.core.importing import Choice, Importer, Text
from portal.kb.importing import pages, topics, undoing
from portal.kb.importing.work import ArticleWork
from portal.kb.models import Category
from portal.kb.shelving import tree
from portal.people.audiences import PUBLIC
from portal.people.models import Audience


def _topics() -> Sequence[tuple[str, Text]]:
    rows = db.session.execute(select(Category).where(Category.slug != tree.TAKEN_BACK)).scalars()
    return [("", _("A new one, named after the file")), *topics.choices(rows)]


def _audiences() -> Sequence[tuple[str, Text]]:
    rows = db.session.execute(select(Audience.slug, Audience.name).order_by(Audience.name)).all()
    return [("", _("Everybody signed in")), (PUBLIC, _("Everybody, without signing in")), *((s, n) for s, n in rows)]


def _statuses() -> Sequence[tuple[str, Text]]:
    return [
        ("draft", _("As drafts, for somebody to look at")),
        ("published", _("Published at once")),
    ]


IMPORTER = Importer(
    kind="articles",
    label=_l("Articles"),
    hint=_l("Markdown files with front matter, in a .zip or .tar.gz. Folders become topics."),
    endings=(".zip", ".tar", ".tar.gz", ".tgz"),
    read=pages.read,
    plan=ArticleWork,
    undo=undoing.undo,
    after_undo=undoing.after,
    choices=(
        Choice(name="topic", label=_l("Topic"), options=_topics),
        Choice(name="audience", label=_l("Who may read them"), options=_audiences),
        Choice(
            name="owner",
            label=_l("Owner"),
            hint=_l("A mail address. Leave it empty to look after them yourself; a page may name somebody else."),
        ),
        Choice(
            name="status",
            label=_l("How they arrive"),
            hint=_l(
                "Drafts are seen by editors alone until one of them publishes each. Published at once, everybody they "
                "are meant for finds them as soon as the import is through."
            ),
            options=_statuses,
            default="draft",
            by_command="published",
        ),
    ),
    takes_folder=True,
    batch=25,
)
