"""The words that rendering itself says, in the reader's language."""

from __future__ import annotations

from portal.core.markup.finishing import in_words_of


def in_reader_language(html: str) -> str:
    """Tell the names of callouts and platforms in the language of who reads; for stored HTML on its way to a page."""
    from flask_babel import gettext as _

    words = {
        "note": _("Note"),
        "tip": _("Tip"),
        "warning": _("Warning"),
        "danger": _("Danger"),
        "details": _("More"),
        "windows": "Windows",
        "macos": "macOS",
        "linux": "Linux",
        "phone": _("Phone"),
    }
    return in_words_of(html, lambda name: words.get(name, name))
