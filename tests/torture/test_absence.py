"""What is optional may be absent, everywhere: every page still comes (QUALITY R14)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core.database import Base
from tests import house
from tests.contracts.test_pages import browser_of
from tests.contracts.test_routes import addresses
from tests.people import ADA, ANA, DARA, Visitor

pytestmark = [pytest.mark.torture, pytest.mark.slow]

PAGES = (
    "/",
    "/search?q=vpn",
    "/search?q=zzzzqq",
    "/kb/",
    "/kb/feedback?scope=all&state=all",
    "/mine",
    "/incidents/",
    "/admin/",
)
NOT_FOR_READERS = (200, 403, 404)


@pytest.fixture
def portal(demo_home: Path, tmp_path: Path) -> Iterator[Flask]:
    app = house.build(house.copy(demo_home, tmp_path / "house"))
    yield app
    from portal.core.database import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def slugs(app: Flask) -> list[str]:
    from sqlalchemy import select

    from portal.core.database import db
    from portal.kb.models import Article, Category

    with app.app_context():
        articles = (
            db.session.execute(select(Article.slug).where(Article.status == "published").limit(2)).scalars().all()
        )
        topics = db.session.execute(select(Category.slug).limit(2)).scalars().all()
        db.session.rollback()
    return [*(f"/kb/{slug}" for slug in articles), *(f"/kb/topics/{slug}" for slug in topics)]


def test_every_column_that_may_be_empty_is_emptied_once(portal: Flask) -> None:
    from portal.core.database import db

    visitors = [browser_of(portal, who) for who in (ANA, DARA, ADA)]
    paths = [*PAGES, *slugs(portal)]
    broken: list[str] = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.nullable and not column.primary_key and table.name != "sign_in_session":
                with portal.app_context():
                    with db.engine.connect() as connection, connection.begin() as undone:
                        _empty(connection, table, column)
                        undone.rollback() if not _can_stay(table.name) else undone.commit()
                    broken += [f"{table.name}.{column.name}: {text}" for text in look(visitors, paths)]
    assert broken == []


def _can_stay(table: str) -> bool:
    return table != "ledger_entry"  # append-only: its triggers refuse the update, rightly


def _empty(connection: Any, table: Any, column: Any) -> None:
    if _can_stay(table.name):
        connection.execute(update(table).values({column.name: None}))


def look(visitors: list[Visitor], paths: list[str]) -> list[str]:
    found = []
    for visitor in visitors:
        for path in paths:
            status = visitor.get(path, follow_redirects=True).status_code
            if status not in NOT_FOR_READERS:
                found.append(f"{path} → {status} for {visitor.who.name if visitor.who else 'a stranger'}")
    return found


@pytest.mark.both
def test_an_empty_portal_has_only_calm_pages(app: Flask, ada: Visitor, ana: Visitor) -> None:
    """No article, no incident, no search yet: the first day of every installation."""
    broken = [
        f"{address} → {status}"
        for visitor in (ada, ana)
        for endpoint, _, address in addresses(app, changing=False)
        if (status := visitor.get(address, follow_redirects=True).status_code) not in NOT_FOR_READERS
        and endpoint != "health.readyz"
    ]
    assert broken == []
