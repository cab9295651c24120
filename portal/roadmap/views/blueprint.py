"""The blueprints the pages hang on, and what their templates may ask for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.roadmap import policies, presenting, things

roadmap_bp = Blueprint("roadmap", __name__, url_prefix="/roadmap", template_folder="../templates")
ideas_bp = Blueprint("ideas", __name__, url_prefix="/ideas", template_folder="../templates")


@roadmap_bp.app_context_processor
def may() -> dict[str, Any]:
    """Give templates the very questions the services ask, so that a button never lies, and the words of the pages."""
    return {"roadmap_may": policies, "roadmap_say": presenting, "idea_state": things.state_words}
