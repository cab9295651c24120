"""S1 at the one seam: whatever is written in Markdown, nothing of it lives in a reader's browser."""

from __future__ import annotations

import pytest

from portal.core.markup import cleaning, dialect, rendering
from tests.hostile.lists import OURS, lines
from tests.hostile.oracle import live_things

POSITIONS = {
    "text": "{}",
    "inline": "before {} after",
    "link": "[words]({})",
    "image": "![{}]({})",
    "angle link": "<{}>",
    "fence": "```{}\n{}\n```",
}
OUR_SYNTAX = {
    "heading": "## {} {#x}",
    "callout": "/// warning | {}\n{}\n///",
    "fold": "/// details | {}\n{}\n///",
    "table": "| {} |\n|---|\n| {} |",
    "step": "1. {}\n   → {}",
    "keys": '++"{}"++',
    "explained": "*[X]: {}\nX",
    "footnote": "a[^1]\n\n[^1]: {}",
    "title": '[a](kb:b "{}") ![c](file:1 "{}")',
    "address": "https://x.example/{}",
    "anchor": "[a](#{})",
    "article": "[a](kb:{})",
}


def made(text: str) -> str:
    """Render an article with every internal link and picture leading somewhere."""
    from portal.core.markup import resolve

    return resolve(rendering.parse_article(text), links=lambda s: f"/kb/{s}", files=lambda f: f"/files/{f}").html


def live(payloads: list[str], positions: dict[str, str], render: object) -> list[str]:
    return [
        f"{name}: {payload!r}: {found}"
        for payload in payloads
        for name, form in positions.items()
        for found in live_things(render(form.replace("{}", payload)))  # type: ignore[operator]
    ]


@pytest.mark.parametrize("positions", [POSITIONS, OUR_SYNTAX], ids=["six positions", "our syntax"])
def test_our_handful_of_attacks_is_dead(positions: dict[str, str]) -> None:
    assert live(list(OURS), positions, made) == []


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("name", [*POSITIONS, *OUR_SYNTAX])
def test_the_whole_list_is_dead(name: str) -> None:
    assert live(lines("xss"), {name: {**POSITIONS, **OUR_SYNTAX}[name]}, made) == []


@pytest.mark.real_data
@pytest.mark.slow
def test_the_whole_list_is_dead_in_comments() -> None:
    assert live(lines("xss"), POSITIONS, lambda text: rendering.parse_comment(text).html) == []


def test_either_wall_holds_alone_against_our_handful() -> None:
    _walls_hold_alone(list(OURS))


@pytest.mark.real_data
@pytest.mark.slow
def test_either_wall_holds_alone() -> None:
    _walls_hold_alone(lines("xss"))


def _walls_hold_alone(payloads: list[str]) -> None:
    first_only = [dialect.article().render(text, rendering.environment("")) for text in payloads]
    second_only = [cleaning.clean(text) for text in payloads]
    assert [text for text in first_only if live_things(text)] == []
    assert [text for text in second_only if live_things(text)] == []


def test_the_judge_sees_what_lives() -> None:
    assert live_things("<p>ok <a href='https://a.example:80/b'>c</a> <dfn>d</dfn> <input type=checkbox></p>") == []
    for html in (
        "<script>1</script>",
        "<p onclick=a>b",
        "<a href=javascript:a>b",
        "<a href='jav&#9;ascript:a'>b",
        "<img src='data:text/html,a'>",
        "<p style='color:red'>a",
        "<svg><a xlink:href='javascript:a'></svg>",
        "<input value=a>",
        "<iframe srcdoc=a>",
    ):
        assert live_things(html), html


@pytest.mark.real_data
def test_the_list_is_a_list_of_attacks() -> None:
    assert sum(bool(live_things(payload)) for payload in lines("xss")) > 1_000


def test_nobody_can_write_a_slot_by_hand() -> None:
    text = (
        '<li class="step" id="mdx-step-1-1"><span class="step-slot" data-step="1-1" data-number="1"></span>'
        '<a data-kb="x">y</a> <img data-file="file:1" alt="z"> <span data-word="note">w</span>'
    )
    html = made(text)
    assert "<input" not in html
    assert "<a" not in html
    assert "<img" not in html
    assert "<span" not in html
    assert "data-kb" in html  # as words
