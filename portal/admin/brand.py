"""The organisation's own look: a logo, and a colour for links and buttons that everybody can read.

The colours are served as a small stylesheet whose name is a digest of its content, so that browsers keep it for good;
no page carries a style of its own.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app
from flask_babel import gettext as _

from portal.core import colours, options
from portal.core.actor import Actor
from portal.core.colours import DARK, LIGHT, Ground, Verdict
from portal.core.errors import Invalid
from portal.core.options import Options
from portal.core.permissions import Permission
from portal.files import services as files

LARGEST = (640, 160)
"""Pixels of a logo; it is shown 28 high, on screens with up to five for one."""
LOGO = re.compile(r"[0-9a-f]{16}\.(png|webp|jpg)")
THEMES: dict[str, Ground] = {"brand_light": LIGHT, "brand_dark": DARK}


@dataclass(frozen=True)
class Look:
    """How a colour does in one theme, and what would do."""

    option: str
    verdict: Verdict
    nearest: str


def look(option: str, text: str) -> Look | None:
    """Judge a colour for a theme; None for what is no colour."""
    colour = colours.parse(text)
    if colour is None:
        return None
    ground = THEMES[option]
    return Look(option, colours.judge(colour, ground), colours.nearest(colour, ground))


def change(actor: Actor, *, light: str, dark: str, logo_alt: str) -> None:
    """Choose the colours; refuses (Invalid) what is no colour, and one that cannot be read, naming one that can."""
    actor.require(Permission.OPTION_CHANGE)
    given = {"brand_light": _checked("brand_light", light), "brand_dark": _checked("brand_dark", dark)}
    options.change(actor, **given, logo_alt=" ".join(logo_alt.split())[:120])


def _checked(option: str, text: str) -> str:
    if not text.strip():
        return ""
    found = look(option, text)
    if found is None:
        raise Invalid(_("A colour as #0f6b5c, please."), field=option)
    if not found.verdict.is_enough:
        worst = min(found.verdict.on_paper, found.verdict.with_ink)
        raise Invalid(
            _(
                "This cannot be read well enough: its contrast is %(found)s, and 4.5 is needed. The nearest that can: "
                "%(nearest)s",
                found=f"{worst:.1f}",
                nearest=found.nearest,
            ),
            field=option,
        )
    return found.verdict.colour


def keep_logo(actor: Actor, stream: BinaryIO | IO[bytes], filename: str, *, alt: str) -> None:
    """Keep a logo, drawn anew; refuses what is no picture (Invalid). An older one stays for mail that shows it."""
    actor.require(Permission.OPTION_CHANGE)
    picture, kind = files.redraw(stream, filename, most=LARGEST)
    name = f"{hashlib.sha256(picture.content).hexdigest()[:16]}.{kind.ending}"
    _write(folder() / name, picture.content)
    options.change(actor, logo=name, logo_alt=" ".join(alt.split())[:120] or options.get().portal_name)


def remove_logo(actor: Actor) -> None:
    """Go back to the portal's own mark."""
    actor.require(Permission.OPTION_CHANGE)
    options.change(actor, logo="", logo_alt="")


def folder() -> Path:
    home: Path = current_app.config["DITY"].home
    return home / "brand"


def _write(path: Path, content: bytes) -> None:
    """Put the file in place whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def stylesheet(opts: Options) -> str:
    """Return the rules that give the portal its colours; empty where it keeps its own."""
    rules = []
    if opts.brand_light:
        light = _variables(opts.brand_light, LIGHT)
        rules.append(f':root,[data-bs-theme="light"],[data-bs-theme="auto"]{{{light}}}')
    if opts.brand_dark:
        dark = _variables(opts.brand_dark, DARK)
        rules.append(f'[data-bs-theme="dark"]{{{dark}}}')
        rules.append(f'@media (prefers-color-scheme:dark){{[data-bs-theme="auto"]{{{dark}}}}}')
    elif opts.brand_light:
        # On dark pages the portal's own colour stays: what can be read on paper cannot be read on slate.
        own = _variables(OWN_DARK, DARK)
        rules.append(f'@media (prefers-color-scheme:dark){{[data-bs-theme="auto"]{{{own}}}}}')
    return "\n".join(rules)


OWN_DARK = "#5cc8b4"


def _variables(colour: str, ground: Ground) -> str:
    hover = colours.mix(colour, "#ffffff" if ground.is_dark else "#000000", 0.8)
    values = {
        "brand": colour,
        "brand-hover": hover,
        "brand-ink": ground.ink,
        "brand-soft": colours.soft(colour, ground),
        "brand-line": colours.mix(colour, ground.paper, 0.32),
        "out-confirmed": colour,
        "bs-primary-rgb": colours.rgb(colour),
        "bs-link-color-rgb": colours.rgb(colour),
        "bs-link-hover-color-rgb": colours.rgb(hover),
    }
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def digest(opts: Options) -> str:
    """Return the name of the stylesheet; empty where there is none."""
    rules = stylesheet(opts)
    return hashlib.sha256(rules.encode()).hexdigest()[:16] if rules else ""
