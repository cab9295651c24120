"""The parts of an article's Markdown (portal.kb.prose.sections)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.kb.prose import sections

BODY = """Before.

## First

//// windows
## Not a part
////

```
## Nor this
```

## Second {#second}

Text.
"""
LINES = st.lists(st.sampled_from(["## A", "text", "", "```", "/// tip", "///", "//// macos", "////", "~~~", "### B"]))


def test_a_text_is_cut_at_its_headings_and_nowhere_else() -> None:
    assert [part.heading for part in sections.split(BODY)] == ["", "First", "Second"]


@given(LINES.map("\n".join))
def test_the_parts_joined_are_the_text_again(body: str) -> None:
    assert "".join(part.text for part in sections.split(body)) == body


def test_one_part_taken_out_leaves_its_heading_behind_for_the_title() -> None:
    stays, goes = sections.taken_out(BODY, [2])
    assert goes == "Text.\n"
    assert "Second" not in stays
    assert stays.startswith("Before.\n\n## First")


def test_several_parts_keep_their_headings() -> None:
    _stays, goes = sections.taken_out(BODY, [1, 2])
    assert goes.startswith("## First")
    assert "## Second" in goes
