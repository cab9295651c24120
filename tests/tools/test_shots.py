"""The list of pictures: every page is on it, and every line of it can be read."""

from urllib.parse import urlsplit

from flask import Flask

from tools.shots import LOOKS, read_list

NO_PICTURE = {
    "accounts.reset_sent": "one sentence",
    "accounts.setup_start": "before there is anybody",
    "admin.audience_members": "a piece of the page of an audience",
    "admin.audit_table": "a table to be saved",
    "admin.judge_look": "a piece of the page of the look",
    "admin.people_options": "names for a field",
    "calling.people": "a piece of the page of a call",
    "handing_over.suggestions": "a piece of the page of handing over",
    "insights.report": "a file to be saved",
    "questions.suggestions": "a piece of the page of asking",
    "queue.choose": "a piece of the queue",
    "reference.document": "read by programs",
    "search.suggest": "a piece of the home page",
}


def test_every_page_has_its_picture(app: Flask) -> None:
    taken = {urlsplit(shot.path).path for shot in read_list()}
    missing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments and rule.rule not in taken
    }
    missing = {name for name in missing if not name.startswith(("health.", "api."))}  # they answer programs
    assert missing == set(NO_PICTURE)


def test_every_look_is_one_we_know_and_the_first_makes_the_picture_of_the_readme() -> None:
    shots = read_list()
    assert {look for shot in shots for look in shot.looks} <= set(LOOKS)
    assert {shot.readme for shot in shots if shot.readme} == {"home", "results", "article", "editor"}


def test_no_two_shots_have_the_same_name() -> None:
    names = [shot.name for shot in read_list()]
    assert sorted(set(names)) == sorted(names)
