"""Forms of the knowledge base."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from portal.core.forms import Form
from portal.core.markup import ARTICLE_LIMIT


class DraftForm(Form):
    """A draft as a person writes it; `lock` is the save they saw last."""

    title = StringField(_l("Title"), [Length(max=200)])
    summary = StringField(_l("In one sentence"), [Length(max=400)])
    category_id = SelectField(_l("Topic"), coerce=int)
    words = StringField(_l("Tags"), [Length(max=600)])
    body = TextAreaField(_l("Text"), [Length(max=ARTICLE_LIMIT)])
    change = HiddenField(validators=[Optional()])
    lock = IntegerField(widget=HiddenInput())

    def text(self) -> dict[str, Any]:
        """Return what was typed as `drafts.save` takes it."""
        text = {
            "title": self.title.data or "",
            "summary": self.summary.data or "",
            "body": self.body.data or "",
            "category_id": self.category_id.data,
            "tags": (self.words.data or "").replace(",", " ").split(),
        }
        return text | ({"change": self.change.data} if self.change.data else {})
