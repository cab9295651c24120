"""The list of pictures: every page is on it, and every line of it can be read."""

import re
from urllib.parse import urlsplit

from flask import Flask

from tools.shots import LOOKS, PICTURES, ROOT, read_list

NO_PICTURE = {
    "accounts.reset_sent": "one sentence",
    "accounts.setup_start": "before there is anybody",
    "admin.audience_members": "a piece of the page of an audience",
    "admin.audit_table": "a table to be saved",
    "admin.judge_look": "a piece of the page of the look",
    "admin.people_options": "names for a field",
    "calling.people": "a piece of the page of a call",
    "handing_over.suggestions": "a piece of the page of handing over",
    "ideas.alike": "a piece of the page of proposing",
    "insights.report": "a file to be saved",
    "insights.say_and_do_table": "a table to be saved",
    "questions.suggestions": "a piece of the page of asking",
    "queue.choose": "a piece of the queue",
    "reference.document": "read by programs",
    "search.suggest": "a piece of the home page",
    "surveys.read": "leads to the results of the survey that was chosen",
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


def test_every_look_is_one_we_know() -> None:
    assert {look for shot in read_list() for look in shot.looks} <= set(LOOKS)


def test_the_readme_shows_every_picture_that_is_made_for_it_and_they_weigh_little() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\(docs/pictures/([a-z-]+)\.png\)", readme))
    made = {shot.readme for shot in read_list() if shot.readme} | {"phone", "survey"}
    kept = {file.stem: file.stat().st_size for file in PICTURES.iterdir()}
    assert shown == made == set(kept)
    assert sum(kept.values()) < 1_200_000


def test_no_two_shots_have_the_same_name() -> None:
    names = [shot.name for shot in read_list()]
    assert sorted(set(names)) == sorted(names)
