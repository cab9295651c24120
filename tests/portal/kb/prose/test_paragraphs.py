"""A rendered text as a row of paragraphs (portal.kb.prose.paragraphs)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.core import markup
from portal.kb.prose import paragraphs

BODY = """Intro.

## Steps

//// windows
1. Open **it**.

    → It opens.

2. Close it.

/// warning | Stop
Or not.
///
////

- one
- two

| a | b |
|---|---|
| 1 | 2 |
"""
PIECES = st.lists(
    st.sampled_from(["Text.", "## Head", "1. Step\n2. Other", "- item\n  - inner", "> quote", "```\ncode\n```", "***"])
)


def test_steps_items_and_what_stands_in_variants_are_paragraphs_of_their_own() -> None:
    found = paragraphs.split(markup.render(BODY).html)
    assert [(one.number, one.platform, one.text) for one in found] == [
        (1, "", "Intro."),
        (2, "", "Steps"),
        (3, "windows", "Open it. It opens."),
        (4, "windows", "Close it."),
        (5, "windows", "Warning: Stop Or not."),
        (6, "", "one"),
        (7, "", "two"),
        (8, "", "a b 1 2"),
    ]


def test_nothing_in_a_paragraph_can_be_ticked_or_named_twice() -> None:
    html = "".join(one.html for one in paragraphs.split(markup.render(BODY).html))
    assert "<input" not in html
    assert ' id="' not in html


@given(PIECES.map("\n\n".join))
def test_no_word_is_lost_between_paragraphs(body: str) -> None:
    html = markup.render(body).html
    assert " ".join(one.text for one in paragraphs.split(html)).split() == markup.plain(html).split()


def test_a_paragraph_that_changed_a_little_is_found_and_one_that_is_gone_is_not() -> None:
    found = paragraphs.split("<p>Press the red key twice.</p><p>Wait.</p>")
    same = paragraphs.find(found, number=2, quote="Press the green key twice.")
    assert same is not None
    assert same.number == 1
    assert paragraphs.find(found, number=1, quote="Something else entirely, long ago.") is None
