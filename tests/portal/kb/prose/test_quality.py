"""The rules of the house for a text, without a portal."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core import markup
from portal.kb.prose.quality import WEIGHTS, Check, Key, State, Written, checks, share

BODY = """Your badge signs you in and out. Nothing of yours stays behind when you go, and there is no password.

## Sign in

1. Press any key to wake the bench PC.

    → The screen asks for a badge.

2. Hold your badge to the reader on the left. It beeps once and shows your name in green letters.

## If it still does not work

Ask the person at the next bench, or call the desk.
"""


def judged(body: str = BODY, *, weights: dict[str, int] | None = None, **kw: Any) -> dict[Key, Check]:
    values: dict[str, Any] = {
        "title": "Sign in on a shared computer",
        "summary": "Your badge signs you in and out.",
        "body": body,
        "made": markup.render(body, links=lambda slug: f"/kb/{slug}" if slug == "vpn-drops" else None),
    }
    return {check.key: check for check in checks(Written(**{**values, **kw}), weights)}


def test_a_good_text_keeps_every_rule_that_applies() -> None:
    found = judged()
    assert {key for key, check in found.items() if not check.is_ok} == set()
    assert not {Key.PICTURES, Key.LINKS, Key.VARIANTS, Key.WORDS, Key.VERIFIED} & set(found), "these do not apply"


@pytest.mark.parametrize(
    ("key", "state", "how"),
    [
        (Key.TITLE, State.MISSING, {"title": ""}),
        (Key.TITLE, State.PARTLY, {"title": "Badges"}),
        (Key.TITLE, State.PARTLY, {"title": "How to " + "very " * 12 + "long"}),
        (Key.SUMMARY, State.MISSING, {"summary": " "}),
        (Key.SUMMARY, State.PARTLY, {"summary": "word " * 50}),
        (Key.WORDS, State.OK, {"searches": [("shared computers", 4)]}),
        (Key.WORDS, State.OK, {"searches": [("bench pc", 4)], "tags": ["bench-pc"]}),
        (Key.WORDS, State.PARTLY, {"searches": [("shared computer", 4), ("bench pc login", 3)]}),
        (Key.WORDS, State.MISSING, {"searches": [("bench pc login", 3)]}),
        (Key.STEPS, State.MISSING, {"body": "Only words here.\n"}),
        (Key.STEPS, State.PARTLY, {"body": "1. One.\n2. Two.\n"}),
        (Key.STEPS, State.OK, {"body": "1. One.\n\n    → It opens.\n\n2. Two.\n"}),
        (Key.PICTURES, State.MISSING, {"body": "![](assets/a.png)\n"}),
        (Key.LINKS, State.MISSING, {"body": "See [this](kb:nowhere).\n"}),
        (Key.LINKS, State.OK, {"body": "See [this](kb:vpn-drops).\n"}),
        (Key.VARIANTS, State.PARTLY, {"body": "/// windows\n1. Press.\n///\n\n/// macos\nSoon.\n///\n"}),
        (Key.VARIANTS, State.OK, {"body": "/// windows\n1. Press.\n///\n\n/// macos\n1. Press.\n///\n"}),
        (Key.FAILS, State.MISSING, {"body": "## Sign in\n\n1. Press the green button.\n"}),
        (Key.LENGTH, State.PARTLY, {"body": "Too short.\n"}),
        (Key.LENGTH, State.PARTLY, {"body": "long words " * 500}),
        (
            Key.EASE,
            State.MISSING,
            {"body": "Organisational interdependencies necessitate reconfiguration.\n"},
        ),
        (Key.VERIFIED, State.MISSING, {"is_verified": False}),
        (Key.VERIFIED, State.OK, {"is_verified": True}),
    ],
)
def test_each_rule_finds_its_fault_and_says_how_to_mend_it(key: Key, state: State, how: dict[str, Any]) -> None:
    check = judged(**how)[key]
    assert check.state is state, str(check.state)
    assert bool(check.mend) == (state is not State.OK)


def test_reading_ease_is_not_judged_in_other_languages() -> None:
    assert Key.EASE not in judged(is_english=False)


def test_a_rule_without_weight_is_off_and_weights_decide_the_share() -> None:
    assert Key.TITLE not in judged(weights={"title": 0}, title="")
    heavy = share(list(judged(weights={"title": 5}, title="").values()))
    light = share(list(judged(weights={"title": 1}, title="").values()))
    assert heavy < light < 1.0


def test_every_rule_has_a_weight_and_is_told_in_words() -> None:
    assert set(WEIGHTS) == set(Key)
    assert share([]) == 1.0
