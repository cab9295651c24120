"""What the knowledge base brings to the house."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from portal.core import pages
from portal.core.feature import Feature, JobKind, NavItem, OutlineKind, Panel, SearchSource, ThingKind
from portal.core.importing import Exporter
from portal.core.permissions import Permission
from portal.kb import api, cli, jobs, personal
from portal.kb.caring import insight, news, of_articles, of_owners, of_people, of_writing, reminders, rows, twins
from portal.kb.importing import importer, old_addresses
from portal.kb.reading import documents, feedback, hanging, queries
from portal.kb.reviewing import news as review_news
from portal.kb.reviewing import waiting
from portal.kb.shelving import ownership, tree
from portal.kb.syncing import exporting
from portal.kb.views import (
    arranging,
    desk,
    desk_rows,
    editing,
    following,
    history,
    languages,
    links,
    reading,
    review,
    shelf,
    suggesting,
    topics,
    writing,
)
from portal.kb.writing import giving_back, listing, publishing, suggestions
from portal.notifications import kinds

kinds.declare(
    kinds.Kind(
        key="link_broken",
        text=_l("A link in an article of mine leads nowhere"),
        line=_l("A link in “%(title)s” leads nowhere"),
        template="emails/link_broken.txt",
        icon="link",
    )
)

DESK = (of_people.ROWS, of_writing.ROWS, of_articles.ROWS, of_owners.ROWS)

kinds.declare(*review_news.NEWS, *news.NEWS)


def feature() -> Feature:
    return Feature(
        name="kb",
        personal_data=personal.PERSONAL,
        blueprints=(
            reading.bp,
            editing.bp,
            writing.bp,
            desk.bp,
            desk_rows.bp,
            shelf.bp,
            suggesting.bp,
            links.bp,
            languages.bp,
            topics.bp,
            topics.tags_bp,
            review.bp,
            history.bp,
            arranging.bp,
            following.bp,
        ),
        commands=(cli.kb,),
        operations=api.OPERATIONS,
        outlines=(OutlineKind(kind="article", load=queries.outlines),),
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
                label=_l("Reviews"),
                endpoint="review.index",
                icon="eye",
                order=20,
                place="desk",
                permission=Permission.ARTICLE_SUGGEST,
            ),
            NavItem(
                label=_l("Suggestions"),
                endpoint="suggestions.inbox",
                icon="pencil",
                order=40,
                place="desk",
                permission=Permission.ARTICLE_WRITE,
            ),
            NavItem(
                label=_l("Articles"),
                endpoint="shelf.articles",
                icon="answer",
                order=50,
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
            NavItem(
                label=_l("Topics"),
                endpoint="topics.index",
                icon="folder",
                order=60,
                place="desk",
                permission=Permission.TOPIC_MANAGE,
            ),
            NavItem(
                label=_l("Translations"),
                endpoint="languages.index",
                icon="globe",
                order=92,
                place="desk",
                permission=Permission.ARTICLE_WRITE,
            ),
            NavItem(
                label=_l("Redirects"),
                endpoint="arranging.redirects",
                icon="arrow-right",
                order=95,
                place="desk",
                permission=Permission.ARTICLE_WRITE,
            ),
            NavItem(
                label=_l("What I follow"),
                endpoint="following.index",
                icon="bell",
                order=25,
                place="account",
                permission=Permission.ARTICLE_SUGGEST,
            ),
            NavItem(
                label=_l("Links"),
                endpoint="links.index",
                icon="link",
                order=90,
                place="desk",
                permission=Permission.ARTICLE_WRITE,
            ),
        ),
        panels=(
            Panel(slot="search.best_answer", render=reading.confirm),
            Panel(slot="mine.end", render=suggesting.mine, order=10),
            Panel(slot="mine.end", render=shelf.mine, order=20),
        ),
        jobs=(
            JobKind(name="kb.publish_due", run=jobs.publish_due, every=dt.timedelta(minutes=1)),
            JobKind(name=publishing.TELL, run=jobs.tell_changed),
            JobKind(name=giving_back.TELL, run=giving_back.tell_who_asked),
            JobKind(name="kb.remind", run=reminders.remind, at="07:00"),
            JobKind(name="kb.gather_searches", run=insight.gather, every=dt.timedelta(hours=3)),
            JobKind(name="kb.twins", run=twins.look, at="02:40"),
            JobKind(name="kb.links.collect", run=jobs.collect_links, at="02:10"),
            JobKind(name="kb.links.follow", run=jobs.follow_links, at="02:20"),
        ),
        desk_rows=DESK,
        importers=(importer.IMPORTER,),
        exporters=(
            Exporter(
                kind="articles",
                label=_l("Articles"),
                hint=_l("Markdown files by topic, with pictures, as a folder or .tar.gz that can be imported again."),
                members=exporting.members,
            ),
        ),
        start=lambda app: pages.on_missing(old_addresses.lead),
        things=(
            ThingKind(kind="article", load=queries.things, gives_file=hanging.gives_file),
            ThingKind(kind="category", load=tree.things),
            ThingKind(kind="draft", load=listing.draft_things),
            ThingKind(kind="feedback", load=feedback.feedback_things),
            ThingKind(kind="review", load=waiting.things),
            ThingKind(kind="reply", load=feedback.reply_things),
            ThingKind(kind=ownership.SHELF, load=ownership.shelf_things),
            ThingKind(kind="suggestion", load=suggestions.things),
            *(thing for given in DESK for thing in rows.things(given)),
        ),
        search_sources=(
            SearchSource(
                kind="article", documents=documents.documents, fallback=documents.fallback, count=documents.n_published
            ),
        ),
    )
