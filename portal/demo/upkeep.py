"""What Ada does at Ostrey & Vale beside the articles: who leads whom, and how the installation grew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from flask import current_app

from portal.admin import condition
from portal.core import clock, options
from portal.core.actor import Actor
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.people import structure
from portal.people.models import Department, Person

TOP = "management"
LED_BY = {"hr": "eli", "it": "ada", "workshop": "mia"}
WEEKS = 14
A_WEEK = 310_000
"""Bytes that fifteen months of two hundred people add to the database in a week."""


def arrange(actor: Actor, departments: Mapping[str, Department], staff: Mapping[str, Person]) -> None:
    """Put the departments below the management and say who leads them."""
    by_name = {email.partition("@")[0]: person.id for email, person in staff.items()}
    top = departments[TOP]
    for slug, unit in departments.items():
        if unit is not top:
            manager_id = by_name.get(LED_BY.get(slug, ""))
            structure.change_department(actor, unit, name=unit.name, parent_id=top.id, manager_id=manager_id)


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield the nights on which room was measured, and the day on which Ada chose how long things are kept."""
    for week in range(WEEKS, 0, -1):
        night = at - dt.timedelta(weeks=week)
        yield night, partial(measure, week)
    yield at - dt.timedelta(days=40), partial(keep_less, cast)


def measure(weeks_ago: int) -> None:
    """Note a size that leads to the present one."""
    home: Path = current_app.config["DITY"].home
    now = condition.room(home).parts
    grown = max(now["database"] - weeks_ago * A_WEEK, A_WEEK)
    condition.remember(clock.today(), {**now, "database": grown, "index": now["index"] or 400_000})


def keep_less(cast: Cast) -> None:
    """Keep mail for two months instead of three."""
    options.change(cast.actor("ada"), keep_mail_days=60)
