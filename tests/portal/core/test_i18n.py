import datetime as dt

import pytest
from flask import Flask

from portal.core import clock
from portal.core.i18n import ago

NOW = dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (dt.timedelta(minutes=3), "3 min ago"),
        (dt.timedelta(hours=23), "23 hours ago"),
        (dt.timedelta(hours=26), "yesterday"),
        (dt.timedelta(hours=40), "20 Nov"),
        (dt.timedelta(hours=47), "20 Nov"),
    ],
)
def test_yesterday_is_the_day_before_and_not_whatever_is_less_than_two_days_old(
    app: Flask, back: dt.timedelta, words: str
) -> None:
    with clock.frozen(NOW), app.test_request_context("/"):
        assert ago(NOW - back) == words
