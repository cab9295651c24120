"""The form that asks what a ticket leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.core.errors import Invalid
from portal.core.forms import Form
from portal.core.refs import Ref
from portal.kb.models import Category
from portal.tickets.giving_back.leaving import REASONS, Left
from portal.tickets.holding import BODY
from portal.tickets.models import Knowledge

LATER = "later"
NO_TOPIC = 0


class LeavingForm(Form):
    """What a resolved ticket leaves behind."""

    knowledge = RadioField(
        _l("What stays for the next person?"),
        [Optional()],
        choices=[
            SelectChoice(Knowledge.LINKED.value, _l("There is an answer already")),
            SelectChoice(Knowledge.IMPROVED.value, _l("An answer there has to be made better")),
            SelectChoice(Knowledge.DRAFTED.value, _l("It becomes a new answer")),
            SelectChoice(Knowledge.NOT_REUSABLE.value, _l("Nothing: nobody else can use it")),
            SelectChoice(LATER, _l("Say it later")),
        ],
    )
    things = SelectMultipleField(_l("Which one?"), validate_choice=False)
    q = StringField(_l("Look for an answer"), [Length(max=200)])
    category_id = SelectField(_l("Topic"), [Optional()], coerce=int)
    reason = SelectField(_l("Why?"), [Optional()])
    words = StringField(_l("In a few words"), [Optional(), Length(max=240)])

    def offer(self, topics: Sequence[Category]) -> None:
        """Give the topics and reasons to choose from."""
        none = SelectChoice(NO_TOPIC, _l("Choose…"))
        self.category_id.choices = [none, *(SelectChoice(topic.id, topic.title) for topic in topics)]
        self.reason.choices = [SelectChoice("", _l("Choose…")), *(SelectChoice(*pair) for pair in REASONS.items())]

    def left(self, topics: Sequence[Category]) -> Left | None:
        """Return what was said, None for later; refuses what is no answer (Invalid)."""
        said = (self.knowledge.data or "").strip()
        if said in ("", LATER):
            return None
        knowledge = Knowledge(said)
        wants_things = knowledge in (Knowledge.LINKED, Knowledge.IMPROVED)
        try:
            things = tuple(Ref.parse(one) for one in self.things.data or ()) if wants_things else ()
        except ValueError:
            raise Invalid(_("One of these is not there any more."), field="things") from None
        category = next((one for one in topics if one.id == self.category_id.data), None)
        return Left(
            knowledge=knowledge,
            things=things,
            reason=self.reason.data or "",
            words=self.words.data or "",
            category=category,
        )


class ResolveForm(LeavingForm):
    """Resolve a ticket, with words to its people if there are any."""

    body = TextAreaField(_l("Your words"), [Optional(), Length(max=BODY)], render_kw={"rows": 5})
    lock = IntegerField(_l("Version"), [Optional()])
