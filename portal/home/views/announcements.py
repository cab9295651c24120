"""Announcements: the page for those who write them, what their sender is asked, what readers read and put away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import actor as actors
from portal.core import clock, markup, once
from portal.core.arguments import number
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.feature import Thing
from portal.core.redirects import safe_next
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.core.trying import trying
from portal.home import announced, announcement_forms, announcements, policies, put_away
from portal.home.announced import Told
from portal.home.announcement_forms import AnnouncementForm
from portal.home.forms import article_named
from portal.home.models import Announcement
from portal.kb import texts
from portal.notifications import services as notifications

bp = Blueprint("announcements", __name__, template_folder="../templates")

DESK = "/desk/announcements"
ONE = "<int:announcement_id>"


def _writer() -> actors.Actor:
    who = actors.current()
    if not policies.can_announce(who):
        if policies.announces(who):
            who.require_self()
        raise Forbidden(_("Editors and HR write announcements."))
    return who


@bp.get(f"{DESK}/")
def index() -> str:
    """What is announced and what will be, a form for a new one, what is over."""
    who = _writer()
    again = number("again")
    like = announcements.get(who, again) if again else None
    return _index(announcement_forms.fresh(_zone(), like))


def _index(form: AnnouncementForm, **more: Any) -> str:
    who = actors.current()
    past = announced.listed(who, are_over=True, before_id=number("before"))
    return render_template(
        "announcements/index.html",
        form=form.offer(who),
        zone=_zone().replace("_", " "),
        rows=announced.listed(who, are_over=False),
        past=past,
        older=past[-1].id if len(past) == announced.PAGE else None,
        policies=policies,
        **{"choices": [], "preview": None} | more,
    )


@bp.post(f"{DESK}/")
def make() -> ResponseReturnValue:
    """Announce something, or look at how it would read."""
    who = _writer()
    form, choices = AnnouncementForm().offer(who), list[Thing]()
    if form.validate():
        try:
            wanted = form.wanted(_zone(), article_id=article_named(who, form, choices))
            if "preview" in request.form:
                return _index(form, preview=_preview(form, wanted.article_id))
            once.claim(form.token, person_id=who.person_id, location=url_for(".index"))
            row = announcements.make(who, wanted)
            db.session.commit()
        except Invalid as refusal:
            db.session.rollback()
            form.add_error(refusal)
        else:
            flash(_said(row), "success")
            return redirect(url_for(".index"), 303)
    return _index(form, choices=choices), 422


def _said(row: Announcement) -> str:
    if row.state == "asked":
        return _("%(name)s is asked. It appears as soon as they agree.", name=row.sender_name)
    if row.state == "coming":
        return _("It appears by itself when its day has come.")
    return _("It stands on the home page of its readers.")


def _preview(form: AnnouncementForm, article_id: int | None) -> Told:
    """Return what was typed as readers would meet it; nothing is stored."""
    who = actors.current()
    html = markup.render_comment_safely(form.body.data or "", links=texts.address_for(actors.current())).html
    labels = {choice.value: str(choice.label) for choice in form.sender.choices}
    sender = (form.sender_mail.data or "") if form.sender.data == announcement_forms.SOMEBODY else ""
    is_me = form.sender.data == f"person:{who.person_id}" or not form.sender.data
    about = load_things(who, [Ref("article", article_id)] if article_id else [])
    answer = next(iter(about.values()), None)
    return Told(
        id=0,
        title=form.title.data or "",
        html=Markup(html),  # noqa: S704 - cleaned just now
        version="",
        sender=who.name if is_me else sender or labels.get(form.sender.data, ""),
        from_at=clock.now(),
        article_title=answer.title if answer else "",
        article_slug=answer.url.rpartition("/")[2] if answer else "",
    )


@bp.get(f"{DESK}/{ONE}")
def edit(announcement_id: int) -> ResponseReturnValue:
    """Change an announcement."""
    who = actors.current()
    row = announcements.get_to_change(who, announcement_id)
    slug = announced.one(who, row).article_slug
    return _edit(row, announcement_forms.filled(_zone(), row, article_slug=slug))


def _edit(row: Announcement, form: AnnouncementForm, **more: Any) -> str:
    who = actors.current()
    return render_template(
        "announcements/edit.html",
        row=row,
        form=form.offer(who, row),
        zone=_zone().replace("_", " "),
        **{"choices": [], "preview": None} | more,
    )


@bp.post(f"{DESK}/{ONE}")
def change(announcement_id: int) -> ResponseReturnValue:
    """Change an announcement; what was typed stays when a colleague was faster."""
    who = actors.current()
    row = announcements.get_to_change(who, announcement_id)
    form, choices = AnnouncementForm().offer(who, row), list[Thing]()
    with trying(form) as found:
        if form.validate():
            wanted = form.wanted(_zone(), article_id=article_named(who, form, choices))
            if "preview" in request.form:
                return _edit(row, form, preview=_preview(form, wanted.article_id))
            seen = form.seen.data or ""
            announcements.change(who, row, wanted, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else -1)
            db.session.commit()
            flash(_said(row), "success")
            return redirect(url_for(".index"), 303)
    row = announcements.get(who, announcement_id)
    form.seen.data = str(row.n_changes)  # what the colleague wrote stands on the page now: sending again is meant
    return _edit(row, form, choices=choices), found.status


@bp.post(f"{DESK}/{ONE}/end")
def end(announcement_id: int) -> ResponseReturnValue:
    """Take an announcement down."""
    who = _writer()
    announcements.end(who, announcements.get(who, announcement_id))
    db.session.commit()
    flash(_("It is down."), "success")
    return redirect(url_for(".index"), 303)


@bp.get(f"/announcements/{ONE}")
def read(announcement_id: int) -> str:
    """Read one announcement; its sender is asked here whether it may appear in their name."""
    who = actors.current()
    row = announcements.get(who, announcement_id)
    return render_template(
        "announcements/read.html",
        row=row,
        told=announced.one(who, row),
        is_asked=policies.can_answer(who, row) and row.state in ("asked", "declined"),
        can_change=policies.can_change_announcement(who, row),
    )


@bp.post(f"/announcements/{ONE}/answer")
def answer(announcement_id: int) -> ResponseReturnValue:
    """Say whether it may appear in one's name."""
    who = actors.current()
    row = announcements.get(who, announcement_id)
    said = request.form.get("answer")
    if said not in ("yes", "no"):
        raise Invalid(_("Say yes or no."), field="answer")
    announcements.answer(who, row, agrees=said == "yes")
    db.session.commit()
    flash(_("Thank you. It appears in your name.") if said == "yes" else _("Thank you. It does not appear."), "success")
    return redirect(url_for(".read", announcement_id=announcement_id), 303)


@bp.post(f"/announcements/{ONE}/away")
def away(announcement_id: int) -> ResponseReturnValue:
    """Put an announcement away on this device; the news of it is read, too."""
    who = actors.current()
    row = announcements.get(who, announcement_id)
    notifications.mark_read(who, "announcement", subject=row.ref)
    db.session.commit()
    response = redirect(safe_next(request.args.get("next"), request.host, home=url_for("home.index")), 303)
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    put_away.remember(response, announced.COOKIE, row.version, kept=announced.KEPT, is_secure=is_secure)
    return response


def _zone() -> str:
    return str(get_timezone())
