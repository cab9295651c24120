"""Sizes and filters as pages show them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.admin import presenting
from portal.core import i18n


@pytest.mark.parametrize(
    ("n_bytes", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1_449_000, "1.4 MB"),
        (250_000_000, "250 MB"),
        (3 * 10**12, "3 TB"),
    ],
)
def test_a_size_is_told_in_the_unit_that_suits_it(app: Flask, n_bytes: int, words: str) -> None:
    with app.test_request_context():
        assert i18n.size(n_bytes) == words


def test_a_filter_offers_everything_first_and_marks_what_holds(app: Flask) -> None:
    with app.test_request_context():
        found = presenting.choices("admin.people", {"q": "ana", "role": "editor"}, "role", [("editor", "Editor")])
    assert [(choice.text, choice.current) for choice in found] == [("All", False), ("Editor", True)]
    assert found[0].href == "/admin/people?q=ana"
    assert presenting.chosen(found) == "Editor"
