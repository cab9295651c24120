"""The launch of a wave: what has to be settled before it, and the moment after which it means what it means."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.ledger import services as ledger
from portal.pulse import inviting, mailings, policies, queries, roster, settling, waves, wording
from portal.pulse.models import Breakdown, Invitation, Wave, WaveState
from portal.pulse.roster import Roster


@dataclass(frozen=True)
class Check:
    """One thing looked at before the launch."""

    text: str
    is_met: bool
    step: str
    """Of planning, where it is mended."""
    is_needed: bool = True
    """Whether nothing goes without it; else it is advice."""


def checks(wave: Wave, people: Roster) -> list[Check]:
    """Return what stands between a draft and its launch, what is settled included."""
    return [*_of_people(wave, people), *_of_days(wave), *_of_mails(wave), *_advice(wave, people)]


def _of_people(wave: Wave, people: Roster) -> list[Check]:
    n = len(people.people)
    text = ngettext("%(num)s person is asked", "%(num)s people are asked", n)
    if n < wave.threshold:
        text = _("%(who)s; nothing can be shown of fewer than %(n)s", who=text, n=wave.threshold)
    return [Check(text, n >= wave.threshold, "people")]


def _of_days(wave: Wave) -> list[Check]:
    today = clock.today(options.get().default_timezone)
    if wave.opens_on is None or wave.closes_on is None:
        return [Check(_("The first and the last day are named"), False, "mail")]
    if wave.opens_on < today:
        return [Check(_("The first day lies ahead, not behind"), False, "mail")]
    return [Check(_("The first and the last day are named"), True, "mail")]


def _of_mails(wave: Wave) -> list[Check]:
    opts = options.get()
    can_send = opts.mail_mode != "smtp" or bool(opts.smtp_host)
    return [
        Check(_("Somebody of HR or communications signs it"), bool(wave.sender_name), "mail"),
        _reason(wave),
        Check(_("The portal can send mail (an administrator sets it up)"), can_send, "mail"),
    ]


def _reason(wave: Wave) -> Check:
    if wording.GAP in wave.why:
        return Check(_("The reason has no gap left: fill in the place marked %(gap)s", gap=wording.GAP), False, "mail")
    text = _("The mail says what it is for and who reads it")
    return Check(text, len(wave.why) >= settling.LEAST_WHY, "mail")


def _advice(wave: Wave, people: Roster) -> list[Check]:
    is_tried = queries.n_trials(wave) > 0
    others = queries.others_running(wave)
    counts = people.counts(wave.breakdown)
    small = [name for name, n in counts.items() if n < wave.threshold]
    found = [
        Check(_("It was tried on yourself or a colleague"), is_tried, "try", is_needed=False),
        Check(
            _("No other survey runs at the same time")
            if not others
            else _("“%(name)s” is running: who is asked twice answers neither well", name=others[0].name),
            not others,
            "mail",
            is_needed=False,
        ),
    ]
    if wave.breakdown != Breakdown.NONE:
        text = ngettext(
            "%(num)s group is too small ever to be shown", "%(num)s groups are too small ever to be shown", len(small)
        )
        text = text if small else _("Every group is large enough to be shown, if enough of it answer")
        found.append(Check(text, not small, "people", is_needed=False))
    if not wave.reminder_days:
        text = _("At least one reminder: about a third of all answers come after one")
        found.append(Check(text, False, "mail", is_needed=False))
    return found


def launch(actor: Actor, wave: Wave, *, version: int) -> int:
    """Launch the wave: freeze whom it asks, make their invitations, plan its mails; returns how many are invited.

    All in this transaction. Records `wave.launched`. Refuses what is not settled (Invalid), a wave that is no draft
    (Conflict), and whoever saw an older one (Collision).
    """
    if not policies.can_plan(actor):
        raise Forbidden(_("Surveys are planned by the task force."))
    if wave.state != WaveState.DRAFT:
        raise Conflict(_("This survey was launched before."))
    waves.take(wave, version=version)
    people = roster.of(wave.departments)
    missing = [check.text for check in checks(wave, people) if check.is_needed and not check.is_met]
    if missing:
        raise Invalid(_("Not yet: %(what)s.", what="; ".join(missing)))
    db.session.execute(delete(Invitation).where(Invitation.wave_id == wave.id, Invitation.is_test))
    n = inviting.invite(wave, people)
    wave.instrument_digest = waves.instrument_of(wave).digest
    wave.state, wave.launched_at = WaveState.OPEN.value, clock.now()
    mailings.plan(wave)
    ledger.record(Name.WAVE_LAUNCHED, actor=actor, subject=wave.ref, n_people=n)
    db.session.flush()
    return n
