"""What an administrator changes while the portal runs."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import services
from portal.admin.forms.options import OptionsForm
from portal.admin.views.blueprint import bp, enter
from portal.core import options as core_options
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Permission

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
    """Send the administrator a mail by the options that are stored."""
    who = enter(Permission.OPTION_CHANGE)
    person = services.send_test_mail(who)
    db.session.commit()
    flash(_("A test mail to %(email)s is on its way. Whether it left shows below.", email=person.email), "info")
    return redirect(url_for("admin.outbox", person=person.id), 303)
