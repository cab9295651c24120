"""The blueprint the pages of waves hang on, and what their templates may ask for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.pulse import policies, wording

bp = Blueprint("surveys", __name__, url_prefix="/surveys", template_folder="../templates")


@bp.app_context_processor
def may() -> dict[str, Any]:
    """Give templates the very questions the services ask, and the words for what they show."""
    return {"pulse_may": policies, "pulse_words": wording}
