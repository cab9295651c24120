"""Forms of the knowledge base."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput, TextArea

from portal.core.arguments import ROW
from portal.core.forms import Form
from portal.core.markup import ARTICLE_LIMIT
from portal.kb.prose.starting_points import POINTS
from portal.kb.writing.drafts import SUMMARY, TITLE

SAID = ("title", "summary", "category_id", "tags", "audience", "body")
"""What a form says it was opened with, so that a collision can be merged."""


class StartForm(Form):
    """What a new article is to be: a title, a topic, and what it begins with."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the article a title.")), Length(max=TITLE)])
    category = SelectField(_l("Topic"))
    point = RadioField(
        _l("Begin with"),
        choices=[SelectChoice(point.name, point.title) for point in POINTS],
        default=POINTS[0].name,
        validators=[Optional()],
    )


class DraftForm(Form):
    """A draft as a person writes it; `lock` is the save they saw last, `base` the text it had.

    `kept_picture` was chosen before and waits for the words that say what it shows.
    """

    title = StringField(_l("Title"), [Length(max=TITLE)], widget=TextArea())
    summary = StringField(_l("Summary"), [Length(max=SUMMARY)], widget=TextArea())
    category_id = SelectField(_l("Topic"), coerce=int)
    words = StringField(_l("Tags"), [Length(max=600)])
    audience = SelectMultipleField(_l("Who may read it"))
    has_audience = BooleanField(widget=HiddenInput())
    body = TextAreaField(_l("Text"), [Length(max=ARTICLE_LIMIT)])
    change = HiddenField(validators=[Optional()])
    lock = IntegerField(validators=[Optional(), NumberRange(0, ROW)], widget=HiddenInput())
    base = HiddenField(validators=[Optional()])
    picture = FileField(_l("Add a picture"))
    alt = StringField(_l("What does it show?"), [Length(max=300)])
    is_decoration = BooleanField(_l("It is only decoration"))
    kept_picture = IntegerField(validators=[Optional(), NumberRange(1, ROW)], widget=HiddenInput())

    def text(self) -> dict[str, Any]:
        """Return what was typed as `drafts.save` takes it."""
        text = {
            "title": self.title.data or "",
            "summary": self.summary.data or "",
            "body": (self.body.data or "").replace("\r\n", "\n"),
            "category_id": self.category_id.data,
            "tags": (self.words.data or "").replace(",", " ").split(),
        }
        if self.has_audience.data:
            text["audience"] = self.audience.data or []
        return text | ({"change": self.change.data} if self.change.data else {})

    def seen(self) -> dict[str, Any] | None:
        """Return the text the writer began with, nothing when the form does not say or says nonsense."""
        try:
            said = json.loads(self.base.data or "")
        except (ValueError, RecursionError):
            return None
        if not isinstance(said, dict) or not isinstance(said.get("body"), str):
            return None
        return {name: said[name] for name in SAID if name in said}
