"""The form of "you said, we did"."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.core.forms import Form
from portal.pulse.models import SaidDone
from portal.pulse.outcomes import MOST_DONE, MOST_SAID, Sentence


class SentenceForm(Form):
    """What people said, and what was done about it."""

    said = StringField(_l("You said"), [Length(max=MOST_SAID)])
    done = TextAreaField(_l("We did"), [Length(max=MOST_DONE)])
    department = SelectField(_l("Who said so"), validate_choice=False)
    link = StringField(_l("Where to read on"), [Length(max=300)])

    def offer(self, groups: Sequence[str]) -> None:
        self.department.choices = [("", _("Everybody")), *((group, group) for group in groups)]

    def wanted(self) -> Sentence:
        return Sentence(
            said=self.said.data or "",
            done=self.done.data or "",
            department=self.department.data or "",
            link=self.link.data or "",
        )


def filled(row: SaidDone, *, link: str) -> SentenceForm:
    return SentenceForm(
        formdata=None, data={"said": row.said, "done": row.done, "department": row.department, "link": link}
    )
