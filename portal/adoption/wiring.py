"""What goals and interventions bring to the house."""

from __future__ import annotations

from portal.adoption import jobs, named, personal
from portal.core.feature import Feature, JobKind
from portal.measures import catalogue, counting

catalogue.declare(*named.MEASURES)
counting.follow(jobs.RENEW)


def feature() -> Feature:
    return Feature(
        name="adoption",
        personal_data=personal.PERSONAL,
        jobs=(JobKind(name=jobs.RENEW, run=jobs.renew), JobKind(name=jobs.STEER, run=jobs.steer)),
    )
