"""Forms of the editors' desk, and of suggesting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.core.forms import Form
from portal.core.markup import ARTICLE_LIMIT
from portal.kb.models import Proposal, Risk
from portal.kb.writing.suggestions import WORDS

RISKS = ((Risk.LOW.value, _l("Little")), (Risk.NORMAL.value, _l("Some")), (Risk.HIGH.value, _l("Much")))
"""How much harm a mistake does, in words."""


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return what can be chosen, each as its value and its words."""
    return [SelectChoice(value, words) for value, words in pairs]


class SuggestForm(Form):
    """What should be otherwise, where, and how it should read."""

    kind = RadioField(
        _l("What is it about?"),
        choices=choices(
            [
                (Proposal.ERROR.value, _l("Something is wrong here")),
                (Proposal.EDIT.value, _l("I would put it otherwise")),
            ]
        ),
        default=Proposal.ERROR.value,
    )
    anchor = SelectField(_l("Where?"), choices=[], validate_choice=False, default="")
    quote = TextAreaField(_l("The passage, copied from the article"), [Length(max=WORDS)])
    replacement = TextAreaField(_l("How it should read"), [Length(max=WORDS)])
    words = TextAreaField(_l("What is wrong, or why it should change"), [Length(max=WORDS)])


class WholeForm(Form):
    """Another text for the whole article."""

    replacement = TextAreaField(_l("The text"), [Length(max=ARTICLE_LIMIT)])
    words = TextAreaField(_l("What you changed, and why"), [Length(max=WORDS)])


class DecisionForm(Form):
    """What becomes of a suggestion; which is said by the button that was pressed."""

    decision = StringField()
    answer = TextAreaField(_l("A word to whoever wrote it"), [Length(max=WORDS)])


class CareForm(Form):
    """Who looks after an article, and when it is to be checked again."""

    owner = SelectField(_l("Looked after by"), choices=[], validate_choice=False)
    risk = SelectField(_l("Harm that a mistake would do"), choices=choices(RISKS))
    review_by = DateField(_l("To be checked by"), [Optional()])


class BulkForm(Form):
    """What to do with the articles that are ticked."""

    action = StringField()
    one = HiddenField()
    owner = SelectField(_l("Looked after by"), choices=[], validate_choice=False)
    risk = SelectField(_l("Harm of a mistake"), choices=choices(RISKS))


class IntervalsForm(Form):
    """After how many days an article is checked again; its fields are the options."""

    review_days_high = IntegerField(_l("Where a mistake does much harm"), [InputRequired(), NumberRange(7, 1830)])
    review_days_normal = IntegerField(_l("Where it does some"), [InputRequired(), NumberRange(7, 1830)])
    review_days_low = IntegerField(_l("Where it does little"), [InputRequired(), NumberRange(7, 1830)])


class PlainForm(Form):
    """Nothing but the tokens."""
