"""Forms of the solved question and of notes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal.core.forms import Form
from portal.talk.comments import LIMIT
from portal.talk.solutions import COMMENT_LIMIT


class SolvedForm(Form):
    """Yes or no by the button pressed; on a no also a reason and words."""

    solved = StringField()
    reason = StringField()
    comment = TextAreaField(_l("Anything else the editor should know?"), [Length(max=COMMENT_LIMIT)])
    via = StringField()


class IntentForm(Form):
    """Would you have called?"""

    would_have_called = StringField()


class NoteForm(Form):
    """A note for colleagues."""

    body = TextAreaField(_l("Your note"), [Length(max=LIMIT)])


class ReplyForm(Form):
    """An editor's answer to feedback."""

    reply = TextAreaField(_l("Your answer"), [Length(max=COMMENT_LIMIT)])
