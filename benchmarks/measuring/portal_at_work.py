"""A portal to measure: an installation in a temporary folder, with a reader and as many articles as wanted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from portal.accounts import sessions
from portal.core import clock, markup, migrate, options
from portal.core.actor import system
from portal.core.database import db
from portal.factory import create_app
from portal.kb.models import Article, ArticleTag, Category
from portal.people import services as people
from portal.people.models import Person
from portal.search import jobs as search_jobs

REFERENCE = "/_reference"
ROWS = 100
TOPICS = 14
WORDS = (
    "laptop screen printer password network mail calendar meeting folder browser phone window button setting account "
    "update restart connect share print sign open close wait press choose check device power battery cable room file "
    "software licence office home train morning slow missing locked broken empty wrong black loud full late"
).split()


@contextmanager
def installation(*, n_articles: int = 0, is_demo: bool = False) -> Iterator[Flask]:
    """Yield an app on a fresh installation; with the demo organisation, or with this many generated articles."""
    with TemporaryDirectory(prefix="dity-bench-") as folder:
        app = create_app(settings(Path(folder), is_demo=is_demo))
        _add_reference(app)
        with app.app_context():
            migrate.upgrade()
            if is_demo:
                _seed_demo(app)
            else:
                _generate(n_articles)
            search_jobs.rebuild({})
            db.session.commit()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def settings(home: Path, *, is_demo: bool = False) -> Settings:
    return Settings(
        home=home,
        demo=is_demo,
        testing=True,
        log_level="error",
        searches_per_minute=10**9,
        suggestions_per_minute=10**9,
    )


def _add_reference(app: Flask) -> None:
    """The reference of QUALITY 2: same app, same middleware, a signed-in session, a table of 100 rows, no query."""
    rows = [(n, f"Row {n}", n * 7 % 100) for n in range(ROWS)]
    row = "<tr><td>{{ n }}</td><td>{{ name }}</td><td>{{ share }} %</td></tr>"
    source = (
        "<!doctype html><title>Reference</title><table>{% for n, name, share in rows %}" + row + "{% endfor %}</table>"
    )

    @app.get(REFERENCE)
    def reference() -> str:
        return render_template_string(source, rows=rows)


def _seed_demo(app: Flask) -> None:
    from portal.demo import filling

    filling.seed(at=clock.now(), folder=app.config["DITY"].kb_path)


def _generate(n: int) -> None:
    """Add a reader and n articles of about 250 words, from a closed vocabulary (the worst case for search)."""
    actor, chance = system("benchmark"), random.Random(1)
    options.change(actor, is_set_up=True)
    unit = people.add_department(actor, slug="finance", name="Finance")
    people.add_person(actor, email="ana@ostreyvale.example", name="Ana Ruiz", department=unit)
    shelves = [Category(slug=f"topic-{i}", title=f"Topic {i}", audience=[], position=i) for i in range(TOPICS)]
    db.session.add_all(shelves)
    db.session.flush()
    for i in range(n):
        db.session.add(_article(i, shelves[i % TOPICS], chance))
        if i % 500 == 499:
            db.session.commit()
    db.session.commit()


def _article(i: int, category: Category, chance: random.Random) -> Article:
    def sentence(n: int) -> str:
        return " ".join(chance.choices(WORDS, k=n)).capitalize() + "."

    steps = "\n\n".join(f"{k}. {sentence(14)}" for k in range(1, 7))
    body = f"{sentence(20)}\n\n## {sentence(4)}\n\n{steps}\n\n## {sentence(3)}\n\n{sentence(60)}\n"
    made = markup.render(body)
    return Article(
        slug=f"generated-{i}",
        title=" ".join(chance.choices(WORDS, k=6)).capitalize(),
        summary=sentence(12),
        category=category,
        status="published",
        body=body,
        html=made.html,
        audience=[],
        n_steps=made.n_steps,
        headings=[[h.level, h.id, h.title] for h in made.headings],
        passages=[[p.heading_id, p.text] for p in made.passages],
        steps=[[step.platform, step.html] for step in made.steps],
        platforms=[],
        published_at=clock.now(),
        verified_at=clock.now(),
        tags=[ArticleTag(tag=tag) for tag in sorted(set(chance.choices(WORDS, k=3)))],
    )


def token_for(app: Flask, email: str = "ana@ostreyvale.example") -> str:
    """Open a session for somebody and return its token."""
    with app.app_context():
        person = db.session.query(Person).filter_by(email=email).one()
        _row, token = sessions.open_session(person.id, is_remembered=True, user_agent="benchmark", address=None)
        db.session.commit()
        return token


def colleagues(app: Flask, n: int) -> list[FlaskClient]:
    """Return the clients of n people like Ana, each signed in."""
    emails = [f"colleague-{number}@ostreyvale.example" for number in range(n)]
    with app.app_context():
        ana = db.session.execute(select(Person).where(Person.email == "ana@ostreyvale.example")).scalar_one()
        for email in emails:
            people.add_person(
                system("benchmark"), email=email, name=f"A. {email.partition('@')[0]}", department=ana.department
            )
        db.session.commit()
    return [signed_in(app, email) for email in emails]


def signed_in(app: Flask, email: str = "ana@ostreyvale.example") -> FlaskClient:
    """Return a client signed in as Ana, or somebody else."""
    client = app.test_client()
    token = token_for(app, email)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client
