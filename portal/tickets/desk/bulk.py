"""The same done to many tickets at once, each with its own fact; what is refused on one stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Refusal
from portal.tickets import loading
from portal.tickets.models import Ticket

MOST = 100


@dataclass
class Result:
    """Which tickets it was done to, and why not to the others."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return ngettext("Done with one ticket.", "Done with %(num)s tickets.", len(self.done))

    @property
    def refusals(self) -> list[str]:
        """Say of each ticket that was left as it was, why."""
        return [_("No. %(number)s: %(why)s", number=number, why=why) for number, why in self.refused.items()]


def each(actor: Actor, numbers: Iterable[int], do: Callable[[Ticket], object]) -> Result:
    """Do something to every ticket named, each for itself; a ticket the actor does not work counts as not there."""
    result = Result()
    for number in list(dict.fromkeys(numbers))[:MOST]:
        try:
            with db.session.begin_nested():
                do(loading.for_desk(actor, number))
            result.done.append(number)
        except Refusal as refusal:
            result.refused[number] = refusal.message or _("It is not there, or not yours to work.")
    return result
