"""How long things are kept: what would go now, and letting it go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.admin import condition
from portal.core import options
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.core.registry import registry
from portal.core.retention import Retention

log = structlog.get_logger(__name__)
MOST_DAYS = 3650


@dataclass(frozen=True)
class Due:
    """What would go if the night came now."""

    rule: Retention
    n: int
    leader: Retention
    """The first rule that goes by the same option: its line has the field."""

    @property
    def has_field(self) -> bool:
        return bool(self.rule.option) and self.leader is self.rule


def dry_run() -> list[Due]:
    """Return every rule with how much it would let go of now; changes nothing."""
    leaders = {rule.option: rule for rule in reversed(rules()) if rule.option}
    return [Due(one, one.count(one.before) if one.before else 0, leaders.get(one.option, one)) for one in rules()]


def rules() -> list[Retention]:
    return [*registry().retention, BACKUPS]


def run() -> dict[str, int]:
    """Let go of what is old, so much as a transaction should hold; returns how much by rule. Until that is nothing,
    the caller commits and calls again."""
    gone = {rule.name: rule.sweep(rule.before) for rule in rules() if rule.before}
    if any(gone.values()):
        log.info("retention", **{name: n for name, n in gone.items() if n})
    return gone


def change(actor: Actor, days: dict[str, int]) -> None:
    """Choose for how many days things are kept; refuses (Invalid, field: the option) too few and too many.

    Several rules may go by one option: what is chosen must do for each of them.
    """
    actor.require(Permission.OPTION_CHANGE)
    for option, n in days.items():
        held = [rule for rule in rules() if rule.option == option]
        if n == 0 and all(rule.is_kept_for_good for rule in held):
            continue
        least = max(rule.least_days for rule in held)
        if not least <= n <= MOST_DAYS:
            words = _("Between %(least)s and %(most)s days, please.", least=least, most=MOST_DAYS)
            raise Invalid(words, field=option)
    options.change(actor, **days)


def _home() -> Path:
    home: Path = current_app.config["DITY"].home
    return home


def _old_backups(before: dt.datetime) -> list[condition.Backup]:
    """Return backups from before; the latest one stays however old it is."""
    return [one for one in condition.backups(_home())[1:] if one.made_at < before]


def _delete_backups(before: dt.datetime) -> int:
    found = _old_backups(before)
    for one in found:
        (_home() / "backups" / one.name).unlink(missing_ok=True)
    return len(found)


BACKUPS = Retention(
    name="backups",
    label=_l("Backups in the home folder"),
    goes=_l("The files are deleted; the latest one always stays."),
    option="keep_backups_days",
    least_days=7,
    is_kept_for_good=True,
    count=lambda before: len(_old_backups(before)),
    sweep=_delete_backups,
)
