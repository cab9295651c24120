"""What an administrator changes while the portal runs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import brand, services
from portal.admin.forms.options import LogoForm, LookForm, OptionsForm
from portal.admin.views.blueprint import bp, enter
from portal.core import options as core_options
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission
from portal.notifications import jobs as mail_jobs
from portal.notifications import queries as mail_queries

SAME_NAME = (
    "portal_name",
    "public_reading",
    "default_locale",
    "default_timezone",
    "desk_mail",
    "desk_phone",
    "mail_mode",
    "mail_from",
    "smtp_host",
    "smtp_port",
    "smtp_user",
    "smtp_tls",
    "imap_host",
    "imap_port",
    "imap_tls",
    "imap_user",
    "imap_folder",
    "imap_minutes",
    "mail_judge",
    "mails_per_hour",
    "survey_mails_per_minute",
)
"""Options whose field carries their name and their value as it is."""


@bp.get("/options")
def options() -> str:
    """The options as they are."""
    enter(Permission.OPTION_CHANGE)
    now = core_options.get()
    form = OptionsForm(formdata=None, obj=now, intent_percent=round(now.intent_share * 100))
    return _page(form)


def _page(form: OptionsForm) -> str:
    return render_template("admin/options.html", form=form, has_password=bool(core_options.get().smtp_password))


@bp.post("/options")
def change_options() -> ResponseReturnValue:
    """Change them; before and after go into the audit log."""
    who = enter(Permission.OPTION_CHANGE)
    form = OptionsForm()
    if not form.validate():
        return _page(form), 422
    values = {name: form[name].data for name in SAME_NAME}
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    try:
        services.change_options(
            who,
            password=form.smtp_password.data or "",
            is_password_forgotten=form.forget_password.data,
            intent_share=(form.intent_percent.data or 0) / 100,
            **values,
        )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _page(form), 422
    db.session.commit()
    flash(_("Saved. It holds from now on, everywhere."), "success")
    return redirect(url_for("admin.options"), 303)


@bp.post("/options/test-mail")
def send_test_mail() -> ResponseReturnValue:
    """Send the administrator a mail at once, by the options that are stored, and say what the server answered."""
    who = enter(Permission.OPTION_CHANGE)
    person = services.send_test_mail(who)
    mail_id = mail_queries.latest_to(person.id, kind="mail_test")
    db.session.commit()  # nothing is held while the server is talked to
    answer = mail_jobs.send_now(mail_id)
    db.session.commit()
    if answer.is_sent:
        words = _("The mail to %(email)s was taken: %(answer)s", email=person.email, answer=answer.words)
    else:
        words = _("The mail did not leave: %(answer)s", answer=answer.words)
    flash(words, "success" if answer.is_sent else "error")
    return redirect(url_for("admin.options", _anchor="test-title"), 303)


@bp.get("/look")
def look() -> str:
    """Logo and colours as they are."""
    enter(Permission.OPTION_CHANGE)
    now = core_options.get()
    return _look(LookForm(formdata=None, obj=now), LogoForm(formdata=None, alt=now.logo_alt))


def _look(form: LookForm, logo_form: LogoForm) -> str:
    return render_template("admin/look.html", form=form, logo_form=logo_form, looks=_looks(form))


def _looks(form: LookForm) -> list[brand.Look]:
    found = (brand.look(option, form[option].data or "") for option in brand.THEMES)
    return [one for one in found if one is not None]


@bp.get("/look/contrast")
def judge_look() -> str:
    """How the colours do that are being typed; a piece of the page that asks."""
    enter(Permission.OPTION_CHANGE)
    return render_template("admin/_looks.html", looks=_looks(LookForm(request.args, meta={"csrf": False})))


@bp.post("/look")
def change_look() -> ResponseReturnValue:
    """Choose the colours; one that cannot be read is refused with one that can."""
    who = enter(Permission.OPTION_CHANGE)
    form, logo_form = LookForm(), LogoForm(formdata=None)
    if not form.validate():
        return _look(form, logo_form), 422
    if request.form.get("try"):
        return _look(form, logo_form)
    try:
        brand.change(
            who,
            light=form.brand_light.data or "",
            dark=form.brand_dark.data or "",
            logo_alt=form.logo_alt.data or "",
        )
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _look(form, logo_form), 422
    db.session.commit()
    flash(_("Saved. It holds from now on, everywhere."), "success")
    return redirect(url_for("admin.look"), 303)


@bp.post("/look/logo")
def keep_logo() -> ResponseReturnValue:
    """Use another logo."""
    who = enter(Permission.OPTION_CHANGE)
    form = LogoForm()
    look_form = LookForm(formdata=None, obj=core_options.get())
    if not form.validate():
        return _look(look_form, form), 422
    upload = form.file.data
    try:
        if not getattr(upload, "filename", ""):
            raise Invalid(_("Choose a picture."), field="file")
        brand.keep_logo(who, upload.stream, upload.filename, alt=form.alt.data or "")
    except Invalid as refusal:
        db.session.rollback()
        form.add_error(refusal)
        return _look(look_form, form), 422
    db.session.commit()
    flash(_("This is your logo from now on."), "success")
    return redirect(url_for("admin.look"), 303)


@bp.post("/look/logo/remove")
def remove_logo() -> ResponseReturnValue:
    """Go back to the portal's own mark."""
    who = enter(Permission.OPTION_CHANGE)
    brand.remove_logo(who)
    db.session.commit()
    flash(_("The portal’s own mark is back."), "success")
    return redirect(url_for("admin.look"), 303)
