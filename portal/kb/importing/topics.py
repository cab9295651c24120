"""Which topics imported pages go into: folders become topics below one; an export of ours names its topics itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from analytics.events import Name
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Given, Ground, Unusable
from portal.kb.importing.pages import Folder, Page
from portal.kb.models import Category, Origin
from portal.kb.shelving import topics, tree
from portal.kb.syncing.content import CategoryEntry
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people import queries as people

_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.gz)$", re.IGNORECASE)


@dataclass(eq=False)
class Place:
    """A topic that is there, or is to be made below another."""

    title: str
    parent: Place | None = None
    topic_id: int | None = None
    stated: CategoryEntry | None = None
    """What an export of ours says of it."""
    below: dict[str, Place] = field(default_factory=dict, repr=False)

    @property
    def way(self) -> str:
        return f"{self.parent.way} › {self.title}" if self.parent else self.title


def title_of(folder: str, known: Mapping[str, str] | None = None) -> str:
    """Return the name of a folder as people write it; `known` spells abbreviations.

    >>> title_of("travel-and-leave"), title_of("_pages"), title_of("it_policies", {"it": "IT"})
    ('Travel and leave', 'Pages', 'IT policies')
    """
    words = [(known or {}).get(word.casefold(), word) for word in re.split(r"[-_\s]+", folder) if word]
    title = " ".join(words)
    return (title[:1].upper() + title[1:])[: topics.TITLE] or folder[: topics.TITLE]


def spellings(titles: Iterable[str]) -> dict[str, str]:
    """Return how titles spell words with more than their first letter large, where all of them agree.

    >>> spellings(["VPN on the iPhone", "The VPN app", "It works", "IT"])
    {'vpn': 'VPN', 'iphone': 'iPhone'}
    """
    found: dict[str, set[str]] = {}
    for title in titles:
        for word in re.findall(r"\w+", title):
            found.setdefault(word.casefold(), set()).add(word)
    return {bare_word: one for bare_word, (one, *others) in found.items() if not others and one[1:] != one[1:].lower()}


def bare(title: str) -> str:
    """Return what two names of one topic have in common."""
    plain = unicodedata.normalize("NFKD", title).casefold()
    return "".join(char for char in plain if char.isalnum())


class Shelves:
    """The tree as it will stand."""

    def __init__(self, folder: Folder, given: Given, audience: Sequence[str]) -> None:
        self._audience = list(audience)
        self._rows = _standing()
        self._chosen = given.choice("topic")
        self._places: dict[int | None, Place] = {}
        self._spellings = spellings(page.title for page in folder.pages)
        self._stated = self._read(folder.categories)
        self.root = self._root(given.name) if not self._stated else self._parent()
        self.new: list[Place] = []
        """To be made, those above before those below."""

    @property
    def key(self) -> str:
        """What tells the same files below another topic apart."""
        return self._chosen or (bare(self.root.title) if self.root else "")

    def _parent(self) -> Place | None:
        """Return the chosen topic as it stands."""
        if not self._chosen:
            return None
        row = next((row for row in self._rows if row.slug == self._chosen), None)
        if row is None:
            raise Unusable(_("There is no topic “%(slug)s”.", slug=self._chosen))
        return self._there(row)

    def _root(self, name: str) -> Place:
        parent = self._parent()
        if parent is not None:
            return parent
        title = title_of(_ARCHIVE.sub("", name), self._spellings) or _("Imported")
        row = next((one for one in self._rows if one.parent_id is None and bare(one.title) == bare(title)), None)
        return self._there(row) if row else Place(title)

    def _there(self, row: Category) -> Place:
        if row.id not in self._places:
            self._places[row.id] = Place(row.title, topic_id=row.id)
        return self._places[row.id]

    def _read(self, entries: Sequence[CategoryEntry]) -> dict[str, Place]:
        known = people.audience_ids()
        by_slug = {row.slug: row for row in self._rows}
        found: dict[str, Place] = {}
        for entry in entries:
            unknown = [slug for slug in entry.audience if slug != audiences.PUBLIC and slug not in known]
            if unknown:
                raise Unusable(_("There is no audience “%(slug)s”; it must be there first.", slug=unknown[0]))
            row = by_slug.get(entry.slug)
            place = self._there(row) if row else Place(entry.title[: topics.TITLE], found.get(entry.parent))
            place.stated = entry
            found[entry.slug] = place
        return found

    def of(self, page: Page) -> Place | None:
        """Return where the page goes; None when it names a topic that is nowhere stated."""
        if self._stated:
            place = self._stated.get(str(page.values.get("category", "")))
            self._note(place)
            return place
        place = self.root
        if place is None:
            return None
        for folder in page.folders:
            place = self._below(place, title_of(folder, self._spellings))
        self._note(place)
        return place

    def _below(self, place: Place, title: str) -> Place:
        found = place.below.get(bare(title))
        if found is None:
            row = next(
                (
                    row
                    for row in self._rows
                    if place.topic_id is not None
                    and row.parent_id == place.topic_id
                    and bare(title) in (bare(row.title), bare(row.slug))
                ),
                None,
            )
            found = self._there(row) if row else Place(title, place)
            place.below[bare(title)] = found
        return found

    def _note(self, place: Place | None) -> None:
        line = []
        while place is not None and place.topic_id is None and place not in self.new:
            line.append(place)
            place = place.parent
        self.new += reversed(line)

    def make(self, actor: Actor) -> list[Ground]:
        """Make the topics that are missing, the restricted ones restricted from the first moment; returns them.

        Records `topic.created` for each.

        Asks once more which are there: another runner of the same import may have made them since we looked.
        """
        self._rows = _standing() if self.new else self._rows
        made = []
        for place in self.new:
            entry = place.stated
            above = place.parent or (self.root if entry is not None else None)
            if (there := self._made_since(place, above)) is not None:
                place.topic_id = there.id
                continue
            row = Category(
                slug=entry.slug if entry else topics.free_address(place.title),
                title=place.title,
                summary=entry.summary[: topics.SUMMARY] if entry else "",
                icon=entry.icon if entry and entry.icon in topics.ICONS else "folder",
                position=entry.position if entry else len(self._rows) + 1,
                parent_id=above.topic_id if above else None,
                audience=list(entry.audience) if entry else self._stated_audience(place),
                access_key="",
                origin=Origin.PORTAL.value,
            )
            db.session.add(row)
            db.session.flush()
            place.topic_id = row.id
            self._rows.append(row)
            made.append(row)
        if made:
            tree.rekey()
        self.new = []
        for row in made:
            ledger.record(
                Name.TOPIC_CREATED, actor=actor, subject=row.ref, title=row.title, audience=list(row.audience)
            )
        return [Ground(subject=row.ref, title=row.title, left=left_as(row)) for row in made]

    def _made_since(self, place: Place, above: Place | None) -> Category | None:
        if place.stated is not None:
            return next((row for row in self._rows if row.slug == place.stated.slug), None)
        above_id = above.topic_id if above else None
        same = (row for row in self._rows if row.parent_id == above_id and bare(row.title) == bare(place.title))
        return next(same, None)

    def _stated_audience(self, place: Place) -> list[str]:
        """A new topic says for whom it is once, at the top of what is new."""
        is_top = place.parent is None or place.parent not in self.new
        return list(self._audience) if is_top else []


def _standing() -> list[Category]:
    """Return the topics as they stand, without the one that holds what was taken back."""
    query = select(Category).where(Category.slug != tree.TAKEN_BACK).order_by(Category.id)
    return list(db.session.execute(query).scalars())


def left_as(row: Category) -> dict[str, Any]:
    """Return what an editor may change of a topic, so that an undo knows whether somebody did."""
    return {
        "title": row.title,
        "slug": row.slug,
        "summary": row.summary,
        "icon": row.icon,
        "parent_id": row.parent_id,
        "audience": list(row.audience),
        "mode": row.mode,
        "needs_second": row.needs_second,
    }


def choices(rows: Iterable[Category]) -> list[tuple[str, str]]:
    """Return topics with the way to them, as a list to choose from."""
    by_id = {row.id: row for row in rows}

    def way(row: Category) -> str:
        above = by_id.get(row.parent_id) if row.parent_id else None
        return f"{way(above)} › {row.title}" if above else row.title

    return sorted(((row.slug, way(row)) for row in by_id.values()), key=lambda pair: pair[1].casefold())
