"""Questions with their answers from elsewhere, as JSON Lines: one `{"id": ..., "title": ..., "answers": [...]}` a line.

A line is found again by its id. They belong to nobody here, nobody is told of them, and what somebody has added to or
changed in the portal since stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from analytics.events import Name
from portal.community import returning, texts
from portal.community.models import Question
from portal.core import clock, tables
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.importing import Choice, Done, Given, Ground, Importer, Known, Outcome, Plan, Row, Text, Unusable
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.kb.importing.topics import bare, choices, left_as, title_of
from portal.kb.models import Category, Origin
from portal.kb.shelving import topics, tree
from portal.ledger import services as ledger

KEY = 64
MOST_ANSWERS = 500


@dataclass(frozen=True, kw_only=True)
class Thread:
    """What a line says."""

    key: str
    title: str
    body: str
    answers: tuple[str, ...]

    @property
    def checksum(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


@contextmanager
def read(path: Path, given: Given) -> Iterator[Sequence[Row]]:
    """Give the lines of a file as rows; refuses (Unusable) what is too large or is no file."""
    if path.is_dir() or path.stat().st_size > tables.MOST_BYTES:
        raise Unusable(_("This is no file of lines, or it is larger than %(n)s MB.", n=tables.MOST_BYTES // 1_000_000))
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if len(lines) > tables.MOST_ROWS:
        raise Unusable(_("The file has more than %(n)s lines. Bring it in two parts.", n=tables.MOST_ROWS))
    yield [_row(line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _row(line: bytes, number: int) -> Row:
    try:
        values = json.loads(line.decode())
    except (ValueError, RecursionError):
        return Row(line=number, problem=_("This line is no JSON."))
    if not isinstance(values, dict):
        return Row(line=number, problem=_("This line is no JSON object with a title."))
    title = values.get("title")
    return Row(line=number, values=values, title=title[:120] if isinstance(title, str) else "")


class QuestionsWork:
    """See `core.importing.Work`."""

    def __init__(self, actor: Actor, rows: Sequence[Row], given: Given) -> None:
        actor.require(Permission.IMPORT_RUN)
        self._actor, self._given = actor, given
        self._topic_slug = given.choice("topic")
        self._topic_title = title_of(Path(given.name).stem) or _("Imported")
        if self._topic_slug and self._standing() is None:
            raise Unusable(_("There is no topic “%(slug)s”.", slug=self._topic_slug))
        there = select(Question.external_id, Question.id).where(Question.origin == returning.IMPORTED)
        self._there: dict[str, int] = {key: number for key, number in db.session.execute(there) if key}
        self._touched = returning.touched(self._there.values())
        self._lines: dict[str, int] = {}

    # Looking

    def check(self, row: Row) -> Plan:
        thread = _thread(row.values)
        first = self._lines.setdefault(thread.key, row.line)
        if first != row.line:
            raise Invalid(_("The same id stands in line %(n)s.", n=first))
        plan = Plan(row=row, outcome=Outcome.CREATED, title=thread.title, content=thread)
        there = self._there.get(thread.key)
        if there is None:
            return plan
        known = self._given.known.get(thread.key)
        if known is not None and known.checksum == thread.checksum:
            return replace(plan, outcome=Outcome.UNCHANGED, content=None)
        if there in self._touched:
            return replace(plan, outcome=Outcome.KEPT, reason=returning.why_kept())
        return replace(plan, outcome=Outcome.CHANGED)

    def rest(self) -> Iterable[Plan]:
        return ()

    # Doing

    def _standing(self) -> Category | None:
        query = select(Category).where(Category.slug != tree.TAKEN_BACK).order_by(Category.id)
        if self._topic_slug:
            return db.session.execute(query.where(Category.slug == self._topic_slug)).scalar_one_or_none()
        tops = db.session.execute(query.where(Category.parent_id.is_(None))).scalars()
        return next((one for one in tops if bare(one.title) == bare(self._topic_title)), None)

    def prepare(self) -> Sequence[Ground]:
        if self._standing() is not None:
            return ()
        title = self._topic_title[: topics.TITLE]
        n = len(db.session.execute(select(Category.id)).all())
        topic = Category(
            slug=topics.free_address(title),
            title=title,
            summary="",
            icon="folder",
            position=n + 1,
            audience=[],
            access_key="",
            origin=Origin.PORTAL.value,
        )
        db.session.add(topic)
        db.session.flush()
        tree.rekey()
        ledger.record(Name.TOPIC_CREATED, actor=self._actor, subject=topic.ref, title=title, audience=[])
        return [Ground(subject=topic.ref, title=title, left=left_as(topic))]

    def apply(self, plans: Sequence[Plan]) -> Sequence[Done]:
        topic = self._standing()
        if topic is None:
            raise Invalid(_("The topic of this import is gone."))
        return [self._carry_out(plan, topic) for plan in plans]

    def _carry_out(self, plan: Plan, topic: Category) -> Done:
        if plan.outcome not in (Outcome.CREATED, Outcome.CHANGED):
            return Done(plan=plan)
        thread: Thread = plan.content
        same = (Question.origin == returning.IMPORTED) & (Question.external_id == thread.key)
        question = db.session.execute(select(Question).where(same).with_for_update()).scalar_one_or_none()
        if question is not None and question.id in returning.touched([question.id]):
            return Done(plan=replace(plan, outcome=Outcome.KEPT, reason=returning.why_kept(), content=None))
        before = returning.picture(question) if question is not None else {}
        is_new = question is None
        if question is None:
            question = Question(origin=returning.IMPORTED, external_id=thread.key, category=topic)
            question.access_key = topic.access_key
            question.created_at = question.last_activity_at = clock.now()
        returning.write(self._actor, question, title=thread.title, body=thread.body, answers=thread.answers)
        if is_new:
            facts: dict[str, Any] = {"subject": question.ref, "topic": topic.ref, "is_import": True}
            ledger.record(Name.QUESTION_ASKED, actor=self._actor, **facts)
        return Done(
            plan=replace(plan, content=None),
            subject=question.ref,
            before=before,
            key=thread.key,
            known=Known(subject=question.ref, checksum=thread.checksum),
        )

    def finish(self, subjects: Iterable[Ref]) -> None:
        tree.follow([one for one in subjects if one.kind == "question"])


def _thread(values: Mapping[str, Any]) -> Thread:
    """Read a line; refuses (Invalid) in words."""
    key = values.get("id")
    key = str(key) if isinstance(key, int | str) and not isinstance(key, bool) else ""
    title, body, answers = values.get("title"), values.get("body", ""), values.get("answers", [])
    if not key.strip() or len(key) > KEY:
        raise Invalid(_("It has no id, or one longer than %(n)s characters.", n=KEY))
    if not isinstance(title, str) or not (title := " ".join(_clean(title).split())):
        raise Invalid(_("It has no title."))
    if len(title) > texts.TITLE:
        raise Invalid(_("Its title is longer than %(n)s characters.", n=texts.TITLE))
    if not isinstance(body, str) or not isinstance(answers, list) or not all(isinstance(one, str) for one in answers):
        raise Invalid(_("Its answers are no list of texts."))
    if len(answers) > MOST_ANSWERS:
        raise Invalid(_("It has more than %(n)s answers.", n=MOST_ANSWERS))
    if len(body) > texts.BODY or any(len(one) > texts.BODY for one in answers):
        raise Invalid(_("One of its texts is longer than %(n)s characters.", n=texts.BODY))
    said = tuple(text for one in answers if (text := _clean(one)))
    return Thread(key=key.strip(), title=title, body=_clean(body), answers=said)


def _clean(text: str) -> str:
    """Return a text as the database takes it: without zero bytes and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def _topics() -> Sequence[tuple[str, Text]]:
    rows = db.session.execute(select(Category).where(Category.slug != tree.TAKEN_BACK)).scalars()
    return [("", _("A new one, named after the file")), *choices(rows)]


IMPORTER = Importer(
    kind="questions",
    label=_l("Questions and answers"),
    hint=_l("JSON Lines: on each line an id, a title, and a list of answers. Nobody is told of them."),
    endings=(".jsonl", ".ndjson"),
    read=read,
    plan=QuestionsWork,
    undo=returning.undo,
    after_undo=returning.after,
    choices=(Choice(name="topic", label=_l("Topic"), options=_topics),),
    batch=25,
)
