"""What a new administrator does first, shown until the portal has articles and people."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.core.options import Options

FEWEST_PEOPLE = 3
"""From so many on the portal is no longer somebody's alone, and whoever runs it has found the way around."""


@dataclass(frozen=True)
class Step:
    """Something to do, with the page where it is done or the command that does it."""

    title: str
    text: str
    url: str = ""
    command: str = ""


def open_steps(
    options: Options, *, n_articles: int, n_people: int, email: str, has_backup: bool, has_agents: bool
) -> list[Step]:
    """Return what is still to do; nothing once there are articles and a few people."""
    if n_articles and n_people >= FEWEST_PEOPLE:
        return []
    found = []
    if options.mail_mode == "console":
        text = _("At present mail only appears on the console. Enter your mail server and send a test mail.")
        found.append(Step(_("Set up mail"), text, url_for("admin.options", _anchor="mail-title")))
    if not (options.desk_mail or options.desk_phone):
        text = _("It is offered where the portal has no answer.")
        found.append(Step(_("Name the service desk"), text, url_for("admin.options", _anchor="desk-title")))
    if not has_agents:
        text = _("What people hand over lands in its queue. Until somebody works it, administrators are told.")
        found.append(Step(_("Say who works at the service desk"), text, url_for("desk_queues.index")))
    if n_people < FEWEST_PEOPLE:
        text = _("Paste their addresses: each gets a mail and chooses a password. From the command line:")
        command = "./dity people add MAIL NAME"
        found.append(Step(_("Invite people"), text, url_for("admin.invite_form"), command))
    if not n_articles:
        text = _("Adds the articles that come with the portal, to try it out or to start from; you become their owner:")
        found.append(Step(_("Publish articles"), text, command=f"./dity kb sync --owner {email}"))
    if not options.public_reading:
        text = _("At present everybody has to sign in. What is marked public can be opened to everybody.")
        found.append(Step(_("Decide who may read"), text, url_for("admin.options", _anchor="portal-title")))
    if not (options.logo or options.brand_light):
        text = _("Your logo and your colour, so that people know whose portal it is.")
        found.append(Step(_("Add your logo and colour"), text, url_for("admin.look")))
    if not has_backup:
        text = _("One archive holds everything. Make one now, and have one made every night.")
        found.append(Step(_("Make the first backup"), text, url_for("admin.backups"), "./dity backup"))
    return found
