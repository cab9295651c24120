"""Writing imported texts onto articles, the same way as everything that is written in the portal."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from rapidfuzz import fuzz
from sqlalchemy import select

from analytics.events import Name
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.importing import Done, Known, Note, Outcome, Plan
from portal.core.markup import Rendered, Resolve
from portal.core.refs import Ref
from portal.files import services as files
from portal.files.models import Attachment
from portal.kb import texts
from portal.kb.importing.linking import FILE
from portal.kb.importing.pages import Page
from portal.kb.importing.topics import Place
from portal.kb.models import Article, ArticleRedirect, Category, Change, Draft, OldAddress, Origin, State, Status
from portal.kb.writing import drafts
from portal.ledger import services as ledger

SAME_TEXT = 90.0
"""As for a sync: down to this similarity, answers to "Did this solve it?" still speak of the text (house rule)."""
_PLACEHOLDER = re.compile(rf"file:{str(FILE)[:9]}([0-9]{{9}})")


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a page becomes."""

    page: Page
    place: Place
    slug: str
    title: str
    summary: str
    body: str
    tags: tuple[str, ...]
    audience: tuple[str, ...]
    status: str
    files: tuple[str, ...]
    made: Rendered | None = None
    checksum: str = ""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What else a page brings along."""

    owner_id: int | None
    addresses: tuple[str, ...]
    """Those that lead nowhere yet."""
    replaces: tuple[str, ...]
    language: str
    hashes: Mapping[str, str]
    address: Callable[[str], str | None]


@dataclass(frozen=True)
class _Begun:
    """An article that has its text and waits for its number."""

    plan: Plan
    known: Known | None
    extra: Extra
    row: Article
    before: Mapping[str, Any]
    was_published: bool


class Store:
    """Writes articles of one import."""

    def __init__(self, actor: Actor, owner_id: int | None, found: Mapping[str, Path]) -> None:
        self._actor, self._owner_id, self._files = actor, owner_id, found
        self._facts: list[dict[str, Any]] = []
        self._keys: dict[tuple[int, tuple[str, ...]], str] = {}

    @staticmethod
    def pretend(name: str) -> str | None:
        """Give files an address before they have one, for a text that is only looked at."""
        return f"/files/{name.removeprefix('file:')}/-" if _PLACEHOLDER.fullmatch(name) else None

    def put(self, pages: Sequence[tuple[Plan, Known | None, Extra, str]]) -> list[Done]:
        """Make or change the articles of these pages, all of them or none; records what becomes of each.

        Refuses (Invalid) what cannot be rendered. Rows get their numbers together, which spares a question for each.
        """
        self._facts = []
        with db.session.no_autoflush:
            begun = [self._begin(plan, known, extra) for plan, known, extra, _key in pages]
            db.session.flush()
            done = [self._complete(one, key) for one, (_plan, _known, _extra, key) in zip(begun, pages, strict=True)]
            db.session.flush()
        ledger.write(self._facts)
        return done

    def _begin(self, plan: Plan, known: Known | None, extra: Extra) -> _Begun:
        text: Text = plan.content
        if text.made is None:
            raise Invalid(_("The text was not made ready."), field="body")
        row = db.session.get(Article, known.subject.id) if known else None
        was_published = row is not None and row.is_published
        before = picture_of(row) if row is not None else {}
        if row is None:
            row = Article(slug=text.slug, version=1, n_revisions=0, body="", path="", created_at=clock.now())
            row.owner_id = extra.owner_id or self._owner_id
        elif fuzz.ratio(row.body, text.body) < SAME_TEXT:
            row.version += 1
        row.origin, row.status = Origin.PORTAL.value, text.status
        texts.put(row, title=text.title, summary=text.summary, body=text.body, made=text.made)
        topic = self._topic(text.place.topic_id or 0)
        key = self._key(topic, text.audience)
        texts.file_under(row, topic, audience=text.audience, tags=text.tags, key=key)
        self._dates(row, text, was_published=was_published)
        row.language = extra.language or row.language or ""
        db.session.add(row)
        return _Begun(plan, known, extra, row, before, was_published)

    def _complete(self, begun: _Begun, key: str) -> Done:
        plan, known, row = begun.plan, begun.known, begun.row
        text: Text = plan.content
        stored, notes = self._with_files(begun) if text.files else ({}, [])
        revision = texts.keep_revision(row, self._actor, change=Change.MAJOR.value if known else "", note=_("Imported"))
        self._lead_here(row, begun.extra)
        if text.status == Status.DRAFT:
            self._open_draft(row, text)
        self._record(row, was_published=begun.was_published)
        left = {"revision": revision.n, "status": text.status, "files": stored}
        more = tuple(Note(1, note) for note in notes)
        kept = {"left": dict(known.left)} if known else {}
        return Done(
            plan=Plan(
                row=plan.row,
                outcome=plan.outcome,
                reason="" if plan.outcome is Outcome.CREATED else plan.reason,
                title=plan.title,
                notes=plan.notes + more,
            ),
            subject=row.ref,
            before={"revision": revision.n, "was": begun.before, **kept},
            key=key,
            known=Known(subject=row.ref, checksum=text.checksum, left=left),
        )

    def _topic(self, topic_id: int) -> Category:
        return db.session.get_one(Category, topic_id)

    def _key(self, topic: Category, audience: tuple[str, ...]) -> str:
        place = (topic.id, audience)
        if place not in self._keys:
            self._keys[place] = texts.access_key(topic, audience)
        return self._keys[place]

    def _with_files(self, begun: _Begun) -> tuple[dict[str, list[Any]], list[str]]:
        """Store the pictures and documents of a page; one that did not change keeps its number."""
        text, row, known, extra = begun.plan.content, begun.row, begun.known, begun.extra
        had: Mapping[str, list[Any]] = known.left.get("files", {}) if known else {}
        numbers: dict[int, int] = {}
        stored: dict[str, list[Any]] = {}
        notes: list[str] = []
        for n, path in enumerate(text.files):
            checksum = extra.hashes[path]
            if path in had and had[path][0] == checksum and db.session.get(Attachment, had[path][1]):
                numbers[n] = had[path][1]
            else:
                try:
                    with self._files[path].open("rb") as file:
                        numbers[n] = files.keep(self._actor, io.BytesIO(file.read()), path, on=row.ref).id
                except Invalid as refusal:
                    notes.append(f"{path}: {refusal.message}")
                    continue
            stored[path] = [checksum, numbers[n]]
        body = _PLACEHOLDER.sub(lambda found: f"file:{numbers.get(int(found[1]), 0)}", text.body)
        made = markup.render_safely(body, links=extra.address, files=texts.picture(row))
        texts.put(row, title=text.title, summary=text.summary, body=body, made=made)
        return stored, notes

    def _dates(self, row: Article, text: Text, *, was_published: bool) -> None:
        now = clock.now()
        if was_published:
            row.changed_at = now
        if text.status == Status.PUBLISHED:
            row.published_at = row.published_at or now
        checked, again = text.page.values.get("verified_on"), text.page.values.get("review_by")
        if type(checked) is dt.date:
            row.verified_at = dt.datetime.combine(checked, dt.time(12), dt.UTC)
            row.verified_by_id = row.owner_id
            row.review_by = again if type(again) is dt.date else None

    @staticmethod
    def _lead_here(row: Article, extra: Extra) -> None:
        """Let old addresses lead here, unless they lead to another article already."""
        db.session.add_all(OldAddress(path=path, article_id=row.id) for path in extra.addresses)
        for slug in extra.replaces:
            is_used = db.session.execute(select(Article.id).where(Article.slug == slug)).first()
            if not is_used and db.session.get(ArticleRedirect, slug) is None:
                texts.redirect(slug, row)

    def _open_draft(self, row: Article, text: Text) -> None:
        """Put the text in front of the editors, since nobody else sees it yet."""
        draft = db.session.execute(
            select(Draft).where(Draft.article_id == row.id, Draft.is_open.is_(True))
        ).scalar_one_or_none()
        is_new = draft is None
        draft = draft or Draft(article_id=row.id, lock=1, is_open=True, state=State.WRITING.value, written_by=[])
        draft.title, draft.summary, draft.body = row.title, row.summary, row.body
        draft.category_id, draft.tags, draft.audience = row.category_id, list(text.tags), list(text.audience)
        draft.based_on, draft.saved_at, draft.saved_by_id = row.n_revisions, clock.now(), self._actor.person_id
        drafts.touch(self._actor, draft)  # who brings a text answers for it, and what was approved is not this text
        if is_new:
            draft.created_by_id, draft.created_at = self._actor.person_id, clock.now()
            db.session.add(draft)
            db.session.flush()
            self._note(Name.ARTICLE_DRAFTED, row, draft=draft.id, is_new=True)

    def _record(self, row: Article, *, was_published: bool) -> None:
        if row.is_published and was_published:
            facts = {"version": row.version, "change": Change.MAJOR.value, "revision": row.n_revisions}
            self._note(Name.ARTICLE_CHANGED, row, **facts)
        elif row.is_published:
            self._note(Name.ARTICLE_PUBLISHED, row, version=row.version)

    def _note(self, name: Name, row: Article, **props: Any) -> None:
        topic = Ref("category", row.category_id)
        at = clock.now()
        fact = ledger.row(name, actor=self._actor, at=at, visit=None, subject=row.ref, topic=topic, props=props)
        self._facts.append(fact)


def picture_of(row: Article) -> dict[str, Any]:
    """Return what an undo puts back."""
    return {
        "title": row.title,
        "summary": row.summary,
        "body": row.body,
        "tags": [tag.tag for tag in row.tags],
        "audience": list(row.audience),
        "category_id": row.category_id,
        "status": row.status,
        "version": row.version,
    }


def take(row: Article, picture: Mapping[str, Any], *, files: Resolve | None) -> None:
    """Put back what `picture_of` kept."""
    made = texts.render(picture["body"], files=files)
    texts.put(row, title=picture["title"], summary=picture["summary"], body=picture["body"], made=made)
    category = db.session.get_one(Category, picture["category_id"])
    texts.file_under(row, category, audience=picture["audience"], tags=picture["tags"])
    row.status, row.version = picture["status"], picture["version"]
