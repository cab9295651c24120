"""Projecting files onto rows: everything or nothing, and only what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz
from sqlalchemy import delete, select

from analytics.events import Name
from portal.core import clock, markup
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Refusal
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.jobs import services as jobs
from portal.kb import texts
from portal.kb.models import Article, ArticleRedirect, Category, CategoryRedirect, Change, Origin, Status
from portal.kb.shelving import tree
from portal.kb.syncing import checks, content
from portal.kb.syncing.content import ArticleFile, CategoryEntry, Content, Problem
from portal.kb.writing import suggestions
from portal.ledger import services as ledger
from portal.people import audiences
from portal.people import queries as people

SAME_TEXT = 90.0
"""Similarity (0 to 100) down to which answers to "Did this solve it?" still speak of the text (house rule)."""


class SyncRefused(Refusal):
    """The folder has problems; nothing was changed. `problems` names each by file and line."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; nothing was changed.")
        self.problems = tuple(problems)


@dataclass
class Report:
    """What a sync did, by slug."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Edited in the portal since, which is their master now."""
    n_unchanged: int = 0

    def __str__(self) -> str:
        return (
            f"{len(self.created)} new, {len(self.changed)} changed, {len(self.archived)} archived, "
            f"{self.n_unchanged} unchanged" + (f", {len(self.kept)} kept as edited in the portal" if self.kept else "")
        )


def sync(actor: Actor, folder: Path, *, fallback_owner: str = "") -> Report:
    """Bring the rows of file-born articles in step with the folder.

    Refuses (SyncRefused) when any file has a problem or names an owner or audience nobody knows; `fallback_owner`
    stands in for unknown owners. A file that is gone archives its article. Records what changed, in the caller's
    transaction, and asks the search index to follow.
    """
    actor.require(Permission.ARTICLE_SYNC)
    found = content.read(folder)
    owners = _owners(found, fallback_owner)
    known_audiences = people.audience_ids()
    problems = [*checks.fatal(found), *_unknown(found, owners, known_audiences)]
    problems += _taken(found)
    if problems:
        raise SyncRefused(sorted(problems))
    categories = _sync_categories(_wanted(found), known_audiences)
    run = _Run(actor, {a.slug for a in found.articles}, categories, owners, known_audiences)
    rows = {row.path: row for row in _file_born()} | {row.slug: row for row in _file_born()}
    adopted = _adopted()
    for article in found.articles:
        if article.path in adopted:
            run.report.kept.append(article.slug)
            continue
        run.put(article, rows.get(article.slug) or rows.get(article.path))
    for row in _file_born():
        if row.slug not in run.slugs and row.status != Status.ARCHIVED:
            run.archive(row)
    # What was written in the portal stands below topics that files may have moved or closed.
    run.touched |= {Ref("article", i) for i in tree.rekey().articles}
    if run.touched:
        jobs.enqueue("search.update", {"refs": sorted(str(ref) for ref in run.touched)})
    return run.report


def _file_born() -> list[Article]:
    return list(db.session.execute(select(Article).where(Article.origin == Origin.FILE.value)).scalars())


def _owners(found: Content, fallback: str) -> dict[str, int]:
    """Return the ids of owners by address; unknown addresses get the fallback's when there is one."""
    ids: dict[str, int] = {}
    stand_in = people.by_email(fallback) if fallback else None
    for email in {article.owner for article in found.articles}:
        person = people.by_email(email) or stand_in
        if person is not None:
            ids[email] = person.id
    return ids


def _unknown(found: Content, owners: Mapping[str, int], known: Mapping[str, int]) -> list[Problem]:
    problems = []
    for article in found.articles:
        if article.owner not in owners:
            message = f"nobody here has the address {article.owner} (or use --owner)"
            problems.append(Problem(article.path, article.line_of("owner"), message))
        problems += [
            Problem(article.path, article.line_of("audience"), f"there is no audience {slug!r}")
            for slug in article.audience
            if slug != audiences.PUBLIC and slug not in known
        ]
    for entry in found.categories:
        problems += [
            Problem("categories.toml", 1, f"{entry.slug}: there is no audience {slug!r}")
            for slug in entry.audience
            if slug != audiences.PUBLIC and slug not in known
        ]
    return problems


def _adopted() -> set[str]:
    """Return the files whose articles were edited in the portal since: it is their master from then on."""
    query = select(Article.path).where(Article.origin == Origin.PORTAL.value, Article.path != "")
    return set(db.session.execute(query).scalars())


def _taken(found: Content) -> list[Problem]:
    born_here = select(Article.slug).where(Article.origin == Origin.PORTAL.value, Article.path == "")
    taken = set(db.session.execute(born_here).scalars())
    return [
        Problem(a.path, 1, "the portal has its own article of this name") for a in found.articles if a.slug in taken
    ]


def _wanted(found: Content) -> list[CategoryEntry]:
    """Return the topics of the folder, without those that were deleted in the portal while nothing is in them."""
    gone = set(
        db.session.execute(select(CategoryRedirect.slug).where(CategoryRedirect.category_id.is_(None))).scalars()
    )
    used = {article.category for article in found.articles} | {entry.parent for entry in found.categories}
    return [entry for entry in found.categories if entry.slug not in gone or entry.slug in used]


def _sync_categories(entries: Sequence[CategoryEntry], known: Mapping[str, int]) -> dict[str, Category]:
    rows = {row.slug: row for row in db.session.execute(select(Category)).scalars()}
    is_arranged = any(row.origin == Origin.PORTAL for row in rows.values())
    called = select(CategoryRedirect.slug, Category).join(Category, Category.id == CategoryRedirect.category_id)
    for slug, target in db.session.execute(called):
        rows.setdefault(slug, target)
    for entry in entries:
        row = rows.get(entry.slug)
        if row is None:
            row = rows[entry.slug] = Category(slug=entry.slug)
            db.session.add(row)
        if row.origin == Origin.PORTAL:  # arranged in the portal since: it is the master from then on
            continue
        if row.slug != entry.slug:  # merged into another one in the portal
            continue
        if not is_arranged or row.id is None:  # the order is the portal's as soon as anything was arranged there
            row.position = entry.position
        row.title, row.summary, row.icon = entry.title, entry.summary, entry.icon
        row.audience = list(entry.audience)
        parent = rows[entry.parent] if entry.parent else None
        if parent is None or not _is_above(row, parent, _by_id(rows)):
            row.parent_id = parent.id if parent else None
        db.session.flush()
        row.access_key = audiences.key_for(texts.levels_above(row, _by_id(rows), known))
    return rows


def _is_above(row: Category, other: Category, by_id: Mapping[int, Category]) -> bool:
    """Say whether the portal has put the other topic below this one, so that it cannot stand above it too."""
    at: Category | None = other
    while at is not None and at is not row:
        at = by_id.get(at.parent_id) if at.parent_id else None
    return at is row


def _by_id(rows: Mapping[str, Category]) -> dict[int, Category]:
    return {row.id: row for row in rows.values()}


class _Run:
    """One sync under way: what it knows, and what it has touched."""

    def __init__(
        self,
        actor: Actor,
        slugs: set[str],
        categories: dict[str, Category],
        owners: Mapping[str, int],
        known_audiences: Mapping[str, int],
    ) -> None:
        self.actor, self.slugs, self.report = actor, slugs, Report()
        self.touched: set[Ref] = set()
        self._categories, self._owners, self._audiences = categories, owners, known_audiences

    def put(self, file: ArticleFile, row: Article | None) -> None:
        category = self._categories[file.category]
        key = audiences.key_for(
            [
                texts.level(file.audience, self._audiences),
                *texts.levels_above(category, _by_id(self._categories), self._audiences),
            ]
        )
        checksum = f"{markup.VERSION}:{file.checksum}"
        if row is not None and (row.checksum, row.access_key, row.category_id) == (checksum, key, category.id):
            self.report.n_unchanged += 1
            return
        is_new = row is None
        if row is None:
            row = Article(slug=file.slug, created_at=clock.now(), version=1, n_revisions=0, body="")
        was_published, has_new_text = row.status == Status.PUBLISHED, is_new or _differs(row, file)
        change = "" if is_new else Change.MINOR.value
        if has_new_text and not is_new and fuzz.ratio(row.body, file.body) < SAME_TEXT:
            row.version += 1
            change = Change.MAJOR.value
        self._fill(row, file, category, key)
        row.checksum = checksum
        db.session.add(row)
        db.session.flush()
        if has_new_text:
            texts.keep_revision(row, self.actor, change=change)
        else:
            texts.reopen_revision(row)
        self._redirects(row, file)
        self._record(row, file, is_new=is_new, was_published=was_published)

    def _fill(self, row: Article, file: ArticleFile, category: Category, key: str) -> None:
        if row.slug and row.slug != file.slug:
            texts.redirect(row.slug, row)
        if row.n_revisions and _differs(row, file):
            row.changed_at = clock.now()
        made = markup.render(file.body, links=self._address, files=_picture)
        row.slug, row.path = file.slug, file.path
        row.category_id, row.status, row.origin = category.id, file.status, Origin.FILE.value
        texts.put(row, title=file.title, summary=file.summary, body=file.body, made=made)
        row.audience, row.access_key = list(file.audience), key
        if not row.is_owner_chosen:
            row.owner_id = self._owners[file.owner]
        row.tags = [texts.tag_of(row, tag) for tag in texts.settled(file.tags)]
        self._verification(row, file)

    def _address(self, slug: str) -> str | None:
        return f"/kb/{slug}" if slug in self.slugs else None

    def _verification(self, row: Article, file: ArticleFile) -> None:
        """A date in the file counts where it is newer than what was said in the portal."""
        if file.verified_on is None:
            return
        at = dt.datetime.combine(file.verified_on, dt.time(12), dt.UTC)
        if row.verified_at is None or at > row.verified_at:
            row.verified_at, row.verified_by_id, row.review_by = at, row.owner_id, file.review_by

    def _redirects(self, row: Article, file: ArticleFile) -> None:
        db.session.execute(delete(ArticleRedirect).where(ArticleRedirect.slug == row.slug))
        for slug in file.replaces:
            texts.redirect(slug, row)

    def _record(self, row: Article, file: ArticleFile, *, is_new: bool, was_published: bool) -> None:
        topic = Ref("category", row.category_id)
        facts = {"actor": self.actor, "subject": row.ref, "topic": topic, "version": row.version}
        ledger.record(Name.ARTICLE_SYNCED, **facts, slug=row.slug, is_new=is_new)  # type: ignore[arg-type]
        if row.is_published and not was_published:
            row.published_at = row.published_at or clock.now()
            ledger.record(Name.ARTICLE_PUBLISHED, **facts)  # type: ignore[arg-type]
        if was_published and row.status == Status.ARCHIVED:
            ledger.record(Name.ARTICLE_ARCHIVED, **facts)  # type: ignore[arg-type]
        (self.report.created if is_new else self.report.changed).append(row.slug)
        self.touched.add(row.ref)

    def archive(self, row: Article) -> None:
        row.status = Status.ARCHIVED.value
        row.checksum = ""
        topic = Ref("category", row.category_id)
        ledger.record(Name.ARTICLE_ARCHIVED, actor=self.actor, subject=row.ref, topic=topic, version=row.version)
        self.report.archived.append(row.slug)
        self.touched.add(row.ref)
        suggestions.archived(self.actor, row)


def _picture(name: str) -> str | None:
    """Return the address of a picture of the content folder; that it exists is `checks`' business."""
    return f"/kb/{name}" if name.startswith("assets/") else None


def _differs(row: Article, file: ArticleFile) -> bool:
    return (row.title, row.summary, row.body) != (file.title, file.summary, file.body)
