"""One sheet for every small form of the task force: what it is about, its fields, where it leads, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import HiddenInput

from portal.core import actor as actors
from portal.core import once
from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.forms import Form
from portal.core.trying import trying

TOKENS = ("form_token", "csrf_token")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page with one form."""

    title: str
    action: str
    trail: Sequence[tuple[str, str]]
    """The way down to it: words and addresses."""
    current: str
    """Endpoint that is lit in the menu."""
    submit: str = ""
    lead: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)
    optional: Sequence[str] = ()

    def draw(self, form: Form) -> str:
        return render_template(
            "roadmap/sheet.html",
            sheet=self,
            form=form,
            submit=self.submit or _("Keep it"),
            fields=[one for one in form if not is_hidden(one)],
            hidden=[one for one in form if is_hidden(one) and one.short_name not in TOKENS],
            back=self.back,
        )

    def keep(self, form: Form, do: Callable[[], object]) -> ResponseReturnValue:
        """Do what was typed and lead back; what is refused comes back with what was typed."""

        def save() -> str:
            do()
            return self.back

        return self.keep_to(form, save)

    def keep_to(self, form: Form, save: Callable[[], str]) -> ResponseReturnValue:
        """Save what was typed and lead to the address `save` gives."""
        return attempt(form, save, draw=lambda: self.draw(form))

    @property
    def back(self) -> str:
        return self.trail[-1][1]


def is_hidden(one: Field) -> bool:
    return isinstance(one.widget, HiddenInput)


def attempt(form: Form, save: Callable[[], str], *, draw: Callable[[], str]) -> ResponseReturnValue:
    """Save what was typed on any page, once, and lead to the address `save` gives; else draw the page again."""
    with trying(form) as found:
        if form.validate_on_submit():
            where = save()
            once.claim(form.token, person_id=actors.current().person_id, location=where)
            db.session.commit()
            return redirect(where, 303)
    return draw(), found.status


def act(where: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Do what one press asks for and lead back; a refusal is said there."""
    form = Form()
    try:
        if form.validate_on_submit():
            do()
            once.claim(form.token, person_id=actors.current().person_id, location=where)
            db.session.commit()
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
    return redirect(where, 303)
