"""The demo's log of the web server in front of the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.demo import weblogs
from portal.weblogs import queries
from portal.weblogs.models import RowKind
from portal.weblogs.queries import Span
from tests.people import Visitor

AT = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


def test_every_list_of_its_page_has_something_to_show(ada: Visitor, db: Any) -> None:
    weblogs.read(AT)
    found = queries.whole(Span(since=dt.date(2026, 1, 1), until=dt.date(2027, 1, 1)))
    assert found.visits > 2_000
    assert found.robots > 3_000
    there = queries.days_there()
    assert there == (dt.date(2026, 8, 30), dt.date(2026, 11, 21))
    span = Span(since=there[0], until=there[1])
    for kind, note in (
        (RowKind.PAGE, None),
        (RowKind.ERROR, None),
        (RowKind.REFERRER, None),
        (RowKind.TERM, None),
        (RowKind.OPENER, "portal"),
        (RowKind.OPENER, "ticket"),
    ):
        assert len(queries.top(span, kind, note=note)) >= 3, (kind, note)
    read = queries.imported()
    assert [why for why, _n in read.refused] == ["no closing quote"]
    assert read.n_refused >= 4
