"""How to write here: ten things, each as one writes it and as it looks."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from portal.core import markup


@dataclass(frozen=True, kw_only=True)
class Example:
    """One thing one can write."""

    title: str
    words: str
    source: str
    html: Markup


def examples() -> list[Example]:
    """Return the ten, in the reader's language."""
    return [_example(n, *said) for n, said in enumerate(_said(), 1)]


def _example(n: int, title: str, words: str, source: str) -> Example:
    made = markup.render(source, links=lambda slug: f"#{slug}", files=lambda name: None, scope=f"help{n}")
    html = Markup(markup.in_reader_language(made.html))  # noqa: S704 - our own text, through the one seam
    return Example(title=title, words=words, source=source, html=html)


def _said() -> list[tuple[str, str, str]]:
    return [
        (
            _("A heading"),
            _("Two hash signs. The title is the only bigger one."),
            _("## Connect the printer"),
        ),
        (
            _("Bold and italic"),
            _("Bold for words one sees on the screen."),
            _("Choose **Add printer**, not *Add scanner*."),
        ),
        (
            _("Steps, each with what one sees then"),
            _("Numbers become steps that readers can tick. The arrow tells the result."),
            _("1. Press the power button.\n   → The light turns green.\n2. Close the lid."),
        ),
        (
            _("A list"),
            _("For things without an order."),
            _("- A cable\n- Two minutes"),
        ),
        (
            _("A box: note, tip, warning or danger"),
            _("Put a warning before the step it is about. What stands behind the line is its title."),
            _("/// warning | Stop if it smells burnt\nPull the plug and call us.\n///"),
        ),
        (
            _("Steps for one kind of device"),
            _("windows, macos, linux or phone. Readers see their own. With a box inside, use four strokes outside."),
            _("/// windows\n1. Press **Start**.\n///\n\n/// macos\n1. Press the apple.\n///"),
        ),
        (
            _("A table"),
            _("A row of strokes below the heads."),
            _("| Room | Printer |\n|---|---|\n| Harbour 2 | HP-21 |"),
        ),
        (
            _("A link"),
            _("kb: and the last part of an article’s address, or a whole address elsewhere."),
            _("First [connect to the VPN](kb:vpn), then open [the timetable](https://example.org)."),
        ),
        (
            _("A picture"),
            _("Paste it or drop it. In the brackets stands what it shows, for those who cannot see it."),
            _("![The reader with a green light](file:12)"),
        ),
        (
            _("Keys, names and lines to type"),
            _("Backticks for what is typed letter by letter, two plus signs for keys."),
            _("Press ++ctrl+alt+del++, then type `net use`."),
        ),
    ]
