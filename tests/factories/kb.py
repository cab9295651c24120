"""Rows of the knowledge base, and article files for sync."""

from __future__ import annotations

import datetime as dt
from itertools import count
from pathlib import Path
from typing import Any

from portal.core import clock, markup
from portal.core.database import db
from portal.kb.models import Article, ArticleTag, Category, Draft, Suggestion

_numbers = count(1)

BODY = """## Keep the network card awake

1. Right-click the **Start** button.

    → A menu opens.

2. Choose **Device Manager**.
"""


def category(title: str = "Network", **kw: Any) -> Category:
    n = next(_numbers)
    row = Category(slug=kw.pop("slug", f"network-{n}"), title=title, **({"audience": []} | kw))
    db.session.add(row)
    db.session.flush()
    return row


def article(title: str = "VPN drops every few minutes", *, tags: tuple[str, ...] = ("vpn",), **kw: Any) -> Article:
    """Add a published article with two steps."""
    n = next(_numbers)
    made = markup.render(kw.setdefault("body", BODY))
    values: dict[str, Any] = {
        "slug": f"vpn-drops-{n}",
        "title": title,
        "summary": "Switch that off and reconnect.",
        "status": "published",
        "html": made.html,
        "n_steps": made.n_steps,
        "headings": [[h.level, h.id, h.title] for h in made.headings],
        "passages": [[p.heading_id, p.text] for p in made.passages],
        "steps": [[step.platform, step.html] for step in made.steps],
        "platforms": list(made.platforms),
        "published_at": clock.now(),
        "verified_at": clock.now(),
        "review_by": clock.today() + dt.timedelta(days=90),
    }
    if "category" not in kw and "category_id" not in kw:
        kw["category"] = category()
    row = Article(**(values | kw), tags=[ArticleTag(tag=tag) for tag in tags])
    db.session.add(row)
    db.session.flush()
    return row


def draft(of: Article, **kw: Any) -> Draft:
    """Add the open draft of an article, with its text."""
    values: dict[str, Any] = {
        "title": of.title,
        "summary": of.summary,
        "body": of.body,
        "category_id": of.category_id,
        "created_by_id": of.owner_id,
        "saved_by_id": of.owner_id,
        "based_on": of.n_revisions,
    }
    row = Draft(article=of, **(values | kw))
    db.session.add(row)
    db.session.flush()
    return row


def suggestion(of: Article, by: Any, **kw: Any) -> Suggestion:
    """Add what somebody would put otherwise in an article's second step."""
    values: dict[str, Any] = {
        "kind": "edit",
        "quote": "Choose Device Manager.",
        "replacement": "Choose Devices.",
        "words": "",
        "anchor": "",
        "revision": of.n_revisions,
        "outcome": "waiting",
        "answer": "",
        "created_at": clock.now(),
    }
    row = Suggestion(article=of, person_id=by.id, **(values | kw))
    db.session.add(row)
    db.session.flush()
    return row


CATEGORIES = '[[category]]\nslug = "network"\ntitle = "Network and VPN"\n'


def write_file(
    folder: Path, slug: str = "vpn-drops", *, category: str = "network", body: str = BODY, **front: Any
) -> Path:
    """Write an article file, and the categories where there are none."""
    values = {
        "title": "VPN drops every few minutes",
        "summary": "Switch that off and reconnect.",
        "category": category,
        "owner": "dara@ostreyvale.example",
        "status": "published",
    } | front
    if not (folder / "categories.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "categories.toml").write_text(CATEGORIES)
    path = folder / category / f"{slug}.md"
    path.parent.mkdir(exist_ok=True)
    head = "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)
    path.write_text(f"---\n{head}---\n{body}")
    return path
