"""What measuring brings to the house."""

from __future__ import annotations

from portal.core.feature import Feature, JobKind, Panel
from portal.measures import cli, forgetting, jobs, personal, views


def feature() -> Feature:
    return Feature(
        name="measures",
        personal_data=personal.PERSONAL,
        blueprints=(views.bp,),
        panels=(Panel(slot="desk.end", render=views.on_desk),),
        commands=(cli.measure,),
        retention=(forgetting.ATTEMPTS,),
        jobs=(JobKind(name="measures.fold", run=jobs.fold_days, at="01:40"),),
    )
