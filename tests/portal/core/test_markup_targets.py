"""Links and pictures: where they may lead, and what is said when they lead nowhere."""

from __future__ import annotations

import pytest

from portal.core import markup
from portal.core.markup import targets

KNOWN = {"vpn-drops": "/kb/vpn-drops", "file:12": "/files/12/menu.png", "assets/wifi/menu.png": "/kb/assets/menu.png"}


def render(text: str) -> markup.Rendered:
    return markup.render(text, links=KNOWN.get, files=KNOWN.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](kb:vpn-drops)", '<a href="/kb/vpn-drops">a</a>'),
        ("[a](kb:vpn-drops#on-a-train)", '<a href="/kb/vpn-drops#md-on-a-train">a</a>'),
        ('[*a*](kb:vpn-drops "T & t")', '<a href="/kb/vpn-drops" title="T &amp; t"><em>a</em></a>'),
        ("[a](https://x.example/?a=1&b=2)", '<a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener">a</a>'),
        ("<mailto:ana@x.example>", '<a href="mailto:ana@x.example">mailto:ana@x.example</a>'),
        ("[a](/tickets/new)", '<a href="/tickets/new">a</a>'),
        ("[a](file:12)", '<a href="/files/12/menu.png">a</a>'),
        ("![a](file:12)", '<img src="/files/12/menu.png" alt="a" loading="lazy">'),
        ("b ![a](../assets/wifi/menu.png)", 'b <img src="/kb/assets/menu.png" alt="a" loading="lazy">'),
    ],
)
def test_targets_that_exist(text: str, expected: str) -> None:
    made = render(text)
    assert made.html.strip() == f"<p>{expected}</p>"
    assert not made.warnings


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        ("[a](kb:nowhere#x)", "dead-link", "kb:nowhere#x"),
        ("[a](file:13)", "dead-link", "file:13"),
        ("[a](other.md)", "relative-link", "other.md"),
        ("[a](../x/y.md#z)", "relative-link", "../x/y.md#z"),
        ("![a](file:13)", "dead-image", "file:13"),
        ("![a](https://x.example/a.png)", "foreign-image", "https://x.example/a.png"),
        ("![a](assets/../../etc/passwd)", "foreign-image", "assets/../../etc/passwd"),
        ("![](file:12)", "no-alternative", "file:12"),
        ("[](kb:vpn-drops)", "empty-link", "kb:vpn-drops"),
    ],
)
def test_what_leads_nowhere_is_told_and_not_linked(text: str, kind: str, detail: str) -> None:
    made = render(text)
    assert [(w.kind, w.detail) for w in made.warnings] == [(kind, detail)]
    if kind not in ("no-alternative", "empty-link"):
        assert "<a " not in made.html
        assert "<img" not in made.html
        assert "dead-" in made.html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#x0A;script:alert(1)",
        "javascript%3Aalert(1)",
        "data:image/png;base64,AA",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "ftp://x.example",
        "tel:123",
        "kb:",
        "kb:../x",
        "https:",
        "http://",
    ],
)
def test_targets_of_other_kinds_stay_text(target: str) -> None:
    for text in (f"[a]({target})", f"![a]({target})", f"<{target}>", f"[a][b]\n\n[b]: {target}"):
        made = markup.render(text, links=lambda slug: "/kb/" + slug, files=lambda name: "/files/" + name)
        assert "href" not in made.html
        assert "src" not in made.html.replace("srcdoc", "")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("HTTPS://x.example", "external"),
        ("mailto:ana@x.example", "mail"),
        ("kb:vpn-drops#a", "article"),
        ("file:1", "file"),
        ("./assets/a/b.png", "file"),
        ("#here", "here"),
        ("/tickets/new", "path"),
        ("other.md", "relative"),
        ("javascript:alert(1)", ""),
        ("java%73cript%3Aalert(1)", ""),
        ("data:text/html,x", ""),
        ("x-y.z+1:anything", ""),
        ("//evil.example", ""),
        ("/\\evil.example", ""),
        ("java\tscript:alert(1)", ""),
        ("http:evil.example", ""),
        ("https://\\evil.example", ""),
        ("", ""),
    ],
)
def test_a_target_is_of_one_kind_or_refused(target: str, kind: str) -> None:
    assert targets.kind_of(target) == kind


@pytest.mark.parametrize(
    ("text", "linked", "rest"),
    [
        ("see https://x.example/a.", "https://x.example/a", "."),
        ("(https://x.example/a_(b))", "https://x.example/a_(b)", ")"),
        ("https://x.example/?q=a,b!", "https://x.example/?q=a,b", "!"),
        ("ask ana@ostreyvale.example.", "ana@ostreyvale.example", "."),
    ],
)
def test_bare_addresses_become_links_without_the_punctuation(text: str, linked: str, rest: str) -> None:
    assert f">{linked}</a>{rest}" in render(text).html


@pytest.mark.parametrize("text", ["`https://x.example`", "[https://x.example](kb:vpn-drops)", "a@b", "x@y@z.example"])
def test_addresses_in_code_links_and_nonsense_stay_as_they_are(text: str) -> None:
    assert 'x.example"' not in render(text).html
    assert "mailto" not in render(text).html


def test_a_picture_with_a_caption_alone_becomes_a_figure() -> None:
    made = render('![Menu](file:12 "The <menu>")\n\n1. ![Menu](file:12 "In a step")').html
    assert made.startswith('<figure><img src="/files/12/menu.png" alt="Menu" loading="lazy">')
    assert "<figcaption>The &lt;menu&gt;</figcaption></figure>" in made
    assert made.count("<figure>") == 1


def test_targets_are_listed_once_each() -> None:
    made = render("[a](kb:x) [b](kb:x#y) [c](kb:x) https://e.example ![d](file:12) [e](./assets/a.pdf)")
    assert made.links == ("x", "x#y")
    assert made.external == ("https://e.example",)
    assert made.files == ("file:12", "assets/a.pdf")


def test_without_a_resolver_internal_links_are_words() -> None:
    made = markup.render("[a](kb:x)")
    assert made.html == '<p><span class="dead-link">a</span></p>\n'


def test_addresses_from_a_resolver_are_escaped() -> None:
    made = markup.render("[a](kb:x)", links=lambda slug: '/kb/"><script>')
    assert "<script>" not in made.html


def test_steps_for_lists_elsewhere_have_their_links_too() -> None:
    assert render("1. [a](kb:vpn-drops)").steps[0].html == '<a href="/kb/vpn-drops">a</a>'
