"""What editors do with whole articles: other names and places, joining and parting them, off the shelves and back.

Nothing is deleted: an old address leads on, a text that left the shelves stays readable to editors, and each of these
is a fact in the ledger. From then on the portal is the article's master, so that no file undoes it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from analytics.events import Name
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.refs import Ref
from portal.files import services as files
from portal.jobs import services as jobs
from portal.kb import four_eyes, policies, texts
from portal.kb.models import Article, ArticleRedirect, Category, Change, Draft, Origin, Status
from portal.kb.prose import sections
from portal.kb.reading import services
from portal.kb.reviewing import history
from portal.kb.writing import drafts, suggestions
from portal.ledger import services as ledger
from portal.people.audiences import visible
from portal.talk import follows

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")
PAGE = 100
_FILE = re.compile(r"\bfile:(\d{1,12})\b")


def get(actor: Actor, slug: str) -> Article:
    """Return the article for an editor; hidden ones are not there (NotFound), others may not (Forbidden)."""
    article = services.get(actor, slug)
    if not policies.can_arrange(actor, article):
        raise Forbidden(_("Only editors rename, move, join and archive articles."))
    return article


def find(actor: Actor, words: str, *, field: str) -> Article:
    """Return the published article meant by an address, a slug or a title (Invalid, by field, when there is none)."""
    words = " ".join(words.split())
    slug = urlsplit(words).path.rstrip("/").rsplit("/", 1)[-1]
    query = select(Article).where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    meant = or_(Article.slug == slug, func.lower(Article.title) == words.lower())
    found = list(db.session.execute(query.where(meant).limit(2)).scalars()) if words else []
    if len(found) != 1:
        raise Invalid(_("Choose an article from the list, or paste its address."), field=field)
    return found[0]


def offered(actor: Actor, article: Article | None = None) -> list[tuple[str, str]]:
    """Return slug and title of the articles one can choose, those of the same topic first; one query."""
    query = select(Article.slug, Article.title)
    query = query.where(Article.status == Status.PUBLISHED.value, visible(Article.access_key, actor))
    if article is not None:
        query = query.where(Article.id != article.id).order_by((Article.category_id == article.category_id).desc())
    rows = db.session.execute(query.order_by(Article.title).limit(500))
    return [(slug, title) for slug, title in rows]


# Names and places


def rename(actor: Actor, article: Article, *, title: str, slug: str) -> None:
    """Give an article another title, another address, or both. The old address leads to it.

    Refuses an address that is taken (Invalid, `slug`). Where four eyes are asked for, the title is part of the text
    and goes the way of a draft (Invalid, `title`).
    """
    _may(actor, article)
    title, slug = drafts.cleaned({"title": title})["title"], slug.strip().lower()
    if not title:
        raise Invalid(_("Give the article a title."), field="title")
    if (title, slug) == (article.title, article.slug):
        return
    before = f"{article.title} (/kb/{article.slug})"
    if title != article.title and four_eyes.is_asked_of(article):
        raise Invalid(_("In this topic a second person looks at every text: change the title in a draft."), "title")
    if slug != article.slug:
        _readdress(article, slug)
    if title != article.title:
        _retitle(actor, article, title)
    _note(Name.ARTICLE_RENAMED, actor, article, before=before, after=f"{title} (/kb/{slug})")


def _readdress(article: Article, slug: str) -> None:
    _refuse_address(slug, article)
    former = article.slug
    if (own := db.session.get(ArticleRedirect, slug)) is not None:
        db.session.delete(own)
        db.session.flush()
    article.slug = slug
    texts.redirect(former, article)
    db.session.flush()


def _refuse_address(slug: str, article: Article | None) -> None:
    if not SLUG.fullmatch(slug):
        raise Invalid(_("Use small letters, digits and hyphens, such as vpn-drops."), field="slug")
    own = article.id if article is not None else None
    taken = db.session.execute(select(Article.id).where(Article.slug == slug, Article.id != own)).first()
    leads = db.session.get(ArticleRedirect, slug)
    if slug in drafts.RESERVED or taken or (leads is not None and leads.article_id != own):
        raise Invalid(_("This address is taken. Choose another one."), field="slug")


def _retitle(actor: Actor, article: Article, title: str) -> None:
    former, draft = article.title, drafts.open_draft(article)
    article.title, article.changed_at = title, clock.now()
    texts.keep_revision(
        article,
        actor,
        change=Change.TYPO.value,
        note=_("Renamed, before: %(title)s", title=former)[: drafts.NOTE],
        looked_at=clock.now(),
        looked_by_id=actor.person_id,
    )
    if draft is not None:
        if draft.based_on == article.n_revisions - 1:
            draft.based_on = article.n_revisions
        if draft.title == former:
            drafts.save(actor, draft, {"title": title}, lock=draft.lock)


def move(actor: Actor, article: Article, *, category: Category) -> None:
    """File an article under another topic; who may read it follows. What is being written moves along.

    Refuses topics the actor may not write in (Invalid, `category_id`). Into and out of a topic with four eyes only a
    draft leads, which somebody else has looked at.
    """
    _may(actor, article)
    if not policies.can_write_in(actor, category):
        raise Invalid(_("Choose a topic from the list."), field="category_id")
    former = article.category
    if former.id == category.id:
        return
    if former.needs_second:
        raise Invalid(
            _("In this topic a second person looks at every change: choose the other topic in a draft."), "category_id"
        )
    if category.needs_second:
        raise Invalid(
            _("In that topic a second person looks at every text: choose the topic in a draft."), "category_id"
        )
    draft = drafts.open_draft(article)
    if draft is not None and draft.category_id == former.id:
        drafts.save(actor, draft, {"category_id": category.id}, lock=draft.lock)
    texts.file_under(article, category, audience=article.audience, tags=[tag.tag for tag in article.tags])
    db.session.flush()
    db.session.refresh(article, ["category"])
    texts.reopen_revision(article)
    _note(Name.ARTICLE_MOVED, actor, article, before=former.slug, after=category.slug, version=article.version)


# Joining and parting


def merge(actor: Actor, article: Article, *, into: Article, carry: bool = False) -> Draft | None:
    """Let another article take this one's place: its addresses lead there, its text stays in its own history.

    With `carry` its text is also put below the other's, as a draft to be tidied up, which is returned. Refuses while
    somebody is writing the next text of either (Conflict). What stands where two have to look gives its place only to
    what they have looked at, too (Invalid, `into`).
    """
    _may(actor, article)
    if into.id == article.id or not into.is_published or not policies.can_arrange(actor, into):
        raise Invalid(_("Choose another article that is published."), field="into")
    if four_eyes.is_asked_of(article) and not four_eyes.is_asked_of(into):
        raise Invalid(
            _("A second person looks at every text of this one. Choose an article where that is so too."), "into"
        )
    if not article.is_published:
        raise Conflict(_("This article is not on the shelves."))
    history.refuse_while_written(article)
    draft = None
    if carry:
        history.refuse_while_written(into)
        draft = drafts.edit(actor, into)
        body = f"{into.body.rstrip()}\n\n## {article.title}\n\n{_with_files(article.body, article, draft)}"
        note = _("With the text of “%(title)s”", title=article.title)[: drafts.NOTE]
        drafts.save(actor, draft, {"body": body, "note": note}, lock=draft.lock)
        four_eyes.add_writers(draft, four_eyes.unseen_writers(article))
    addresses = update(ArticleRedirect).where(ArticleRedirect.article_id == article.id)
    db.session.execute(addresses.values(article_id=into.id))
    db.session.expire_all()
    texts.redirect(article.slug, into)
    article.merged_into_id, article.status = into.id, Status.ARCHIVED.value
    suggestions.archived(actor, article)
    follows.follow_by_doing(follows.followers(article.ref, by_itself=[article.owner_id]), into.ref)
    _note(Name.ARTICLE_MERGED, actor, article, into=str(into.ref))
    return draft


def split(actor: Actor, article: Article, *, parts: Collection[int], title: str = "") -> Draft:
    """Begin an article with the chosen parts, and a draft of this one without them; both wait to be published.

    Returns the new one's draft. Refuses no part and all parts (Invalid, `parts`), and while somebody is writing.
    """
    _may(actor, article)
    if not article.is_published:
        raise Conflict(_("This article is not on the shelves."))
    known = sections.split(article.body)
    chosen = sorted(n for n in set(parts) if 0 <= n < len(known) and known[n].heading)
    if not chosen:
        raise Invalid(_("Choose at least one part."), field="parts")
    stays, goes = sections.taken_out(article.body, chosen)
    if not stays.strip():
        raise Invalid(_("Leave at least one part here."), field="parts")
    history.refuse_while_written(article)
    title = drafts.cleaned({"title": title or known[chosen[0]].heading})["title"]
    tags = [tag.tag for tag in article.tags]
    made = drafts.begin(
        actor,
        category=article.category,
        title=title,
        body="",
        tags=tags,
        audience=list(article.audience),
        sources=[str(article.ref)],
    )
    drafts.save(actor, made, {"body": _with_files(goes, article, made)}, lock=made.lock)
    made.is_second_asked = four_eyes.is_asked_of(article)
    rest = drafts.edit(actor, article)
    note = _("Without what is in “%(title)s” now", title=title)[: drafts.NOTE]
    drafts.save(actor, rest, {"body": stays, "note": note}, lock=rest.lock)
    _note(Name.ARTICLE_SPLIT, actor, article, into=str(made.article.ref), headings=len(chosen), is_read_again=False)
    return made


def _with_files(body: str, article: Article, draft: Draft) -> str:
    """Hang copies of the files a text names on the draft it goes to, and name those instead."""
    named = {int(number) for number in _FILE.findall(body)}
    copies = files.copy(article.ref, draft.ref, only=named) if named else {}
    return _FILE.sub(lambda found: f"file:{copies.get(int(found[1]), int(found[1]))}", body)


# Off the shelves and back


def archive(actor: Actor, article: Article) -> None:
    """Take an article off the shelves; editors still read it, and can bring it back."""
    _may(actor, article)
    if not article.is_published:
        raise Conflict(_("This article is not on the shelves."))
    history.refuse_while_written(article)
    article.status = Status.ARCHIVED.value
    suggestions.archived(actor, article)
    _note(Name.ARTICLE_ARCHIVED, actor, article, version=article.version)


def bring_back(actor: Actor, article: Article) -> None:
    """Put an archived article back onto the shelves, under its own address."""
    _may(actor, article)
    if article.status != Status.ARCHIVED or not article.n_revisions:
        raise Conflict(_("Only what was published once can be brought back."))
    if (led_on := db.session.get(ArticleRedirect, article.slug)) is not None:
        db.session.delete(led_on)
    article.status, article.merged_into_id = Status.PUBLISHED.value, None
    article.published_at = article.published_at or clock.now()
    tags = [tag.tag for tag in article.tags]
    texts.file_under(article, article.category, audience=article.audience, tags=tags)
    texts.reopen_revision(article)
    _note(Name.ARTICLE_RESTORED, actor, article, version=article.version)


def _may(actor: Actor, article: Article) -> None:
    if not policies.can_arrange(actor, article):
        raise Forbidden(_("Only editors rename, move, join and archive articles."))


def _note(name: Name, actor: Actor, article: Article, *, is_read_again: bool = True, **props: object) -> None:
    """Record what was done, and let search and links follow; the portal is the article's master from now on."""
    if is_read_again:
        article.origin = Origin.PORTAL.value
        jobs.enqueue("search.update", {"refs": [str(article.ref)]})
        jobs.enqueue("kb.links.collect", {"articles": [article.id]})
    db.session.flush()
    ledger.record(name, actor=actor, subject=article.ref, topic=Ref("category", article.category_id), **props)


# Old addresses


def redirects(actor: Actor, *, words: str = "", after: str = "") -> list[tuple[ArticleRedirect, Article]]:
    """Return a page of old addresses with where they lead, by address; of what the actor may see. One query."""
    query = select(ArticleRedirect, Article).join(Article, Article.id == ArticleRedirect.article_id)
    query = query.where(visible(Article.access_key, actor), ArticleRedirect.slug > after)
    if words := words.strip():
        query = query.where(
            ArticleRedirect.slug.icontains(words, autoescape=True) | Article.title.icontains(words, autoescape=True)
        )
    rows = db.session.execute(query.order_by(ArticleRedirect.slug).limit(PAGE))
    return [(redirect, article) for redirect, article in rows]


def add_redirect(actor: Actor, *, slug: str, article: Article) -> None:
    """Let an address lead to an article. Refuses one that is taken (Invalid, `slug`)."""
    _may(actor, article)
    slug = urlsplit(slug.strip()).path.strip("/").rsplit("/", 1)[-1].lower()
    _refuse_address(slug, None)
    texts.redirect(slug, article)
    db.session.flush()
    ledger.record(
        Name.ARTICLE_REDIRECTED, actor=actor, subject=article.ref, topic=Ref("category", article.category_id), slug=slug
    )
