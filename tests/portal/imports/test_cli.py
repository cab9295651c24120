from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.kb.models import Article
from portal.people.models import Person
from portal.people.queries import by_email
from tests.commands import dity
from tests.factories.imports import folder

PAGES: dict[str, str | bytes] = {
    "a.md": "---\ntitle: A\n---\n[x](gone.md)\n",
    "b.md": "---\nno title: 1\n---\n",
    "c.md": "Plain.",
}


def count(db: Any, model: Any) -> int:
    n = db.session.execute(select(func.count()).select_from(model)).scalar_one()
    db.session.rollback()
    return int(n)


def test_articles_are_tried_imported_and_taken_back(app: Flask, db: Any, tmp_path: Path) -> None:
    path = folder(tmp_path / "notes", PAGES)
    tried = dity(app, "import", "articles", path, "--dry-run")
    assert "b.md:1: failed: The front matter has no title." in tried
    assert "Would be: 1 created, 1 skipped, 1 failed; 1 remarks. Nothing was written." in tried
    assert count(db, Article) == 0
    said = dity(app, "import", "articles", path)
    assert "a.md:4: This link leads nowhere: gone.md" in said
    assert "Import 1: 1 created, 1 skipped, 1 failed; 1 remarks." in said
    assert count(db, Article) == 1
    assert db.session.execute(select(Article.status)).scalars().all() == ["published"], "as the command's help says"
    db.session.rollback()
    assert dity(app, "import", "undo", 1).endswith("Import 1: 1 taken back, 0 not.\n")
    assert "undone" in dity(app, "import", "list")


def test_people_are_mapped_imported_and_given_out_again(app: Flask, db: Any, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Who,Where to write\nTom Reed,tom@ostreyvale.example\n")
    refused = dity(app, "import", "people", path, "--dry-run", code=1)
    assert "for: Mail address. The table has these columns: Who, Where to write. Say which with --map" in refused
    mapped = ("--map", "Where to write=email")
    assert "There is no name." in dity(app, "import", "people", path, "--dry-run", *mapped)
    dity(app, "import", "people", path, "--map", "Who=name", "--map", "Where to write=email")
    person = by_email("tom@ostreyvale.example")
    assert person is not None
    db.session.rollback()
    assert "has no column" in dity(app, "import", "people", path, "--map", "Nobody=name", code=1)
    dity(app, "export", "people", tmp_path / "out.csv")
    assert "tom@ostreyvale.example" in (tmp_path / "out.csv").read_text()
    dity(app, "export", "everything", tmp_path / "all.tar.gz")
    assert "is there already" in dity(app, "export", "everything", tmp_path / "all.tar.gz", code=1)
    assert count(db, Person) == 1


def test_a_file_that_cannot_be_imported_is_one_sentence(app: Flask, db: Any, tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    path.write_bytes(b"MZ" * 100)
    assert "This is not a .zip, .tar or .tar.gz archive" in dity(app, "import", "articles", path, code=1)
    assert "This is not a .zip, .tar or .tar.gz archive" in dity(app, "import", "articles", path, "--dry-run", code=1)
    assert "nothing left to go on with" in dity(app, "import", "resume", 1, code=1)
