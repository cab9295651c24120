"""What the interface says in other languages: one file a language, `translations/<code>.po`, read when first needed.

To add a language, add its file (`python -m tools.translations add fr` begins one); nothing else names languages.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_app_context
from flask_babel import Domain, get_locale

FOLDER = Path(__file__).parent.parent / "translations"


@cache
def codes() -> frozenset[str]:
    """Return the languages there is a file for."""
    return frozenset(path.stem for path in FOLDER.glob("*.po"))


@cache
def load(code: str) -> NullTranslations:
    """Return the sentences of a language; of one without a file those of the code itself, which are English."""
    if code not in codes():
        return NullTranslations()
    compiled = io.BytesIO()
    with (FOLDER / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)


class OneFileEach(Domain):
    """Takes the reader's sentences from their language's file; `also` holds more languages by code, for tests."""

    def __init__(self) -> None:
        super().__init__()
        self.also: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of this reader's language, looked for once: a page says a hundred sentences.

        It stays where Flask-Babel puts its other findings about the reader, and where it forgets them when the language
        changes on the way (`refresh`, `force_locale`).
        """
        here = g._get_current_object() if has_app_context() else None  # the proxy would look itself up each time
        found = getattr(here, "_flask_babel", None)
        catalogue: NullTranslations | None = getattr(found, "babel_translations", None)
        if catalogue is None:
            code = str(get_locale() or "en")
            catalogue = self.also.get(code) or load(code)
            if found is not None:
                found.babel_translations = catalogue
        return catalogue
