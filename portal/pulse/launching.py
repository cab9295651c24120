"""The launch of a wave: what has to be settled before it, and the moment after which it means what it means."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete

from analytics.events import Name
from portal.core import clock, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import day
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
        return [Check(_("The first or the last day is not named yet"), False, "mail")]
    if wave.opens_on < today:
        return [Check(_("The first day is over: choose another one"), False, "mail")]
    text = _("It runs from %(first)s to %(last)s", first=day(wave.opens_on), last=day(wave.closes_on))
    return [Check(text, True, "mail")]


def _of_mails(wave: Wave) -> list[Check]:
    signed = _("%(name)s signs it", name=wave.sender_name) if wave.sender_name else _("Nobody signs it yet")
    return [Check(signed, bool(wave.sender_name), "mail"), _reason(wave), _sent()]


def _sent() -> Check:
    opts = options.get()
    if opts.mail_mode == "smtp" and not opts.smtp_host:
        return Check(_("The portal cannot send mail: an administrator sets it up"), False, "mail")
    if opts.mail_mode != "smtp" and not current_app.config["DITY"].demo:
        text = _("Mail stays on the server, for trying things out: an administrator lets it leave")
        return Check(text, False, "mail", is_needed=False)
    return Check(_("The portal can send mail"), True, "mail")


def _reason(wave: Wave) -> Check:
    if wording.GAP in wave.why:
        return Check(_("The reason has a gap: fill in the place marked %(gap)s", gap=wording.GAP), False, "mail")
    if len(wave.why) < settling.LEAST_WHY:
        return Check(_("The mail does not say yet what it is for and who reads it"), False, "mail")
    return Check(_("The mail says what it is for and who reads it"), True, "mail")


def _advice(wave: Wave, people: Roster) -> list[Check]:
    return [_tried(wave), _alone(wave), *_sizes(wave, people), *_reminded(wave)]


def _tried(wave: Wave) -> Check:
    is_tried = queries.n_trials(wave) > 0
    text = _("Somebody has tried it") if is_tried else _("Nobody has tried it yet")
    return Check(text, is_tried, "try", is_needed=False)


def _alone(wave: Wave) -> Check:
    others = queries.others_running(wave)
    if others:
        text = _("“%(name)s” is running: who is asked twice answers neither well", name=others[0].name)
        return Check(text, False, "mail", is_needed=False)
    return Check(_("No other survey runs now"), True, "mail", is_needed=False)


def _sizes(wave: Wave, people: Roster) -> list[Check]:
    if wave.breakdown == Breakdown.NONE:
        return []
    n = sum(n < wave.threshold for n in people.counts(wave.breakdown).values())
    text = _("Every group is large enough to be shown, if enough of it answer")
    if n:
        text = ngettext(
            "%(num)s group is too small ever to be shown", "%(num)s groups are too small ever to be shown", n
        )
    return [Check(text, not n, "people", is_needed=False)]


def _reminded(wave: Wave) -> list[Check]:
    if wave.reminder_days:
        return []
    text = _("No reminder goes out, though many answers come only after one")
    return [Check(text, False, "mail", is_needed=False)]


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
