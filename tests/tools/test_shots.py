"""The list of pictures: every page is on it, and every line of it can be read."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from tools.shots import LOOKS, Shot, listed

NO_PICTURE = {
    "accounts.reset_sent": "one sentence",
    "accounts.setup_start": "before there is anybody",
    "admin.new_person": "the form of a person, empty",
    "search.suggest": "a piece of the home page",
}


def test_every_page_has_its_picture(app: Flask) -> None:
    shots, _ = listed()
    taken = {urlsplit(shot.path).path for shot in shots}
    missing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments and rule.rule not in taken
    }
    assert {name for name in missing if not name.startswith("health.")} - set(NO_PICTURE) == set()


def test_the_pictures_of_the_readme_are_made_of_shots() -> None:
    shots, pictures = listed()
    files = {f"{shot.name}-{look}" for shot in shots for look in shot.only}
    assert {part for parts in pictures.values() for part in parts} <= files


def test_no_two_shots_have_the_same_name() -> None:
    names = [shot.name for shot in listed()[0]]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("wrong", [{"only": ["sepia"]}, {"who": "nobody"}])
def test_an_unknown_look_or_person_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        Shot.read({"name": "x", "path": "/", **wrong})


def test_the_usual_looks_are_four() -> None:
    assert Shot.read({"name": "x", "path": "/"}).only == ("light", "dark", "phone", "bare")
    assert set(LOOKS) == {"light", "dark", "phone", "bare", "rtl"}
