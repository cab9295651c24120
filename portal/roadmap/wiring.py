"""What the roadmap brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.feature import Feature, JobKind, NavItem, OutlineKind, Panel, SearchSource, ThingKind
from portal.core.permissions import Permission
from portal.kb.shelving import filed
from portal.measures import catalogue
from portal.notifications import kinds
from portal.people import services as people
from portal.roadmap import answering, api, documents, jobs, news, personal, policies, things
from portal.roadmap.models import Idea
from portal.roadmap.taskforce import membership
from portal.roadmap.taskforce import things as work
from portal.roadmap.views import (
    board,
    flaws,
    gates,
    ideas,
    increment_work,
    increments,
    items,
    placing,
    taskforce,
    triage,
)
from portal.roadmap.views.blueprint import ideas_bp, roadmap_bp

kinds.declare(*news.NEWS)
filed.declare("idea", Idea)
catalogue.declare(answering.MEASURE)
policies.steered_by(membership.is_member)
people.on_leaving(membership.let_go)

# Each module hangs its pages on its blueprint when it is loaded.
PAGES = (board, ideas, items, placing, triage)


def feature() -> Feature:
    return Feature(
        name="roadmap",
        personal_data=personal.PERSONAL,
        blueprints=(roadmap_bp, ideas_bp, increments.bp, increment_work.bp, gates.bp, taskforce.bp),
        nav=(
            NavItem(
                label=_l("Roadmap"),
                endpoint="roadmap.index",
                icon="map",
                order=34,
                permission=Permission.ROADMAP_READ,
            ),
            NavItem(
                label=_l("Task force"),
                endpoint="taskforce.index",
                icon="people",
                order=88,
                permission=Permission.ROADMAP_STEER,
            ),
        ),
        jobs=(
            JobKind(name="roadmap.refresh", run=jobs.refresh, at="04:10"),
            JobKind(name="roadmap.check", run=jobs.check, at="04:40"),
        ),
        things=(
            ThingKind(kind="idea", load=things.ideas),
            ThingKind(kind="item", load=things.items),
            ThingKind(kind="increment", load=work.increments),
            ThingKind(kind="gate", load=work.gates),
            ThingKind(kind="minutes", load=work.minutes),
            ThingKind(kind="action", load=work.actions),
        ),
        outlines=(
            OutlineKind(kind="idea", load=things.idea_outlines),
            OutlineKind(kind="item", load=things.item_outlines),
        ),
        operations=api.OPERATIONS,
        panels=(
            Panel(slot="home.lists", render=taskforce.own, order=70),
            Panel(slot="survey.flaw", render=flaws.beside, order=60),
        ),
        search_sources=(
            SearchSource(
                kind="idea", documents=documents.ideas, fallback=documents.find_ideas, count=documents.n_ideas
            ),
        ),
    )
