"""The blueprints the pages hang on, and what their templates may ask for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.community import policies, presenting

questions_bp = Blueprint("questions", __name__, url_prefix="/questions", template_folder="../templates")
tips_bp = Blueprint("tips", __name__, url_prefix="/tips", template_folder="../templates")

for function in (
    presenting.question_url,
    presenting.tip_url,
    presenting.token,
    presenting.name_of,
    presenting.first_name_of,
    presenting.initials_of,
    presenting.state_words,
    presenting.html_of,
    presenting.has_raised,
):
    questions_bp.add_app_template_global(function, f"community_{function.__name__}")


@questions_bp.app_context_processor
def may() -> dict[str, Any]:
    """Give templates the very questions the services ask, so that a button never lies."""
    return {"community_may": policies}
