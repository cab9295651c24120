from __future__ import annotations

from pathlib import Path

import pytest

from portal.kb.importing import texts
from portal.kb.importing.pages import Page

SENTENCE = "Slack is where we talk. It is for everybody."


def page(**values: object) -> Page:
    return Page(
        path="a.md",
        place="a.md",
        file=Path("a.md"),
        values=dict(values),
        lines={},
        body_line=1,
        body_at=0,
        title="A page",
        anchors={},
        checksum="",
    )


@pytest.mark.parametrize(
    "passed_over",
    [
        "[_Back to Slack page_](../)",
        "Back to [Slack page](kb:slack)",
        "[Next to Get a travel card >](kb:travel-card)",
        "[![A picture](file:1)](https://ostreyvale.example)",
        "[Learn about\nthe rules](kb:rules){.button}",
        "## Slack",
        "![A picture of Slack](file:1)",
        "- one\n- two",
        "a.k.a. Chat",
        "| a | b |\n|---|---|",
        "Here is where you can find it:",
    ],
)
def test_a_summary_is_the_first_real_sentence(passed_over: str) -> None:
    assert texts.summary(page(), f"{passed_over}\n\n{SENTENCE}\n") == SENTENCE


@pytest.mark.parametrize(
    ("values", "body", "expected"),
    [
        ({"summary": "Ours.", "subtitle": "No"}, SENTENCE, "Ours."),
        ({"subtitle": "Guide: step 1"}, SENTENCE, SENTENCE),
        ({"subtitle": "Making buying joyful"}, "## Only headings", "Making buying joyful"),
        ({}, "Chat comes first for all. These are the others:\n\n- a", "Chat comes first for all."),
        ({}, "You find all of these here:\n\n- a\n\n## More\n\nIt also has a door.", "You find all of these here:"),
        ({}, "Chat with [our\nteam](kb:team) about snake_case_names.", "Chat with our team about snake_case_names."),
        ({}, "[Back](../)", "A page"),
        ({}, "在这里可以找到关于休假的所有信息和联系人。", "在这里可以找到关于休假的所有信息和联系人。"),
    ],
)
def test_a_summary_takes_what_tells_most(values: dict[str, object], body: str, expected: str) -> None:
    assert texts.summary(page(**values), body) == expected
