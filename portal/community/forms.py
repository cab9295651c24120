"""Forms of questions, answers and tips. Services check again what is chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, IntegerField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from portal.community.pictures import Upload
from portal.community.texts import BODY, TITLE
from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.kb.models import Category

UNSAID = 0


class _PostForm(Form):
    """What every text comes with: its words, its pictures, and which version of it was seen."""

    body = TextAreaField(_l("Text"), [Length(max=BODY)])
    pictures = MultipleFileField(_l("Add pictures"), [Optional()])
    alt = StringField(_l("What do they show?"), [Length(max=300)])
    version = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())

    def uploads(self) -> list[Upload]:
        """Return the pictures that came along."""
        came: list[FileStorage] = request.files.getlist("pictures")
        return [Upload(one.stream, one.filename, self.alt.data or "") for one in came if one.filename]

    def gone(self) -> list[int]:
        """Return the pictures that were ticked to be taken off."""
        return [int(n) for n in request.form.getlist("gone")[:20] if n.isdecimal() and len(n) < 10]

    @property
    def seen(self) -> int:
        return self.version.data or 0


class QuestionForm(_PostForm):
    """Asking: two fields; what is left out can be said later."""

    title = StringField(_l("What do you want to know?"), [Length(max=TITLE)])
    body = TextAreaField(_l("Tell more"), [Length(max=BODY)])
    category_id = SelectField(_l("Topic"), [Optional()], coerce=int, default=UNSAID)
    tags = StringField(_l("Tags"), [Length(max=400)])
    search = HiddenField(validators=[Optional()])

    def offer(self, topics: Sequence[Category], *, is_chosen: bool = False) -> QuestionForm:
        """Fill in the topics; a new post has none chosen, so that nobody files theirs under the first by mistake."""
        unsaid = [] if is_chosen else [(UNSAID, _("Choose a topic"))]
        self.category_id.choices = [*unsaid, *((topic.id, topic.title) for topic in topics)]
        return self

    def said(self, *, may_move: bool) -> dict[str, Any]:
        """Return what was sent as editing takes it."""
        return {
            "version": self.seen,
            "title": self.title.data or "",
            "body": self.body.data or "",
            "tags": self.tags.data or "",
            "category_id": self.category_id.data if may_move else None,
            "uploads": self.uploads(),
            "gone": self.gone(),
        }


class TipForm(QuestionForm):
    """Writing a tip."""

    title = StringField(_l("What is it good for?"), [Length(max=TITLE)])
    body = TextAreaField(_l("The tip"), [Length(max=BODY)])


class AnswerForm(_PostForm):
    """Answering."""

    body = TextAreaField(_l("Your answer"), [Length(max=BODY)])


class VoiceForm(Form):
    """Useful, thanks, same problem here, following, accepting: on, or taken back."""

    on = StringField()

    @property
    def is_on(self) -> bool:
        return self.on.data == "yes"


class CommentForm(Form):
    """A comment below a question or an answer."""

    body = TextAreaField(_l("Your comment"), [Length(max=10_000)])
