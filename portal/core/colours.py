"""Colours as people must be able to read them: contrast by WCAG 2.2, and the nearest colour that has enough.

Pure: colours in, colours out. A brand colour is used for links and buttons, so it has to be told from the paper, from
the soft ground behind the entry of a menu that is lit, and from the ink that stands on a button.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

ENOUGH = 4.5
"""Contrast of text with its ground, WCAG 2.2 AA (1.4.3)."""
SOFT = (0.12, 0.09, 0.06, 0.03)
"""Shares of the colour in its soft ground, the strongest that can be read on is taken."""
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True)
class Ground:
    """What a theme puts colours on."""

    paper: str
    surface: str
    ink: str
    """What stands on a button of the colour."""
    is_dark: bool


LIGHT = Ground("#fbfaf7", "#ffffff", "#ffffff", is_dark=False)
DARK = Ground("#12161c", "#1a2028", "#08231e", is_dark=True)
"""As `static/css/tokens.css` has them; a test holds the two together."""


@dataclass(frozen=True)
class Verdict:
    """How well a colour can be read in a theme."""

    colour: str
    on_paper: float
    with_ink: float

    @property
    def is_enough(self) -> bool:
        return min(self.on_paper, self.with_ink) >= ENOUGH


def parse(text: str) -> str | None:
    """Return a colour as `#rrggbb`, None for what is none.

    >>> parse("0F6B5C"), parse("#abc"), parse("teal")
    ('#0f6b5c', '#aabbcc', None)
    """
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def judge(colour: str, ground: Ground) -> Verdict:
    """Return how well a colour can be read: on the worst of paper, surface and its soft ground, and below ink."""
    on_paper = min(contrast(colour, place) for place in (ground.paper, ground.surface, soft(colour, ground)))
    return Verdict(colour, on_paper, contrast(colour, ground.ink))


def nearest(colour: str, ground: Ground) -> str:
    """Return the colour itself when it can be read, else the nearest of its hue that can.

    >>> nearest("#0f6b5c", LIGHT), judge(nearest("#ffcc00", LIGHT), LIGHT).is_enough
    ('#0f6b5c', True)
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = 0.005 if ground.is_dark else -0.005
    for n in range(401):
        moved = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + n * step)), saturation)
        tried = _hex(moved) if n else colour
        if judge(tried, ground).is_enough:
            return tried
    return "#ffffff" if ground.is_dark else "#000000"


def soft(colour: str, ground: Ground) -> str:
    """Return a ground tinted with the colour on which the colour itself can still be read, if there is one."""
    tints = [mix(colour, ground.paper, share) for share in SOFT]
    return next((tint for tint in tints if contrast(colour, tint) >= ENOUGH), tints[-1])


def mix(colour: str, ground: str, share: float) -> str:
    """Return so much of a colour on a ground.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return _hex(tuple(one * share + other * (1 - share) for one, other in pairs))


def _hex(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{int(part * 255 + 0.5):02x}" for part in parts)


def rgb(colour: str) -> str:
    """Return the parts of a colour as Bootstrap's variables want them.

    >>> rgb("#0f6b5c")
    '15, 107, 92'
    """
    return ", ".join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))
