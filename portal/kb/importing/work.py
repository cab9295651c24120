"""An import of articles under way: what each page would become, and making it so.

Everything about the portal that decides is read once at the beginning. What was edited in the portal since the last
import is the portal's: it is reported and left alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.core import markup, options
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.importing import Done, Given, Ground, Known, Note, Outcome, Plan, Row, Unusable
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb.importing import converting, pages, storing, texts
from portal.kb.importing.addresses import LONGEST, Addresses, normal, old_addresses
from portal.kb.importing.frontmatter import texts as listed
from portal.kb.importing.pages import Folder, Page
from portal.kb.importing.storing import Text
from portal.kb.importing.topics import Place, Shelves
from portal.kb.models import Article, ArticleRedirect, Category, Draft, OldAddress, Status
from portal.kb.reading import families
from portal.kb.shelving import tree
from portal.kb.writing import drafts
from portal.people import audiences
from portal.people import queries as people

RULES = 2
"""Raised when the same page would become another article; the next import then brings all of them up to date."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?")
STATUSES = {Status.PUBLISHED.value, Status.DRAFT.value}


@dataclass(frozen=True)
class _There:
    """An article as it stands."""

    slug: str
    n_revisions: int
    status: str
    is_being_written: bool
    is_second_asked: bool
    """A second person looks at every text of the topic it is in."""

    def was_taken_back(self, known: Known) -> bool:
        """True when an undo put it away and nobody has touched it since; the next import brings it as new."""
        return self.status == Status.ARCHIVED and not known.checksum


class ArticleWork:
    """See `core.importing.Work`."""

    def __init__(self, actor: Actor, folder: Sequence[Row], given: Given) -> None:
        actor.require(Permission.IMPORT_RUN)
        assert isinstance(folder, Folder)  # noqa: S101 - what `pages.read` gives
        self._actor, self._folder, self._given = actor, folder, given
        self._audience = self._chosen_audience()
        self._owner_id = self._chosen_owner()
        self._shelves = Shelves(folder, given, self._audience)
        self._addresses = Addresses(folder.pages, folder.files)
        self._asking = set(db.session.execute(select(Category.id).where(Category.needs_second)).scalars())
        self._there = self._articles()
        self._slugs = self._plan_slugs()
        self._taken = {one.slug for one in self._there.values()}
        self._planned = frozenset(self._slugs.values())
        self._own: dict[str, list[str]] = {}
        for path, page in self._addresses.own.items():
            self._own.setdefault(page.path, []).append(path)
        self._published = {one.slug for one in self._there.values() if one.status == Status.PUBLISHED}
        self._old = dict(db.session.execute(select(OldAddress.path, OldAddress.article_id)).all())
        self._mails = {str(page.values.get("owner", "")).lower() for page in folder.pages} - {""}
        self._owners = people.ids_by_email(self._mails)
        self._hashes: dict[str, str] = {}
        self._store = storing.Store(actor, self._owner_id, folder.files)

    # What was chosen

    def _chosen_audience(self) -> tuple[str, ...]:
        slug = self._given.choice("audience")
        if slug and slug != audiences.PUBLIC and slug not in people.audience_ids():
            raise Unusable(_("There is no audience “%(slug)s”.", slug=slug))
        return (slug,) if slug else ()

    def _chosen_owner(self) -> int | None:
        mail = self._given.choice("owner")
        person = people.by_email(mail) if mail else None
        if mail and person is None:
            raise Unusable(_("Nobody has an account with the address %(mail)s.", mail=mail))
        return person.id if person else self._actor.person_id

    def _articles(self) -> dict[int, _There]:
        # What an import left as a draft is open, too; a save makes its lock grow.
        is_written = Draft.is_open.is_(True) & ((Draft.lock > 1) | (Article.status == Status.PUBLISHED.value))
        open_drafts = select(Draft.article_id).join(Article, Article.id == Draft.article_id).where(is_written)
        written = set(db.session.execute(open_drafts).scalars())
        query = select(Article.id, Article.slug, Article.n_revisions, Article.status, Article.category_id)
        return {
            i: _There(slug, n, status, i in written, topic_id in self._asking)
            for i, slug, n, status, topic_id in db.session.execute(query)
        }

    def _key(self, page: Page) -> str:
        return f"{self._shelves.key}/{page.place}"[:400]

    def _known(self, page: Page) -> Known | None:
        known = self._given.known.get(self._key(page))
        return known if known is not None and known.subject.id in self._there else None

    def _plan_slugs(self) -> dict[str, str]:
        """Return the address of every page: the one it has, else a free one made from its file's name."""
        redirects = set(db.session.execute(select(ArticleRedirect.slug)).scalars())
        taken = {one.slug for one in self._there.values()} | redirects | drafts.RESERVED
        found = {page.path: self._there[k.subject.id].slug for page in self._folder.pages if (k := self._known(page))}
        for page in self._folder.pages:
            if page.path in found:
                continue
            base = drafts.plain_slug(page.stem)
            if self._is_ours(page):  # an export of ours: its files are named by their addresses
                found[page.path] = base
                continue
            slug, n = base, 2
            while slug in taken:
                slug, n = f"{base}-{n}", n + 1
            found[page.path] = slug
            taken.add(slug)
        return found

    def _is_ours(self, page: Page) -> bool:
        return bool(self._folder.categories) and "category" in page.values

    # Looking

    def check(self, row: Row) -> Plan:
        page: Page = row.values["page"]
        known = self._known(page)
        there = self._there.get(known.subject.id) if known else None
        if known is None and self._is_ours(page) and self._slugs[page.path] in self._taken:
            reason = _("The portal has an article of this address.")
            return Plan(row=row, outcome=Outcome.KEPT, reason=reason, title=page.title)
        if there is not None and known is not None and (reason := self._is_the_portals(there, known)):
            return Plan(row=row, outcome=Outcome.KEPT, reason=reason, title=page.title)
        text, notes = self._text(page)
        was = f"{markup.VERSION}.{RULES}:{text.checksum}"
        text = replace(text, checksum=was)
        plan = Plan(row=row, outcome=Outcome.UNCHANGED, title=page.title, notes=tuple(notes), content=text)
        if known is not None and known.checksum == was:
            return plan
        if there is not None and there.status == Status.PUBLISHED and self._is_second_asked(text.place, there):
            reason = _("A second person looks at every text of its topic: change it in a draft.")
            return Plan(row=row, outcome=Outcome.KEPT, reason=reason, title=page.title)
        made = markup.render_safely(text.body, links=self._address, files=self._store.pretend)
        is_new = there is None or known is None or there.was_taken_back(known)
        reason = _("Goes to %(topic)s", topic=text.place.way) if is_new else ""
        outcome = Outcome.CREATED if is_new else Outcome.CHANGED
        return replace(plan, outcome=outcome, reason=reason, content=replace(text, made=made))

    def _is_the_portals(self, there: _There, known: Known) -> str:
        if there.n_revisions != known.left.get("revision"):
            return _("It was edited in the portal since.")
        if there.is_being_written:
            return _("Somebody is writing a new text of it.")
        if there.status == Status.ARCHIVED and known.checksum and known.left.get("status") != Status.ARCHIVED:
            return _("It was archived in the portal.")
        return ""

    def _address(self, slug: str) -> str | None:
        return f"/kb/{slug}" if slug in self._published or slug in self._planned else None

    def _text(self, page: Page) -> tuple[Text, list[Note]]:
        converter = converting.Converter(
            page, pages.body_of(page), self._addresses, lambda other: self._slugs[other.path]
        )
        if self._is_ours(page):
            made = converter.keep()
            body = made.body
        else:
            made = converter.convert()
            body = self._body(page, made.body, converter) + texts.whom_to_ask(page)
        notes = made.notes + self._notes(page)
        place = self._shelves.of(page)
        if place is None:
            raise Unusable(_("Its topic “%(slug)s” is nowhere stated.", slug=str(page.values.get("category"))[:80]))
        text = Text(
            page=page,
            place=place,
            slug=self._slugs[page.path],
            title=page.title,
            summary=texts.summary(page, body),
            body=body,
            tags=tuple(texts.tags(page)),
            audience=self._audience_of(page),
            status=self._status_of(page, place),
            files=tuple(made.files),
        )
        says = (text.title, text.summary, text.body, text.tags, text.audience, text.status, page.place)
        pieces = repr((says, [self._hash(path) for path in text.files])).encode("utf-8", "surrogatepass")
        return replace(text, checksum=hashlib.sha256(pieces).hexdigest()), notes

    def _body(self, page: Page, body: str, converter: converting.Converter) -> str:
        target = texts.moved_to(page)
        if not target:
            return body
        leads = converter.linker.link(page.title, target, 0, is_picture=False)
        return f"{_('This page has moved: %(link)s', link=leads)}\n\n{body}".rstrip() + "\n"

    def _notes(self, page: Page) -> list[Note]:
        """Say which addresses that the page claims will not lead to it."""
        known, found = self._known(page), []
        for address in old_addresses(page):
            path = normal(address)
            owner = self._old.get(path)
            is_others = self._addresses.own.get(path) is not page or (
                owner is not None and not (known and known.subject.id == owner)
            )
            if is_others or self._is_ours_already(path):
                line = page.line_of("redirect_from")
                found.append(Note(line, _("This old address leads elsewhere: %(path)s", path=address[:200])))
        mail = str(page.values.get("owner", "")).lower()
        if mail and mail not in self._owners:
            found.append(Note(page.line_of("owner"), _("Nobody has an account with the address %(mail)s.", mail=mail)))
        return found

    @staticmethod
    def _is_ours_already(path: str) -> bool:
        try:
            current_app.url_map.bind("").match(path, method="GET")
        except HTTPException as found:
            return found.code != 404
        except Exception:
            return False
        return True

    def _audience_of(self, page: Page) -> tuple[str, ...]:
        """Whom the page itself names, and who was chosen; a name nobody knows never opens anything."""
        stated = listed(page.values.get("audience")) if self._is_ours(page) else []
        known = people.audience_ids() if stated else {}
        for slug in stated:
            if slug != audiences.PUBLIC and slug not in known:
                raise Unusable(_("There is no audience “%(slug)s”; it must be there first.", slug=slug[:80]))
        return self._audience or tuple(sorted(set(stated)))

    def _is_second_asked(self, place: Place, there: _There | None) -> bool:
        """Say whether somebody else has to look first; whoever brings pages does not publish them alone either."""
        return place.topic_id in self._asking or (there is not None and there.is_second_asked)

    def _status_of(self, page: Page, place: Place) -> str:
        known = self._known(page)
        there = self._there[known.subject.id] if known else None
        stated = str(page.values.get("status", "")) if self._is_ours(page) else ""
        if stated == Status.ARCHIVED:
            return stated
        is_read = there is not None and there.status == Status.PUBLISHED
        if is_read and stated not in STATUSES:
            return Status.PUBLISHED.value  # a newer version of what readers have is for them too, however new ones come
        chosen = stated if stated in STATUSES else self._given.choice("status")
        may_appear = is_read or not self._is_second_asked(place, there)
        return Status.PUBLISHED.value if chosen == Status.PUBLISHED and may_appear else Status.DRAFT.value

    def _hash(self, path: str) -> str:
        if path not in self._hashes:
            with self._folder.files[path].open("rb") as file:
                self._hashes[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes[path]

    def rest(self) -> Iterator[Plan]:
        """Name articles of an earlier version of the same files whose file is gone; they stay."""
        present = {self._key(page) for page in self._folder.pages}
        prefix = f"{self._shelves.key}/"
        for key, known in sorted(self._given.known.items()):
            there = self._there.get(known.subject.id)
            if key in present or not key.startswith(prefix) or there is None or there.status != Status.PUBLISHED:
                continue
            row = Row(path=key.removeprefix(prefix))
            yield Plan(
                row=row, outcome=Outcome.KEPT, reason=_("Its file is gone; the article stays."), title=there.slug
            )

    # Doing

    def prepare(self) -> list[Ground]:
        for page in self._folder.pages:
            self._shelves.of(page)
        return self._shelves.make(self._actor)

    def apply(self, plans: Sequence[Plan]) -> list[Done]:
        to_write = [plan for plan in plans if plan.outcome is not Outcome.UNCHANGED]
        pages_of = [plan.row.values["page"] for plan in to_write]
        given = [
            (plan, self._known(p), self._extra(p), self._key(p)) for plan, p in zip(to_write, pages_of, strict=True)
        ]
        written = iter(self._store.put(given))
        return [self._as_it_was(plan) if plan.outcome is Outcome.UNCHANGED else next(written) for plan in plans]

    def _as_it_was(self, plan: Plan) -> Done:
        known = self._known(plan.row.values["page"])
        return Done(plan=plan, subject=known.subject if known else None)

    def _extra(self, page: Page) -> storing.Extra:
        mail = str(page.values.get("owner", "")).lower()
        mine = [path for path in self._own.get(page.path, ()) if not self._is_ours_already(path)]
        return storing.Extra(
            owner_id=self._owners.get(mail),
            addresses=tuple(path for path in mine if len(path) <= LONGEST and path not in self._old),
            replaces=tuple(texts.replaced(page)) if self._is_ours(page) else (),
            language=self._language_of(page),
            hashes=self._hashes,
            address=self._address,
        )

    def _language_of(self, page: Page) -> str:
        stated = str(page.values.get("language", "")) if self._is_ours(page) else ""
        return stated if _LANGUAGE.fullmatch(stated) else ""

    def finish(self, subjects: Iterable[Ref]) -> None:
        self._join_translations()
        follow(subjects)

    def _join_translations(self) -> None:
        """Tie translations of an export of ours to their originals, now that all are there."""
        ours = (page for page in self._folder.pages if self._is_ours(page) and page.values.get("translation_of"))
        wanted = {self._slugs[page.path]: str(page.values["translation_of"]) for page in ours}
        if not wanted:
            return
        query = select(Article).where(Article.slug.in_({*wanted, *wanted.values()}))
        rows = {row.slug: row for row in db.session.execute(query).scalars()}
        for slug, original in wanted.items():
            one, other = rows.get(slug), rows.get(original)
            if one is not None and other is not None and one.language and one.translation_of_id is None:
                one.translation_of_id, one.translated_revision = other.id, other.n_revisions
        options.touch(families.STAMP)


def follow(subjects: Iterable[Ref]) -> None:
    """Have the search index and the list of links follow."""
    refs = {ref for ref in subjects if ref.kind == "article"}
    tree.follow(refs)
    if refs:
        jobs.enqueue("kb.links.collect", {"articles": sorted(ref.id for ref in refs)})
