"""Every language the interface offers says everything, with the gaps of the original, and is one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Message
from flask import Flask
from flask_babel import force_locale, gettext, ngettext

from portal.core import catalogues, i18n
from tools import translations

pytestmark = pytest.mark.xdist_group("catalogues")  # they share one reading of the code

FILES = sorted(catalogues.FOLDER.glob("*.po"))
GAP = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|(%%)")
TAG = re.compile(r"</?\w+")


def gaps(text: str) -> list[str]:
    return sorted("".join(found) for found in GAP.findall(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_says_everything(path: Path) -> None:
    assert list(translations.missing(path, translations.sentences())) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_filled_in_has_its_gap_in_every_language(path: Path) -> None:
    wrong = [message.id for message in translations.read(path) if message.id and not _fits(message)]
    assert wrong == []


def _fits(message: Message) -> bool:
    if isinstance(message.id, str):
        pairs = [(message.id, str(message.string))]
    else:  # the last form is said of every number but those with a form of their own, which may leave the number out
        pairs = [(message.id[1], str((message.string or ("",))[-1]))]
    return all(gaps(said) == gaps(one) and TAG.findall(said) == TAG.findall(one) for one, said in pairs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_language_is_in_step_with_the_code(path: Path) -> None:
    assert path.read_text() == translations.updated(path, translations.sentences()), "make translations"


def test_one_file_is_a_language(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    more = '\nmsgid "Search"\nmsgstr "Chercher"\n\nmsgid "%(num)s day"\nmsgid_plural "%(num)s days"\n'
    (tmp_path / "fr.po").write_text(f'{head}{more}msgstr[0] "%(num)s jour"\nmsgstr[1] "%(num)s jours"\n')
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    for cached in (catalogues.codes, catalogues.load):
        cached.cache_clear()
    try:
        assert ("fr", "Français") in i18n.languages()
        with app.test_request_context(), force_locale("fr"):
            assert gettext("Search") == "Chercher"
            assert ngettext("%(num)s day", "%(num)s days", 3) == "3 jours"
            assert gettext("A sentence nobody has translated") == "A sentence nobody has translated"
            assert app.jinja_env.from_string("{{ _('Search') }}").render() == "Chercher"
    finally:
        for cached in (catalogues.codes, catalogues.load):
            cached.cache_clear()


def test_beginning_a_language_lists_every_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    assert translations.main(["add", "fr"]) == 0
    assert translations.main(["--check"]) == 1, "nothing is translated yet"
    text = (tmp_path / "fr.po").read_text()
    assert 'msgid "Did this solve it?"' in text
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);' in text
