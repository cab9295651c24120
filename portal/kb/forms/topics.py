"""The forms of topics and tags."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core import options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.forms import Form
from portal.kb.models import Category, Mode
from portal.kb.shelving import topics, tree
from portal.kb.shelving.topics import ICONS, Wanted
from portal.people.audiences import PUBLIC
from portal.people.models import Audience

TOP = 0
ICON_WORDS = {
    "folder": _l("Folder"),
    "key": _l("Key"),
    "wifi": _l("Wireless"),
    "mail": _l("Letter"),
    "calendar": _l("Calendar"),
    "video": _l("Camera"),
    "print": _l("Printer"),
    "laptop": _l("Laptop"),
    "phone": _l("Phone"),
    "monitor": _l("Screen"),
    "globe": _l("Globe"),
    "shield": _l("Shield"),
    "lock": _l("Lock"),
    "download": _l("Arrow down"),
    "upload": _l("Arrow up"),
    "paperclip": _l("Paper clip"),
    "image": _l("Picture"),
    "door": _l("Door"),
    "people": _l("People"),
    "user": _l("Person"),
    "hand-over": _l("Handing over"),
    "heart": _l("Heart"),
    "cart": _l("Trolley"),
    "building": _l("Building"),
    "map": _l("Map"),
    "settings": _l("Cog"),
    "bars": _l("Bars"),
    "steps": _l("Steps"),
    "question": _l("Question mark"),
    "tip": _l("Light bulb"),
}
"""What the drawings are called for those who hear them."""


class TopicForm(Form):
    """What an editor says of a topic."""

    title = StringField(_l("Name"), [InputRequired(), Length(max=topics.TITLE)])
    summary = StringField(_l("What is in it"), [Optional(), Length(max=topics.SUMMARY)])
    slug = StringField(_l("Address"), [Optional(), Length(max=topics.SLUG)])
    parent_id = SelectField(_l("Stands below"), [Optional()], coerce=int, default=TOP)
    icon = RadioField(_l("Picture"), [Optional()], default="folder")
    audience = SelectMultipleField(_l("Who may read what is in it"), [Optional()])
    mode = RadioField(_l("Who may change the articles"), [Optional()], default=Mode.EDITORIAL.value)
    needs_second = BooleanField(_l("Four eyes: somebody else looks before anything is published"))
    is_sure = BooleanField(_l("Yes, I mean it"))

    def offer(self, actor: Actor, topic: Category | None = None) -> TopicForm:
        """Fill in what can be chosen; every choice is checked again by the service."""
        inside = tree.below(topic) if topic is not None else set()
        rows = [(depth, one.topic) for depth, one in tree.flat(tree.branches(actor)) if one.topic.id not in inside]
        indented = [(row.id, "\u2003" * depth + row.title) for depth, row in rows]
        self.parent_id.choices = [(TOP, _("Nothing: it stands at the top")), *indented]
        own = (topic.icon,) if topic is not None and topic.icon not in ICONS else ()
        self.icon.choices = [(name, ICON_WORDS.get(name, _("Another picture"))) for name in (*own, *ICONS)]
        self.audience.choices = audience_choices(with_public=True, chosen=self.audience.data or ())
        self.mode.choices = [
            (Mode.EDITORIAL.value, _("Editors. Everybody else suggests, and an editor looks before it is published.")),
            (Mode.WIKI.value, _("Everybody who may read it, at once. Editors look afterwards.")),
        ]
        return self

    def wanted(self) -> Wanted:
        """Return what was typed as the service takes it."""
        return Wanted(
            title=self.title.data or "",
            slug=(self.slug.data or "").strip().lower(),
            summary=self.summary.data or "",
            icon=self.icon.data or "folder",
            parent_id=self.parent_id.data or None,
            audience=tuple(self.audience.data or ()),
            mode=self.mode.data or Mode.EDITORIAL.value,
            needs_second=bool(self.needs_second.data),
        )


def audience_choices(*, with_public: bool, chosen: Any = ()) -> list[tuple[str, str]]:
    """Return the audiences by name; `public` only where reading is open to everybody, or where it was chosen."""
    found = [(row.slug, row.name) for row in db.session.execute(select(Audience).order_by(Audience.name)).scalars()]
    if with_public and (options.get().public_reading or PUBLIC in chosen):
        found.append((PUBLIC, _("Everybody, also without signing in")))
    return found


class MergeForm(Form):
    """Where everything of a topic goes."""

    into = SelectField(_l("Put everything into"), coerce=int)
    is_sure = BooleanField(_l("Yes, I mean it"))

    def offer(self, actor: Actor, topic: Category) -> MergeForm:
        """Fill in the topics it can go into."""
        inside = tree.below(topic)
        rows = [(depth, one.topic) for depth, one in tree.flat(tree.branches(actor)) if one.topic.id not in inside]
        self.into.choices = [(row.id, "\u2003" * depth + row.title) for depth, row in rows]
        return self


class TagForm(Form):
    """A tag and what it is to be called."""

    tag = HiddenField(validators=[InputRequired(), Length(max=40)])
    to = StringField(_l("New name"), [InputRequired(), Length(max=40)])
