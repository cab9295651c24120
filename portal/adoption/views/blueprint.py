"""The blueprints the pages of goals and of interventions hang on, and what their templates may ask for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.adoption import policies, wording

goals_bp = Blueprint("goals", __name__, url_prefix="/goals", template_folder="../templates")
interventions_bp = Blueprint("interventions", __name__, url_prefix="/interventions", template_folder="../templates")


@goals_bp.app_context_processor
def may() -> dict[str, Any]:
    """Give templates the very questions the services ask, and the words for what they show."""
    return {"adoption_may": policies, "adoption_words": wording}
