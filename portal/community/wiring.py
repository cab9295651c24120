"""What the community brings to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.community import api, documents, folding, for_editors, importing, jobs, news, outlining, personal, things
from portal.community.answers import TELL
from portal.community.models import Question, QuestionTag, Tip, TipTag
from portal.community.views import (
    answering,
    asking,
    changing,
    giving_back,
    inviting,
    moderating,
    pointing,
    reading,
    tips,
)
from portal.community.views.blueprint import questions_bp, tips_bp
from portal.core.feature import Feature, JobKind, NavItem, OutlineKind, Panel, SearchSource, ThingKind
from portal.core.permissions import Permission
from portal.kb.caring import rows
from portal.kb.shelving import filed
from portal.notifications import kinds

kinds.declare(*news.NEWS)

filed.declare("question", Question, around=folding.around, tags=QuestionTag.question_id)
filed.declare("tip", Tip, tags=TipTag.tip_id)

# Each module hangs its pages on its blueprint when it is loaded.
PAGES = (asking, reading, answering, changing, giving_back, inviting, pointing, tips)


def feature() -> Feature:
    return Feature(
        name="community",
        personal_data=personal.PERSONAL,
        blueprints=(questions_bp, tips_bp, moderating.bp),
        nav=(
            NavItem(
                label=_l("Questions"),
                endpoint="questions.index",
                icon="question",
                order=25,
                permission=Permission.QUESTION_READ,
                is_for_signed_in=False,
            ),
            NavItem(
                label=_l("Flags"),
                endpoint="flags.index",
                icon="flag",
                order=35,
                place="desk",
                permission=Permission.QUESTION_MODERATE,
            ),
        ),
        panels=(
            Panel(slot="search.best_answer", render=reading.confirm),
            Panel(slot="home.lists", render=asking.might_know, order=10),
            Panel(slot="mine.start", render=asking.in_my_things, order=10),
        ),
        jobs=(
            JobKind(name=TELL, run=jobs.tell_followers),
            JobKind(name="community.remind", run=jobs.remind, every=dt.timedelta(hours=1)),
            JobKind(name="community.recount", run=jobs.recount, at="03:20"),
        ),
        things=(
            ThingKind(kind="question", load=things.questions),
            ThingKind(kind="answer", load=things.answers),
            ThingKind(kind="tip", load=things.tips),
            ThingKind(kind="comment", load=things.comments),
            *rows.things(for_editors.ROWS),
        ),
        outlines=(
            OutlineKind(kind="question", load=outlining.questions),
            OutlineKind(kind="answer", load=outlining.answers),
        ),
        desk_rows=(for_editors.ROWS,),
        importers=(importing.IMPORTER,),
        operations=api.OPERATIONS,
        search_sources=(
            SearchSource(
                kind="question",
                documents=documents.questions,
                fallback=documents.find_questions,
                count=documents.n_questions,
            ),
            SearchSource(kind="tip", documents=documents.tips, fallback=documents.find_tips, count=documents.n_tips),
        ),
    )
