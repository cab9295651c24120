"""The first start: one link on the console, one form, one administrator, then never again."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.accounts import links, services
from portal.accounts.models import OneTimeLink, Purpose
from portal.core import clock, options
from portal.core.actor import Actor, system
from portal.core.database import db
from portal.core.errors import Invalid, NotFound
from portal.core.permissions import Role
from portal.ledger import services as ledger
from portal.notifications import services as notifications
from portal.people import services as people
from portal.people.models import Person

MAIL_MODES = ("smtp", "folder", "console")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the first administrator decides. Everything but name, address and password can be changed later."""

    name: str
    email: str
    password: str
    portal_name: str
    locale: str
    timezone: str
    is_public: bool
    mail_mode: str
    mail_from: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_tls: bool
    wants_test_mail: bool
    desk_mail: str
    desk_phone: str


def address() -> str | None:
    """Return the address of the set-up with its secret, for the console; None once the portal is set up.

    The same address until it is used or a week old, so that a restart does not make the one on the screen useless.
    """
    if options.get().is_set_up:
        return None
    good = (OneTimeLink.used_at.is_(None)) & (OneTimeLink.expires_at > clock.now())
    query = select(OneTimeLink).where(OneTimeLink.purpose == Purpose.SETUP.value, good)
    link = db.session.execute(query.order_by(OneTimeLink.id.desc())).scalars().first() or links.make(Purpose.SETUP)
    return links.address(link.ref)


def check(token: str) -> OneTimeLink:
    """Return the link when the set-up can still be done with it; refuses (NotFound) otherwise."""
    if options.get().is_set_up:
        raise NotFound("")
    link, _person = links.find(Purpose.SETUP, token)
    return link


def complete(token: str, answers: Answers) -> Person:
    """Make the first administrator and store what they decided. Of two who try at once, one gets through.

    A refusal leaves nothing behind: the caller rolls back.
    """
    link = check(token)
    links.use(link)
    if answers.mail_mode not in MAIL_MODES:
        raise Invalid(_("Choose how mail leaves."), field="mail_mode")
    if answers.mail_mode == "smtp" and not answers.smtp_host:
        raise Invalid(_("Please name the mail server."), field="smtp_host")
    portal = system("setup")
    person = people.add_person(portal, email=answers.email, name=answers.name, roles=[Role.ADMIN], by="setup")
    services.set_password(person, answers.password)
    _keep(people.actor_of(person), answers)
    ledger.record(Name.SETUP_COMPLETED, actor=portal, subject=person.ref, is_public=answers.is_public)
    if answers.wants_test_mail:
        notifications.send_test(people.actor_of(person), person)
    return person


def _keep(actor: Actor, answers: Answers) -> None:
    options.change(
        actor,
        is_set_up=True,
        portal_name=answers.portal_name,
        public_reading=answers.is_public,
        default_locale=answers.locale,
        default_timezone=answers.timezone,
        desk_mail=answers.desk_mail,
        desk_phone=answers.desk_phone,
        mail_mode=answers.mail_mode,
        mail_from=answers.mail_from,
        smtp_host=answers.smtp_host,
        smtp_port=answers.smtp_port,
        smtp_user=answers.smtp_user,
        smtp_password=answers.smtp_password,
        smtp_tls=answers.smtp_tls,
    )
