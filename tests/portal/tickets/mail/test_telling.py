"""What the desk reads about a mail that came in."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.tickets.mail import signs, telling
from portal.tickets.models import IncomingMail, Outcome


@pytest.mark.parametrize(
    ("headers", "subject", "told"),
    [
        ({"list-id": ["News"]}, "Chairs", "a newsletter or a mailing list"),
        ({"precedence": ["bulk"]}, "Chairs", "a newsletter or a mailing list"),
        ({"auto-submitted": ["auto-replied"]}, "Re: Chairs", "an automatic answer"),
        ({}, "Out of office: back on Monday", "an automatic answer"),
        ({"return-path": ["<>"]}, "Undelivered", "Return-Path: <>"),
    ],
)
def test_a_machine_is_told_in_words_of_people(
    app: Flask, headers: dict[str, list[str]], subject: str, told: str
) -> None:
    row = IncomingMail(outcome=Outcome.AUTOMATIC.value, reason=signs.automatic(headers, subject))
    with app.test_request_context():
        assert told in telling.why(row)
