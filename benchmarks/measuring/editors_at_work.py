"""An editors' desk to measure: a long list with something of every kind, and a full page of it."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.actor import system
from portal.core.database import db
from portal.core.permissions import Role
from portal.kb.caring import met
from portal.kb.caring.met import Met
from portal.kb.models import Article, Proposal, SearchFinding, Suggestion
from portal.people import queries as people_queries
from portal.people import services as people
from portal.people.models import Person
from portal.talk import solutions

EDITOR = "dara@ostreyvale.example"
N_GAPS, N_SAID = 40, 10


def furnish(app: Flask) -> str:
    """Put work on the desk: checks that are overdue, weak articles, gaps, readers and suggestions that wait."""
    with app.test_request_context():
        if people_queries.by_email(EDITOR) is None:
            people.add_person(system("benchmark"), email=EDITOR, name="Dara Voss", roles=[Role.EDITOR])
        reader = people.actor_of(db.session.execute(select(Person).order_by(Person.id).limit(1)).scalar_one())
        articles = list(db.session.execute(select(Article).order_by(Article.id).limit(100)).scalars())
        found = [Met(subject=met.WHOLE, n_met=1000, n_lost=100)]
        for n, article in enumerate(articles):
            article.review_by = clock.today() - dt.timedelta(days=n) if n % 2 else article.review_by
            found.append(Met(subject=str(article.ref), n_people=n, n_met=n, n_lost=n // 5))
        for n in range(N_GAPS):
            common = {"n_people": 3 + n, "n_searches": 4 + n, "found_at": clock.now()}
            db.session.add(SearchFinding(article_id=None, words=[f"how do I get number {n}"], **common))
        for article in articles[:N_SAID]:
            solutions.mark(reader, article.ref, version=article.version, solved=False, comment="Which **tab**?")
            db.session.add(
                Suggestion(
                    article_id=article.id, person_id=reader.person_id, kind=Proposal.ERROR.value,
                    words="This is not so any more.", revision=1, created_at=clock.now(),
                )
            )  # fmt: skip
        met.keep(found, counted_on=clock.today())
        db.session.commit()
        return "/desk/"
