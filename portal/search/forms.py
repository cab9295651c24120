"""The forms of the words that the search is told."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import Length, Optional

from portal.core.forms import Form
from portal.search import words
from portal.search.synonyms import LEADS, NEAR, SAME
from portal.search.words import Change


class ChangeForm(Form):
    """A change as it is typed, tried (by GET, so that looking writes nothing) and kept."""

    op = HiddenField(default="add")
    id = HiddenField(default="0")
    key = HiddenField(default="")
    kind = RadioField(
        _l("How they belong together"),
        [Optional()],
        choices=[
            SelectChoice(SAME, _l("They mean the same: who types one finds the others")),
            SelectChoice(NEAR, _l("They are near: the others count for less")),
            SelectChoice(LEADS, _l("One way: who types these finds those below too, but not the other way round")),
        ],
        default=SAME,
    )
    words = StringField(_l("Words"), [Optional(), Length(max=600)])
    sought = StringField(_l("Find these too"), [Optional(), Length(max=600)])
    word = StringField(_l("Word to leave out"), [Optional(), Length(max=40)])

    @classmethod
    def typed(cls) -> ChangeForm:
        """Return what an address says, as the form it came from."""
        return cls(formdata=request.args)

    def change(self) -> Change:
        """Return the change; refuses what cannot be one (Invalid, by field)."""
        op = self.op.data if self.op.data in words.OPS else "add"
        if op in ("add", "change"):
            group = words.group_of(self.kind.data or "", self.words.data or "", self.sought.data or "")
            return Change(op=op, id=self.change_id if op == "change" else 0, group=group)
        if op == "stop":
            return Change(op=op, word=words.stop_word(self.word.data or ""))
        return Change(op=op, id=self.change_id, key=(self.key.data or "")[:80], word=(self.word.data or "")[:40])

    @property
    def change_id(self) -> int:
        text = self.id.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
