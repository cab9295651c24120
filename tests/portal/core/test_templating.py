"""What templates are given: shared macros, and sentences in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, refresh

from portal.core.i18n import PSEUDO


def test_a_file_of_macros_is_filled_once_however_many_pages_import_from_it(app: Flask) -> None:
    source = "{% from 'components/button.html' import button %}{{ button('Go') }}"
    with app.test_request_context():
        render_template_string(source)
        shared = app.jinja_env.get_template("components/button.html")
        first = shared._get_default_module()
        assert shared.globals is app.jinja_env.globals  # so that a comparison of the two is one of dictionaries
        page = app.jinja_env.from_string(source)
        assert shared._get_default_module(page.new_context({"request": None, "actor": "somebody"})) is first


def test_globals_given_to_one_template_stay_its_own(app: Flask) -> None:
    assert app.jinja_env.from_string("{{ only_here }}", globals={"only_here": 1}).render() == "1"
    assert "only_here" not in app.jinja_env.globals


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ _('50 %% of %(what)s', what='<b>') }}", "50 % of &lt;b&gt;"),
        ("{{ _('100%%') }}", "100%"),
        ("{{ _('<b>%(a)s</b>', a='x & y') }}", "<b>x &amp; y</b>"),
        ("{% trans a='<' %}one {{ a }}{% endtrans %}", "one &lt;"),
        ("{% trans n=1 %}one{% pluralize %}{{ n }} many{% endtrans %}", "one"),
        ("{% trans n=3 %}one{% pluralize %}{{ n }} many{% endtrans %}", "3 many"),
        ("{{ ngettext('%(num)s reply', '%(num)s replies', 2) }}", "2 replies"),
        ("{{ _('%(context)s, %(message)s', context='c', message='m') }}", "c, m"),
        ("{% autoescape false %}{{ _('%(a)s', a='<') }}{% endautoescape %}", "<"),
    ],
)
def test_sentences_are_filled_in_and_escaped_as_jinja_does_it(app: Flask, source: str, told: str) -> None:
    with app.test_request_context():
        assert render_template_string(source) == told


def test_a_page_speaks_the_language_that_holds_when_each_sentence_is_said(app: Flask) -> None:
    said: list[Any] = []
    with app.test_request_context():
        said.append(render_template_string("{{ _('Search') }}"))
        with force_locale(PSEUDO):
            said.append(render_template_string("{{ _('Search') }}"))
        said.append(render_template_string("{{ _('Search') }}"))
        refresh()
        said.append(render_template_string("{{ _('Search') }}"))
    assert said[0] == said[2] == said[3] == "Search"
    assert said[1].startswith("⟦Search")


def test_sentences_can_be_said_outside_of_a_request(app: Flask) -> None:
    assert app.jinja_env.from_string("{{ _('Search') }}").render() == "Search"
