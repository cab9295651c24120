"""Steps: what can be ticked, how it is numbered, what counts."""

from __future__ import annotations

import re

from portal.core import markup

VARIANTS = """
## Do it

1. For all

/// windows
1. W *one*

    → Seen.

2. W two
3. W three
///

/// phone
1. P one
///
"""


def test_a_step_has_a_tick_box_named_by_its_words() -> None:
    made = markup.render("## Do\n\n1. Press **Start**.\n").html
    assert (
        '<ol class="steps" data-steps="1">\n<li class="step" id="mdx-step-1-1">'
        '<input type="checkbox" class="step-tick" id="mdx-tick-1-1" aria-labelledby="mdx-number-1-1 mdx-say-1-1"'
        ' autocomplete="off"><label class="step-number" id="mdx-number-1-1" for="mdx-tick-1-1">1</label>'
        '<div class="step-body"><p class="step-text" id="mdx-say-1-1">'
        "Press <strong>Start</strong>.</p>\n</div></li>"
    ) in made


def test_expected_results_lose_their_arrow_and_get_a_class() -> None:
    for text in ("1. a\n\n    → b *c*", "1. a\n\n   → b *c*", "1. a\n    → b *c*", "1. a\n   →b *c*"):
        made = markup.render(text).html
        assert '<p class="expected">b <em>c</em></p>' in made
        assert "→" not in made


def test_an_arrow_inside_a_sentence_is_only_an_arrow() -> None:
    made = markup.render("Settings → Mail\n\n1. Settings → Mail").html
    assert "expected" not in made
    assert made.count("→") == 2


def test_lists_inside_steps_quotes_and_callouts_are_lists() -> None:
    made = markup.render("1. a\n    1. b\n\n> 1. c\n\n/// note\n1. d\n///\n\n- e\n    1. f")
    assert len(made.steps) == 1
    assert made.html.count("<ol>") == 4


def test_every_list_counts_for_itself_and_keeps_its_start() -> None:
    made = markup.render("1. a\n2. b\n\nText.\n\n3. c").html
    assert re.findall(r'class="step-number"[^>]*>(\d)<', made) == ["1", "2", "3"]
    assert '<ol class="steps" data-steps="2" start="3">' in made


def test_steps_of_variants_belong_to_their_platform() -> None:
    made = markup.render(VARIANTS)
    assert [(s.platform, s.html) for s in made.steps] == [
        ("", "For all"),
        ("windows", "W <em>one</em>"),
        ("windows", "W two"),
        ("windows", "W three"),
        ("phone", "P one"),
    ]
    assert made.steps_by_platform == {"": 1, "windows": 3, "phone": 1}


def test_a_reader_counts_common_steps_and_those_of_one_variant() -> None:
    assert markup.render(VARIANTS).n_steps == 4


def test_no_anchor_appears_twice() -> None:
    made = markup.render(VARIANTS + "\n## Do it\n1. again\n## mdx-step-1-1\n").html
    anchors = re.findall(r'\bid="([^"]+)"', made)
    assert len(anchors) == len(set(anchors))


def test_a_step_that_begins_with_code_is_still_a_step() -> None:
    made = markup.render("1.     code\n2. words").html
    assert made.count("step-tick") == 2


def test_rendering_survives_the_way_through_json() -> None:
    import json

    made = markup.render(VARIANTS + "[a](kb:b) # x\n\n# top")
    assert markup.Rendered.from_dict(json.loads(json.dumps(made.to_dict()))) == made
