"""The form of an announcement. Times are typed and shown in the time zone of the person who writes."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import (
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.forms import Form, MomentField, wall
from portal.core.markup import guard
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.home import policies
from portal.home.announcements import LASTS, TITLE, Wanted
from portal.home.models import Announcement
from portal.people import queries as people
from portal.people.models import Audience, Department, Person

SOMEBODY = "somebody"
TIMES = ("since", "until")


class AnnouncementForm(Form):
    """What people should know, who says it, to whom, from when until when."""

    title = StringField(_l("What is it about?"), [InputRequired(), Length(max=TITLE)])
    body = TextAreaField(_l("What people should know"), [InputRequired(), Length(max=guard.COMMENT_LIMIT)])
    article = StringField(_l("Answer that says more"), [Optional(), Length(max=300)])
    pick = StringField(_l("Which one do you mean?"), [Optional(), Length(max=120)])
    sender = SelectField(_l("In whose name"), [Optional()], coerce=str)
    sender_mail = StringField(_l("Their mail address"), [Optional(), Length(max=254)])
    audience = SelectMultipleField(_l("For whom"), [Optional()])
    since = MomentField(_l("From"), [InputRequired()])
    until = MomentField(_l("Until"), [InputRequired()])
    seen = HiddenField(default="0")

    def offer(self, actor: Actor, row: Announcement | None = None) -> AnnouncementForm:
        """Fill in what can be chosen; every choice is checked again by the service."""
        self.audience.choices = [
            SelectChoice(one.slug, one.name)
            for one in db.session.execute(select(Audience).order_by(Audience.name)).scalars()
        ]
        own = [] if row is None else [(str(policies.sender_of(row)), row.sender_name)]
        me = (str(Ref("person", actor.person_id or 0)), _("%(name)s (you)", name=actor.name))
        choices = dict([me, *own, *_departments(actor)])
        self.sender.choices = [SelectChoice(value, label) for value, label in choices.items()]
        if policies.can_name_others(actor):
            self.sender.choices.append(SelectChoice(SOMEBODY, _("Somebody else, who is asked first")))
        return self

    def wanted(self, zone: str, *, article_id: int | None) -> Wanted:
        """Return what was typed; refuses times that exist in no calendar, and a stranger's address (Invalid)."""
        return Wanted(
            title=self.title.data or "",
            body=self.body.data or "",
            since=self.since.at(zone),
            until=self.until.at(zone),
            sender=self._sender(),
            audience=tuple(self.audience.data or ()),
            article_id=article_id,
        )

    def _sender(self) -> Ref | None:
        chosen = self.sender.data or ""
        if chosen == SOMEBODY:
            person: Person | None = people.by_email(self.sender_mail.data or "")
            if person is None:
                raise Invalid(_("Nobody here has this address."), field="sender_mail")
            return person.ref
        try:
            return Ref.parse(chosen) if chosen else None
        except ValueError:
            raise Invalid(_("Choose yourself, or somebody you may speak for."), field="sender") from None


def _departments(actor: Actor) -> list[tuple[str, str]]:
    query = select(Department).order_by(Department.name)
    if Role.ADMIN not in actor.roles:
        query = query.where(Department.id == actor.department_id)
    rows = db.session.execute(query).scalars()
    return [(str(ref), row.name) for row in rows if policies.can_name(actor, ref := Ref("department", row.id))]


def fresh(zone: str, like: Announcement | None = None) -> AnnouncementForm:
    """Return an empty form that begins now and ends by itself; `like` an earlier one, to say it again."""
    now = clock.now()
    words = {"since": wall(now, zone), "until": wall(now + LASTS, zone)}
    if like is not None:
        words |= {"title": like.title, "body": like.body, "audience": list(like.audience)}  # type: ignore[dict-item]
    return AnnouncementForm(formdata=None, data=words)


def filled(zone: str, row: Announcement, *, article_slug: str) -> AnnouncementForm:
    """Return the form of an announcement that is there."""
    return AnnouncementForm(
        formdata=None,
        data={
            "title": row.title,
            "body": row.body,
            "article": article_slug,
            "sender": str(policies.sender_of(row)),
            "audience": list(row.audience),
            "since": wall(row.from_at, zone),
            "until": wall(row.ends_at, zone),
            "seen": str(row.n_changes),
        },
    )
