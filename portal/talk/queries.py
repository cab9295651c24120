"""Reads of what people said: tallies for many things at once, notes of one, feedback that waits for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.orm import joinedload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.refs import Ref
from portal.talk import policies
from portal.talk.models import Comment, Solution


@dataclass(frozen=True)
class Tally:
    """How many people said yes, and how many said anything, about one version."""

    n_solved: int
    n_said: int


def tallies(versions: Mapping[Ref, int]) -> dict[Ref, Tally]:
    """Return the tally of each thing's given version, one query; things nobody spoke of are missing."""
    if not versions:
        return {}
    wanted = {str(ref): version for ref, version in versions.items()}
    rows = db.session.execute(_counted(), {"subjects": list(wanted)})
    return {
        Ref.parse(subject): Tally(int(n_solved), n_said)
        for subject, version, n_solved, n_said in rows
        if wanted[subject] == version
    }


@cache
def _counted() -> Select[*tuple[Any, ...]]:
    """The statement is built once: building it takes longer than asking it."""
    return (
        select(Solution.subject, Solution.version, func.sum(cast(Solution.is_solved, Integer)), func.count())
        .where(Solution.subject.in_(bindparam("subjects", expanding=True)))
        .group_by(Solution.subject, Solution.version)
    )


def notes(thing: Ref, *, limit: int = 100) -> list[Comment]:
    """Return the notes below a thing, oldest first, with who wrote them."""
    return list(db.session.execute(_notes(), {"subject": str(thing), "limit": limit}).scalars())


@cache
def _notes() -> Select[*tuple[Any, ...]]:
    return (
        select(Comment)
        .options(joinedload(Comment.person))
        .where(Comment.subject == bindparam("subject"), Comment.removed_at.is_(None))
        .order_by(Comment.created_at, Comment.id)
        .limit(bindparam("limit"))
    )


@dataclass(frozen=True)
class Notes:
    """The notes below some things, by thing: those that stand, and those somebody may bring back."""

    standing: dict[Ref, list[Comment]] = field(default_factory=dict)
    gone: dict[Ref, list[Comment]] = field(default_factory=dict)


def notes_on(actor: Actor, things: Collection[Ref], *, limit: int = 500) -> Notes:
    """Return the notes below each of these things, oldest first, with who wrote them; one query.

    Those that were taken away are there for who may bring them back.
    """
    given = {"subjects": [str(thing) for thing in things], "limit": limit}
    found = Notes()
    for note in db.session.execute(_notes_on(), given).scalars():
        if note.removed_at is None:
            found.standing.setdefault(Ref.parse(note.subject), []).append(note)
        elif policies.can_restore(actor, note):
            found.gone.setdefault(Ref.parse(note.subject), []).append(note)
    return found


@cache
def _notes_on() -> Select[*tuple[Any, ...]]:
    """The statement takes those that stand first, so that what was taken away never pushes them out."""
    return (
        select(Comment)
        .options(joinedload(Comment.person))
        .where(Comment.subject.in_(bindparam("subjects", expanding=True)))
        .order_by(Comment.removed_at.is_not(None), Comment.created_at, Comment.id)
        .limit(bindparam("limit"))
    )


def feedback(
    subjects: Collection[Ref] | None = None, *, only_open: bool = True, before_id: int | None = None, limit: int = 30
) -> list[Solution]:
    """Return what people said in words, newest first; `only_open`: nobody has answered it.

    `subjects` None means of everything; an empty collection of nothing.
    """
    query = select(Solution).options(joinedload(Solution.person), joinedload(Solution.replied_by))
    query = query.where(wants_a_person())
    if subjects is not None:
        query = query.where(Solution.subject.in_([str(ref) for ref in subjects]))
    if only_open:
        query = query.where(is_open())
    if before_id is not None:
        query = query.where(Solution.id < before_id)
    return list(db.session.execute(query.order_by(Solution.id.desc()).limit(limit)).scalars())


def n_open(subjects: Collection[Ref] | None = None) -> int:
    """Return how much of what was said in words waits for an answer."""
    query = select(func.count()).select_from(Solution).where(wants_a_person(), is_open())
    if subjects is not None:
        query = query.where(Solution.subject.in_([str(ref) for ref in subjects]))
    return db.session.execute(query).scalar_one()


def reasons(thing: Ref, *, version: int) -> dict[str, int]:
    """Return how many people gave each reason for this version."""
    query = (
        select(Solution.reason, func.count())
        .where(Solution.subject == str(thing), Solution.version == version, Solution.reason.is_not(None))
        .group_by(Solution.reason)
    )
    return {reason: n for reason, n in db.session.execute(query) if reason}


def most_reasons(subjects: Collection[Ref] | None = None, *, limit: int = 200) -> list[tuple[Ref, int, str, int]]:
    """Return thing, version, reason and how many chose it, the most chosen first; `subjects` None means of everything.

    One query, however many things there are.
    """
    n = func.count()
    query = select(Solution.subject, Solution.version, Solution.reason, n).where(Solution.reason.is_not(None))
    if subjects is not None:
        query = query.where(Solution.subject.in_([str(ref) for ref in subjects]))
    query = query.group_by(Solution.subject, Solution.version, Solution.reason)
    rows = db.session.execute(query.order_by(n.desc(), Solution.subject, Solution.reason).limit(limit))
    return [(Ref.parse(subject), version, reason or "", n_people) for subject, version, reason, n_people in rows]


def who_said_not_yet(thing: Ref, *, version: int) -> list[int]:
    """Return the ids of the people whom this version did not help."""
    query = select(Solution.person_id).where(
        Solution.subject == str(thing), Solution.version == version, Solution.is_solved.is_(False)
    )
    return list(db.session.execute(query).scalars())


def answered_for(person_id: int, *, since: dt.datetime, limit: int = 5) -> list[Solution]:
    """Return this person's feedback that an editor answered lately, newest answer first."""
    given = {"person": person_id, "since": since, "limit": limit}
    return list(db.session.execute(_answered(), given).scalars())


@cache
def _answered() -> Select[*tuple[Any, ...]]:
    return (
        select(Solution)
        .options(joinedload(Solution.replied_by))
        .where(Solution.person_id == bindparam("person"), Solution.replied_at >= bindparam("since"))
        .order_by(Solution.replied_at.desc(), Solution.id.desc())
        .limit(bindparam("limit"))
    )


def wants_a_person() -> ColumnElement[bool]:
    """A reason is chosen with one tap and asks nobody back; words do, after a yes as after a no."""
    return Solution.comment != literal_column("''")


def is_open() -> ColumnElement[bool]:
    return or_(Solution.replied_at.is_(None), Solution.replied_at < Solution.changed_at)
