"""Goals: the list, one with its history, setting and changing them, and how they stand beside the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.adoption import goals, presenting, queries, revisions
from portal.adoption.forms import GoalForm, ReasonForm
from portal.adoption.models import Goal
from portal.adoption.views.blueprint import goals_bp as bp
from portal.core import actor as actors
from portal.core import once
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Permission
from portal.core.trying import trying


@bp.get("/")
def index() -> str:
    """Goals there are, each with where it leads."""
    who = actors.current()
    return render_template("adoption/goals.html", rows=[presenting.goal(row) for row in queries.goals(who)])


@bp.get("/new")
def new() -> str:
    """A goal to be set."""
    who = actors.current()
    who.require(Permission.GOAL_MANAGE)
    return _form_page(GoalForm(formdata=None, owner_id=who.person_id), who)


@bp.post("/new")
def add() -> ResponseReturnValue:
    """Set a goal."""
    who = actors.current()
    who.require(Permission.GOAL_MANAGE)
    form = _offered(GoalForm(), who.person_id)
    with trying(form) as found:
        if form.validate_on_submit() and (about := form.about()) is not None:
            goal = goals.set_goal(who, about)
            where = url_for("goals.show", goal_id=goal.id)
            once.claim(form.token, person_id=who.person_id, location=where)
            db.session.commit()
            return redirect(where, 303)
    return _form_page(form, who), found.status


@bp.get("/<int:goal_id>")
def show(goal_id: int) -> str:
    """One goal: where it is, where it leads, what was changed of it and why."""
    return _page(goals.get(actors.current(), goal_id), ReasonForm(formdata=None))


def _page(goal: Goal, form: ReasonForm) -> str:
    told = presenting.goal(goal)
    return render_template(
        "adoption/goal.html",
        goal=goal,
        told=told,
        whose=queries.group_name(goal),
        picture=presenting.goal_picture(told),
        facts=presenting.goal_facts(told),
        history=presenting.history(revisions.of(goal.ref)),
        form=form,
    )


@bp.get("/<int:goal_id>/change")
def edit(goal_id: int) -> str:
    """A goal to be changed."""
    who = actors.current()
    who.require(Permission.GOAL_MANAGE)
    goal = goals.get(who, goal_id)
    return _form_page(GoalForm.of_goal(goal), who, goal)


@bp.post("/<int:goal_id>/change")
def change(goal_id: int) -> ResponseReturnValue:
    """Change a goal, with the reason."""
    who = actors.current()
    who.require(Permission.GOAL_MANAGE)
    goal = goals.get(who, goal_id)
    form = _offered(GoalForm(), goal.owner_id)
    with trying(form) as found:
        if form.validate_on_submit() and (about := form.about()) is not None:
            if goals.change(who, goal, about, reason=form.reason.data or "", version=form.seen):
                flash(_("Changed. The reason stands on the page."), "success")
            db.session.commit()
            return redirect(url_for("goals.show", goal_id=goal_id), 303)
    return _form_page(form, who, goals.get(who, goal_id)), found.status


@bp.post("/<int:goal_id>/drop")
def drop(goal_id: int) -> ResponseReturnValue:
    """Give a goal up, with the reason."""
    who = actors.current()
    who.require(Permission.GOAL_MANAGE)
    goal, form = goals.get(who, goal_id), ReasonForm()
    with trying(form) as found:
        if form.validate_on_submit():
            goals.drop(who, goal, reason=form.reason.data or "")
            db.session.commit()
            flash(_("Given up. It stays to be read, with the reason."), "success")
            return redirect(url_for("goals.show", goal_id=goal_id), 303)
    return _page(goals.get(who, goal_id), form), found.status


def _offered(form: GoalForm, owner: int | None) -> GoalForm:
    return form.offer(queries.offered_groups(), owner=owner)


def _form_page(form: GoalForm, who: Actor, goal: Goal | None = None) -> str:
    owner = goal.owner_id if goal is not None else who.person_id
    return render_template("adoption/goal_form.html", form=_offered(form, owner), goal=goal)


def beside_figures(context: Mapping[str, Any]) -> str:
    """Draw how the goals stand, for the page that tells whether it works; nothing where there are none."""
    rows = [presenting.goal(row) for row in queries.goals(actors.current()) if row.dropped_at is None]
    return render_template("adoption/_goals_strip.html", rows=rows) if rows else ""
