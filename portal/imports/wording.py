"""How runs and their lines are called on pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.core.importing import Outcome
from portal.imports.models import State

STATES: dict[str, LazyString] = {
    State.READY: _l("Waiting for you"),
    State.TRYING: _l("Being checked"),
    State.TRIED: _l("Checked, nothing changed yet"),
    State.RUNNING: _l("In progress"),
    State.DONE: _l("Done"),
    State.UNDOING: _l("Being undone"),
    State.UNDONE: _l("Undone"),
    State.REFUSED: _l("Refused"),
}
LOOKS: dict[str, str] = {
    State.READY: "outline",
    State.TRYING: "info",
    State.TRIED: "outline",
    State.RUNNING: "info",
    State.DONE: "good",
    State.UNDOING: "info",
    State.UNDONE: "neutral",
    State.REFUSED: "danger",
}
OUTCOMES: dict[str, LazyString] = {
    Outcome.CREATED: _l("New"),
    Outcome.CHANGED: _l("Changed"),
    Outcome.UNCHANGED: _l("Unchanged"),
    Outcome.SKIPPED: _l("Skipped"),
    Outcome.KEPT: _l("Kept as is"),
    Outcome.FAILED: _l("Failed"),
}
NOTES, NOT_UNDONE = "notes", "not-undone"
"""Further ways to filter a report."""
