"""What imports keep about people: who began each, and the lines that tell of somebody."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import defer

from portal.core.database import db
from portal.core.personal import PersonPlace, Record, Subject, handled
from portal.core.refs import Ref
from portal.imports.models import ImportKnown, ImportLine


def _lines(subject: Subject) -> Iterator[Record]:
    query = select(ImportLine).where(ImportLine.subject == str(Ref("person", subject.person_id)))
    for line in db.session.execute(query.options(defer(ImportLine.before))).scalars():
        yield {"import": line.run_id, "line": line.line, "title": line.title, "outcome": line.outcome}


def _forget_lines(subject: Subject) -> int:
    """Empty the lines that tell of somebody, also those that failed, and forget how an import knows them."""
    ref = str(Ref("person", subject.person_id))
    titles = (ImportLine.title.icontains(email, autoescape=True) for email in subject.emails)
    lines = select(ImportLine).where(or_(ImportLine.subject == ref, *titles)).options(defer(ImportLine.before))
    n = 0
    for line in db.session.execute(lines).scalars().all():
        if line.subject == ref or subject.is_in(line.title):
            line.title, line.reason, line.notes, line.n_notes, line.before, line.subject = "", "", [], 0, {}, None
            n += 1
    n += db.session.execute(delete(ImportKnown).where(ImportKnown.subject == ref)).rowcount  # type: ignore[attr-defined]
    return int(n)


def _move_known(loser_id: int, winner_id: int) -> int:
    """Let the next import find the account that stays."""
    of_loser, of_winner = (str(Ref("person", person_id)) for person_id in (loser_id, winner_id))
    moved = update(ImportKnown).where(ImportKnown.subject == of_loser).values(subject=of_winner, checksum="")
    return int(db.session.execute(moved).rowcount)  # type: ignore[attr-defined]


PLACES = (
    handled("import_run.by_id", _l("Imports they began"), "id", "kind", "name", "created_at"),
    PersonPlace(
        name="import-lines",
        label=_l("Lines of imports about them"),
        export=_lines,
        erase=_forget_lines,
        merge=_move_known,
    ),
)
