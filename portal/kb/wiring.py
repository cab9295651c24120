"""What the knowledge base brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, NavItem, Panel, SearchSource, ThingKind
from portal.core.permissions import Permission
from portal.kb import cli, queries
from portal.kb.views import desk, editing, reading


def feature() -> Feature:
    return Feature(
        name="kb",
        blueprints=(reading.bp, editing.bp, desk.bp),
        commands=(cli.kb,),
        nav=(
            NavItem(
                label=_l("Answers"),
                endpoint="kb.index",
                icon="answer",
                order=20,
                permission=Permission.ARTICLE_READ,
                is_for_signed_in=False,
            ),
            NavItem(
                label=_l("Editors’ desk"),
                endpoint="desk.index",
                icon="pencil",
                order=60,
                permission=Permission.ARTICLE_WRITE,
            ),
            NavItem(
                label=_l("To do"),
                endpoint="desk.index",
                icon="list",
                order=10,
                place="desk",
                permission=Permission.ARTICLE_WRITE,
            ),
            NavItem(
                label=_l("Feedback"),
                endpoint="kb.feedback",
                icon="flag",
                order=30,
                place="desk",
                permission=Permission.FEEDBACK_REPLY,
            ),
        ),
        panels=(Panel(slot="search.best_answer", render=reading.confirm),),
        things=(
            ThingKind(kind="article", load=queries.things),
            ThingKind(kind="draft", load=queries.draft_things),
            ThingKind(kind="feedback", load=queries.feedback_things),
            ThingKind(kind="reply", load=queries.reply_things),
        ),
        search_source=SearchSource(
            kind="article", documents=queries.documents, fallback=queries.fallback, count=queries.n_published
        ),
    )
