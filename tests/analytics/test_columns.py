"""Columns hold events without an object each, and give them back."""

import datetime as dt

import numpy as np

from analytics.columns import Coded, Columns
from analytics.events import ActorKind, Event, Name

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def columns() -> Columns:
    return Columns(
        at=np.array([AT.replace(tzinfo=None), AT.replace(tzinfo=None, hour=10)], dtype="datetime64[us]"),
        name=Coded.of(["search.performed", "article.viewed"]),
        visitor=Coded.of(["ana", "ben"]),
        actor_kind=Coded.of(["user", None]),
        department=Coded.of(["finance", "finance"]),
        site=Coded.of([None, None]),
        subject=Coded.of([None, "article:1"]),
        topic=Coded.of(["vpn", "vpn"]),
        visit=Coded.of(["v1", "v2"]),
        props=[{"n_results": 3}, {}],
    )


def test_events_come_back_whole() -> None:
    first, second = columns().events()
    assert first == Event(
        name=Name.SEARCH_PERFORMED,
        at=AT,
        visitor="ana",
        actor_kind=ActorKind.USER,
        department="finance",
        topic="vpn",
        visit="v1",
        props={"n_results": 3},
    )
    assert (second.subject, second.actor_kind) == ("article:1", ActorKind.ANON)


def test_rows_are_kept_by_name() -> None:
    kept = columns().named(Name.ARTICLE_VIEWED)
    assert [event.visitor for event in kept.events()] == ["ben"]


def test_a_label_that_never_occurs_marks_no_row() -> None:
    assert not columns().site.is_("harbour").any()
    assert not columns().topic.is_("mail").any()


def test_equal_texts_have_equal_codes_in_any_order() -> None:
    assert Coded.of(["b", "a", None]).labels == Coded.of(["a", "b"]).labels
