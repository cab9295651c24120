"""Beside a flaw that a survey found: the way to an item of the roadmap, which begins with what the survey says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.core import actor as actors
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.roadmap import policies
from surveys import wordings


def beside(context: Mapping[str, Any]) -> str:
    """Draw the way to make an item of it, for who steers the roadmap."""
    if not policies.may_steer(actors.current()):
        return ""
    return render_template("roadmap/_beside_flaw.html", wave=context["wave"], flaw=context["flaw"])


def suggested() -> dict[str, str]:
    """Return what a new item begins with, where a flaw came along in the address; nothing for a strange one."""
    known = {flaw.code: flaw for flaw in wordings.rules(str(get_locale() or "en"))}
    flaw, wave = known.get(request.args.get("flaw", "")), request.args.get("wave", "")
    if flaw is None or not (wave.isascii() and wave.isdigit() and len(wave) < 10):
        return {}
    ref = Ref("wave", int(wave))
    found = load_things(actors.current(), [ref]).get(ref)
    if found is None:
        return {}
    return {
        "title": flaw.name,
        "summary": _("The survey “%(name)s” found it.", name=found.title),
        "body": "\n".join(f"- {handle}" for handle in flaw.handles),
    }
