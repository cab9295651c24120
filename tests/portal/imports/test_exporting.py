from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.actor import system
from portal.core.registry import registry
from portal.files import services as files
from portal.imports.cli import everything_reader, give_out
from portal.kb.models import Article, Category
from portal.kb.shelving import tree
from portal.kb.syncing import content, sync
from portal.people.models import Person
from tests.factories import kb
from tests.factories import people as factory
from tests.factories.files import picture
from tests.factories.imports import bring, folder, outcomes
from tests.people import Visitor

BODY = "See [it](kb:second#part) and `{{ this }}` {% as it is %}.\n\n![A map](file:{n})\n\n## Part\n\n<b>Words</b>.\n"


def fill(db: Any, dara: Visitor, ben: Visitor) -> None:
    factory.audience("Ben alone", ("person", str(ben.person_id)), slug="ben-alone")
    above = kb.category("Network", slug="network")
    below = kb.category("VPN", slug="vpn", parent_id=above.id, audience=["ben-alone"])
    common = {"origin": "portal", "owner_id": dara.person_id}
    first = kb.article("First: “one”", slug="first", category=above, tags=("vpn",), **common)
    stored = files.keep(dara.actor, io.BytesIO(picture()), "a map.png", on=first.ref)
    first.body = BODY.replace("{n}", str(stored.id))
    kb.article("Second", slug="second", category=above, **common)
    kb.article("Hidden", slug="hidden", category=below, audience=["ben-alone"], **common)
    tree.rekey()
    db.session.commit()


def texts(db: Any) -> dict[str, tuple[Any, ...]]:
    rows = db.session.execute(select(Article)).scalars()
    return {
        row.slug: (
            row.title,
            row.summary,
            row.category.slug,
            sorted(tag.tag for tag in row.tags),
            row.audience,
            row.status,
        )
        for row in rows
    }


def clear(db: Any) -> None:
    for row in db.session.execute(select(Article)).scalars():
        db.session.delete(row)
    db.session.flush()
    for topic in db.session.execute(select(Category).order_by(Category.id.desc())).scalars():
        db.session.delete(topic)
        db.session.flush()
    db.session.commit()


def test_articles_go_out_and_come_in_as_they_were(
    app: Flask, db: Any, dara: Visitor, ben: Visitor, tmp_path: Path
) -> None:
    fill(db, dara, ben)
    before, access = texts(db), dict(db.session.execute(select(Article.slug, Article.access_key)).all())
    give_out("articles", tmp_path / "out.tar.gz")
    clear(db)
    run = bring("articles", tmp_path / "out.tar.gz")
    assert set(outcomes(run).values()) == {"created"}
    assert texts(db) == before
    assert dict(db.session.execute(select(Article.slug, Article.access_key)).all()) == access
    body = db.session.execute(select(Article.body).where(Article.slug == "first")).scalar_one()
    assert body.split("![")[0] == BODY.split("![")[0]
    (image,) = dara.page("/kb/first").all("img", alt="A map")
    with dara.get(image.get("src", "")) as response:
        assert response.status_code == 200
    assert set(outcomes(bring("articles", tmp_path / "out.tar.gz")).values()) == {"unchanged"}


def test_a_sync_reads_what_was_given_out(app: Flask, db: Any, dara: Visitor, ben: Visitor, tmp_path: Path) -> None:
    fill(db, dara, ben)
    before = texts(db)
    give_out("articles", tmp_path / "out")
    assert content.read(tmp_path / "out").problems == ()
    clear(db)
    sync.sync(system("tests"), tmp_path / "out")
    db.session.commit()
    assert texts(db) == before


def test_people_go_out_and_come_in_as_they_were(
    app: Flask, db: Any, mia: Visitor, ada: Visitor, tmp_path: Path
) -> None:
    mia.person.name, mia.person.staff_number = "=Mia Duarte", "+7"
    mia.person.department.manager_id = mia.person_id
    db.session.commit()
    give_out("people", tmp_path / "people.csv")
    assert '"\'=Mia Duarte"' in (tmp_path / "people.csv").read_text()
    run = bring("people", tmp_path / "people.csv")
    assert set(outcomes(run).values()) == {"unchanged"}
    assert db.session.execute(select(Person.name).where(Person.id == mia.person_id)).scalar_one() == "=Mia Duarte"


def test_the_table_of_people_comes_as_a_table_that_can_be_uploaded_again(app: Flask, db: Any, ada: Visitor) -> None:
    with ada.post("/admin/exports/people") as response:
        assert response.headers["Content-Disposition"].endswith(".csv")
        assert response.mimetype == "text/csv"
        assert "ada@" in response.text


def test_what_somebody_may_not_read_is_in_no_export_of_theirs(
    app: Flask, db: Any, dara: Visitor, ben: Visitor, ada: Visitor
) -> None:
    fill(db, dara, ben)
    with ada.post("/admin/exports/everything") as response:
        packed = io.BytesIO(response.data)
    with tarfile.open(fileobj=packed) as archive:
        names = archive.getnames()
        topics = archive.extractfile("articles/categories.toml")
        assert topics is not None
        assert b"vpn" not in topics.read()
    assert "articles/network/first.md" in names
    assert not [name for name in names if "hidden" in name]
    assert "people/people.csv" in names
    whole = {name for name, _content in registry().exporters["articles"].members(everything_reader())}
    assert "vpn/hidden.md" in whole


def test_an_article_of_the_portal_is_not_overwritten_by_an_export_of_another(
    app: Flask, db: Any, dara: Visitor, ben: Visitor, tmp_path: Path
) -> None:
    fill(db, dara, ben)
    give_out("articles", tmp_path / "out")
    assert set(outcomes(bring("articles", folder(tmp_path / "out", {}))).values()) == {"kept"}
