"""The dialect: what authors write and what becomes of it."""

from __future__ import annotations

import pytest

from portal.core import markup
from portal.core.errors import Invalid
from portal.core.markup import Heading


def html(text: str, **kw: object) -> str:
    return markup.render(text, **kw).html.strip()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("~~gone~~ H~2~O", "<p><s>gone</s> H<sub>2</sub>O</p>"),
        ("~~a~~ ~b c~", "<p><s>a</s> ~b c~</p>"),
        ("++ctrl+alt+del++", '<p><kbd class="keys"><kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd></kbd></p>'),
        ('++cmd+"AB"++', '<p><kbd class="keys"><kbd>⌘</kbd>+<kbd>AB</kbd></kbd></p>'),
        ("C++ and c++", "<p>C++ and c++</p>"),
        ("<b>raw</b> {{ 7*7 }}", "<p>&lt;b&gt;raw&lt;/b&gt; {{ 7*7 }}</p>"),
        ("Term\n: Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("a\x00\x08b\x1bc", "<p>a\ufffdbc</p>"),
    ],
)
def test_marks_in_running_text(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_table_tells_its_columns_and_aligns_by_class() -> None:
    made = html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert '<th scope="col" class="align-center">a</th>' in made
    assert '<td class="align-right">2</td>' in made
    assert "style=" not in made
    assert made.startswith('<div class="table-scroll" tabindex="0"><table>')


def test_code_is_coloured_by_classes_for_languages_we_know() -> None:
    made = html("```python\nprint(1)\n```")
    assert '<pre class="code" tabindex="0"><code class="language-python"><span class="nb">print</span>' in made


@pytest.mark.parametrize("language", ["", "brainfog", "ini", "python" + "x" * 40])
def test_code_in_other_languages_stays_plain(language: str) -> None:
    made = html(f"```{language}\n<a> = 'b'\n```")
    assert ">&lt;a&gt; = 'b'\n</code>" in made
    assert "<span" not in made


def test_long_code_is_not_coloured() -> None:
    assert "<span" not in html("```python\n" + "print(1)\n" * 500 + "```")


def test_abbreviations_are_explained_as_whole_words_outside_code() -> None:
    made = html("*[VPN]: virtual private network\nThe VPN, not `VPN` nor VPNs.")
    assert made == ('<p>The <abbr title="virtual private network">VPN</abbr>, not <code>VPN</code> nor VPNs.</p>')


def test_footnotes_get_anchors_of_our_own() -> None:
    made = html("a[^x] b[^x]\n\n[^x]: Why.")
    assert '<sup class="footnote-ref"><a href="#mdx-fn-1" id="mdx-ref-1-0">1</a></sup>' in made
    assert '<li id="mdx-fn-1"><p>Why. <a class="footnote-back" href="#mdx-ref-1-0" aria-label="1">↩</a>' in made
    assert 'href="#mdx-ref-1-1"' in made


# Blocks


@pytest.mark.parametrize("name", ["note", "tip", "warning", "danger"])
def test_a_callout_says_what_it_is_and_its_title(name: str) -> None:
    made = html(f"/// {name} | Stop `x`\nBody.\n///\nAfter")
    assert made.startswith(f'<div class="callout callout-{name}" role="note">\n<p class="callout-title">')
    assert (
        f'<span class="visually-hidden"><span data-word="{name}">{name.title()}</span>: </span>Stop <code>x</code>'
        in made
    )
    assert made.endswith("<p>Body.</p>\n</div>\n<p>After</p>")


def test_a_callout_without_a_title_shows_its_kind() -> None:
    assert '<p class="callout-title"><span data-word="tip">Tip</span></p>' in html("/// tip\nBody\n///")


def test_the_words_of_blocks_can_be_told_in_another_language() -> None:
    made = markup.in_words_of(html("/// tip\nTip\n///"), lambda name: {"tip": "Rat & Tat"}[name])
    assert '<span data-word="tip">Rat &amp; Tat</span></p>\n<p>Tip</p>' in made


def test_a_fold_opens_without_script() -> None:
    made = html("/// details | More of it\nBody\n///")
    assert made == '<details class="fold"><summary>More of it</summary>\n<p>Body</p>\n</details>'


def test_a_longer_fence_holds_a_shorter_one() -> None:
    made = html("//// windows\n/// note\nIn\n///\nAlso in\n////\nOut")
    assert made.index("Also in") < made.index("</section>") < made.index("Out")
    assert made.index("In</p>\n</div>") < made.index("Also in")


def test_equal_fences_nest_too() -> None:
    made = html("/// windows\n/// note\nIn\n///\nAlso in\n///\nOut")
    assert made.index("Also in") < made.index("</section>") < made.index("Out")


def test_a_fence_of_code_may_show_slashes() -> None:
    made = html("/// note\n```\n///\n```\nStill in\n///\nOut")
    assert made.index("Still in") < made.index("</div>") < made.index("Out")


def test_a_block_may_stand_in_a_step() -> None:
    made = html("1. a\n\n    /// note\n    b\n    ///\n\n2. c")
    assert made.index("<p>b</p>\n</div>\n</div></li>") < made.index("c</p>")


def test_a_block_never_closed_ends_with_the_text_and_is_told() -> None:
    made = markup.render("Text\n\n/// note\nBody")
    assert made.html.strip().endswith("<p>Body</p>\n</div>")
    assert [str(w) for w in made.warnings] == ["line 3: this block is never closed with its slashes: /// note"]


def test_a_block_of_unknown_name_stays_text_and_is_told() -> None:
    made = markup.render("/// nonsense\nBody\n///")
    assert made.html.startswith("<p>/// nonsense")
    assert [w.kind for w in made.warnings] == ["unknown-block"]


def test_platform_variants_are_named_and_listed_in_one_order() -> None:
    made = markup.render("/// phone\na\n///\n/// windows\nb\n///\n/// phone\nc\n///")
    assert made.platforms == ("windows", "phone")
    assert '<section class="variant" data-platform="phone"><p class="variant-title">' in made.html


# Headings


def test_headings_get_anchors_that_cannot_take_the_names_of_the_page() -> None:
    made = markup.render("## CSRF token!\n### Für *uns*\n## CSRF token\n## 日本")
    assert made.headings == (
        Heading(2, "md-csrf-token", "CSRF token!"),
        Heading(3, "md-für-uns", "Für uns"),
        Heading(2, "md-csrf-token-2", "CSRF token"),
        Heading(2, "md-日本", "日本"),
    )


def test_an_author_may_fix_an_anchor() -> None:
    made = markup.render("## A better title {#old-one}\n[up](#old-one)")
    assert '<h2 id="md-old-one">A better title</h2>' in made.html
    assert '<a href="#md-old-one">up</a>' in made.html


def test_texts_on_one_page_keep_their_anchors_apart() -> None:
    made = html("## a\n1. b[^c]\n\n[^c]: d\n", scope="a12")
    for anchor in ("md-a12-a", "mdx-a12-step-1-1", "mdx-a12-tick-1-1", "mdx-a12-say-1-1", "mdx-a12-fn-1"):
        assert f'id="{anchor}"' in made


def test_a_scope_is_a_short_plain_word() -> None:
    with pytest.raises(ValueError, match="anchor"):
        html("a", scope='"><b')


def test_a_top_heading_is_lowered_and_told() -> None:
    made = markup.render("# Again the title")
    assert "<h1" not in made.html
    assert made.headings[0].level == 2
    assert [w.kind for w in made.warnings] == ["top-heading"]


# Words for the index


def test_plain_words_of_everything() -> None:
    made = markup.render("## One\na &amp; *b*[^1]\n\n- c\n- d\n\n/// phone\ne\n///\n[^1]: f")
    assert made.text == "One a & b c d e f"


def test_numbers_of_steps_and_names_of_platforms_are_no_words() -> None:
    assert markup.render("/// windows\n1. Press it.\n2. Wait.\n///").text == "Press it. Wait."


def test_passages_follow_the_headings() -> None:
    made = markup.render("Intro.\n\n## One\na\n\n## Empty\n### Two\nb\n\nc")
    assert [(p.heading_id, p.text) for p in made.passages] == [
        ("", "Intro."),
        ("md-one", "a"),
        ("md-two", "b c"),
    ]


def test_plain_reads_less_than_signs_and_entities() -> None:
    assert markup.plain('<p title="a>b">1 &lt; 2</p><p>x</p>') == "1 < 2 x"


# Limits


@pytest.mark.parametrize("render", [markup.render, markup.render_safely])
def test_an_article_above_its_limit_is_refused(render: object) -> None:
    with pytest.raises(Invalid, match="too long") as refused:
        render("a" * 100_001)  # type: ignore[operator]
    assert refused.value.field == "body"


def test_a_comment_has_a_smaller_limit() -> None:
    assert markup.render_comment("a " * 5_000).text
    with pytest.raises(Invalid):
        markup.render_comment("a" * 10_001)


def test_too_many_marks_are_refused_although_short() -> None:
    with pytest.raises(Invalid, match="Split it"):
        markup.render("1. a\n" * 10_000)


# Comments


def test_a_comment_keeps_its_lines_and_has_no_headings() -> None:
    made = markup.render_comment("# no\nyes\n\n| a |\n|-|\n\n![x](file:1) /// note").html
    assert made == '<p># no<br>\nyes</p>\n<p>| a |<br>\n|-|</p>\n<p>!<span class="dead-link">x</span> /// note</p>\n'


def test_a_comment_may_list_quote_and_link() -> None:
    made = markup.render_comment("- [a](kb:b)\n\n> c\n\n1. d", links=lambda slug: f"/kb/{slug}").html
    assert '<li><a href="/kb/b">a</a></li>' in made
    assert "<blockquote>" in made
    assert "<input" not in made
