"""Which column of a table is which field: guessed from its heading in several languages, changed by whoever knows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flask_babel import gettext as _

from portal.core import tables
from portal.core.errors import Invalid
from portal.core.importing import Importer, Unusable


def guess(importer: Importer, path: Path) -> dict[str, str]:
    """Return a field for each heading that seems to mean one; nothing where the importer reads no table."""
    if not importer.columns:
        return {}
    with suppress(Unusable):
        return guess_from(importer, tables.read(path).headings)
    return {}


def guess_from(importer: Importer, headings: tuple[str, ...]) -> dict[str, str]:
    """Return a field for each heading that seems to mean one; of two that mean the same, the first gets it."""
    words = {_bare(word): column.name for column in importer.columns for word in (column.name, *column.words)}
    found: dict[str, str] = {}
    for heading in headings:
        field = words.get(_bare(heading), "")
        found[heading] = field if field not in found.values() else ""
    return found


def settled(importer: Importer, columns: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping when each field has one column at most, else refuse (Invalid)."""
    known = {column.name: str(column.label) for column in importer.columns}
    taken: set[str] = set()
    for field in columns.values():
        if field and field not in known:
            raise Invalid(_("There is no field called %(name)s.", name=field))
        if field and field in taken:
            raise Invalid(_("Two columns cannot both be “%(name)s”.", name=known[field]))
        taken.add(field)
    return dict(columns)


def missing(importer: Importer, columns: Mapping[str, str]) -> list[str]:
    """Return the names of fields without which no line can be imported and that no column fills."""
    filled = set(columns.values())
    return [
        _(" or ").join(str(column.label) for column in importer.columns if column.name in one_of)
        for one_of in importer.needed
        if not filled.intersection(one_of)
    ]


def told_missing(importer: Importer, columns: Mapping[str, str]) -> str:
    """Say which columns are missing and which the table has; empty where none is, or nothing could be read."""
    names = missing(importer, columns)
    if not names or not columns:
        return ""
    return _(
        "No column is chosen for: %(missing)s. The table has these columns: %(found)s.",
        missing=", ".join(names),
        found=", ".join(heading for heading in columns if heading),
    )


def _bare(words: str) -> str:
    """Return the letters and digits of a heading, without accents and case."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(char for char in plain if char.isalnum())
