from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.core import markup
from portal.kb.importing import converting, pages
from portal.kb.importing.addresses import Addresses, normal
from portal.kb.importing.linking import Converted
from portal.kb.importing.pages import Page
from tests.hostile import lists, oracle

Convert = Callable[[str], Converted]
OTHER = "---\ntitle: Other\nredirect_from: /old-other/\n---\n## What's new?\n\nText.\n"


@pytest.fixture
def convert(app: Flask, tmp_path: Path) -> Convert:
    """Convert the body of a page beside another one and a picture."""
    files = {"guide/page.md": "---\ntitle: Page\n---\n", "guide/sub/other.md": OTHER}

    def run(body: str) -> Converted:
        found: list[Page] = []
        for name, text in files.items():
            path = tmp_path / name.replace("/", "-")
            path.write_text(text + (body if name.endswith("page.md") else ""))
            row = pages.read_page(name, name.removeprefix("guide/"), path)
            found.append(row.values["page"])
        addresses = Addresses(found, {"guide/img/a.png": tmp_path / "a.png", "guide/form.pdf": tmp_path / "f.pdf"})
        return converting.Converter(found[0], body, addresses, lambda page: page.stem).convert()

    return run


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('[x]({% page "/sub/other/" %})', "[x](kb:other)"),
        ('[x]({% page "sub/other/#whats-new" %})', "[x](kb:other#what-s-new)"),
        ('[x]({% page\n"/old-other" %})', "[x](kb:other)"),
        ('see {% page "/sub/other" %}', "see [Other](kb:other)"),
        ("[x](sub/other.md)", "[x](kb:other)"),
        ("[x](./sub/other.html#what-s-new)", "[x](kb:other#what-s-new)"),
        ("[x](/old-other/)", "[x](kb:other)"),
        ("[x](https://a.example/b_(c))", "[x](<https://a.example/b_(c)>)"),
        ("[x](form.pdf)", "[x](file:100000000000000000)"),
        ("![A cat](img/a.png)", "![A cat](file:100000000000000000)"),
        ("![A cat](https://a.example/c.png)", "[A cat](<https://a.example/c.png>)"),
        ("![A cat](img/gone.png)", "(Picture: A cat)"),
        ("[x](javascript:alert(1))", "x"),
        ('join {% slack_channel "help" %}', "join #help"),
        ('{% slack_channel "help" "the helpers" %}', "the helpers (#help)"),
        ("a{% comment %}no{% endcomment %}b", "ab"),
        ("{% raw %}{% page %}{% endraw %}", "{% page %}"),
        ('{% alert "Careful" "warning" %}\n  Text.\n{% endalert %}', "/// warning | Careful\nText.\n///"),
        ("{% alert %}\nText.\n{% endalert %}", "/// note\nText.\n///"),
        ("a<br>b", "a  \nb"),
        ("| a<br>b |\n| --- |", "| a · b |\n| --- |"),
        ("<strong>very</strong> <em>so</em>", "**very** *so*"),
        ('<a href="/old-other">x</a>', "[x](kb:other)"),
        ("<details><summary>More</summary>\n\nText.\n\n</details>", "/// details | More\n\nText.\n\n///"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
         "| A | B |\n| --- | --- |\n| 1 | 2\\|3 |"),
        ("<h3><button>Step</button></h3>", "### Step"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<div>\n    Inside.\n</div>", "Inside."),
        ("<style>p { color: red }</style>Text", "Text"),
        ("ask <your name> or <https://a.example>", "ask <your name> or <https://a.example>"),
        ("`<br>` and\n\n```\n<br>[x](gone)\n```", "`<br>` and\n\n```\n<br>[x](gone)\n```"),
        ("# Page\n\nText.", "Text."),
    ],
)  # fmt: skip
def test_their_ways_become_ours(convert: Convert, given: str, expected: str) -> None:
    assert convert(given).body.strip() == expected


@pytest.mark.parametrize(
    ("given", "line", "word"),
    [
        ('one\n\n[x]({% page "/gone/" %})', 6, "/gone/"),
        ('one\n{% include "steps.html" %}', 5, "include"),
        ("{{ site.name }}", 4, "site.name"),
        ("one\n\n![x](img/gone.png)", 6, "gone.png"),
        ("[x](#nowhere)", 4, "#nowhere"),
        ("[x](sub/other.md#nowhere)", 4, "nowhere"),
        ("a\n\n<iframe src='https://a.example'></iframe>", 6, "iframe"),
        ("{% alert %}\nnever closed", 4, "closed"),
    ],
)
def test_what_cannot_come_along_is_named_with_its_line(convert: Convert, given: str, line: int, word: str) -> None:
    (note,) = convert(given).notes
    assert (note.line, word in note.text) == (line, True)
    assert "{%" not in convert(given).body


def test_a_link_that_leads_nowhere_stays_for_editors_and_is_words_for_readers(convert: Convert) -> None:
    body = convert('[the rules]({% page "/house/rules/" %})').body
    assert body.strip() == "[the rules](kb:house-rules)"
    assert "the rules" in (html := markup.render(body).html)
    assert "<a " not in html


@pytest.mark.slow
def test_no_hostile_text_becomes_a_live_page(convert: Convert) -> None:
    attacks = [*lists.OURS, *lists.lines("xss")[::7]]
    wrapped = "\n\n".join(f"{one}\n\n<div>{one}</div>\n\n[x]({one})" for one in attacks)
    for start in range(0, len(wrapped), 30_000):
        body = convert(wrapped[start : start + 30_000]).body
        for piece in range(0, len(body), 8_000):
            assert (oracle.live_things(markup.render(body[piece : piece + 8_000]).html)) == []


def test_no_text_takes_long(convert: Convert) -> None:
    pieces = [
        "{% ",
        "{{",
        "{% alert %}",
        "<table>",
        "<td>",
        "<div>",
        "<!--",
        "[",
        "](",
        "[x](",
        "`",
        "<a href='",
        "<h2>",
    ]
    pieces += ["<details>", "{% raw %}", "```\n", "| ", "<b>", '{% page "', "<div\n", "&#", "((((("]
    texts = [piece * (40_000 // len(piece)) for piece in pieces] + ["[" * 8_000 + "](x)" * 8_000]
    for text in texts:
        began = time.process_time()
        convert(text)
        assert time.process_time() - began < 1.5, text[:12]


def test_an_old_address_is_compared_without_its_ornaments() -> None:
    assert {normal(one) for one in ("/A/b/", "a/b.md", "/a/b/index.html", "/a/./b?x=1#y", "/a%2Fb")} == {"/a/b"}
