"""What measuring brings to the house."""

from __future__ import annotations

from portal.core.feature import Feature, JobKind
from portal.measures import cli, forgetting, jobs, personal


def feature() -> Feature:
    return Feature(
        name="measures",
        personal_data=personal.PERSONAL,
        commands=(cli.measure,),
        retention=(forgetting.ATTEMPTS,),
        jobs=(JobKind(name="measures.fold", run=jobs.fold_days, at="01:40"),),
    )
