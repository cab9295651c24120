"""The pages on which a wave is planned."""

from __future__ import annotations

from typing import Any


def test_the_empty_list_teaches_the_five_stages(eli: Any) -> None:
    page = eli.page("/surveys/")
    for name in ("Idea", "Design", "Build", "Launch", "Real-life use"):
        assert name in page.text


def test_a_wave_is_begun_with_two_answers(eli: Any) -> None:
    answered = eli.submit("/surveys/new", "/surveys/new", name="Autumn", stage="launch")
    assert answered.status_code == 303
    page = eli.page(answered.headers["Location"])
    assert "Autumn" in page.text
    assert "What stops the first use?" in page.text
