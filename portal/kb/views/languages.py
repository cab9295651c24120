"""Translating articles."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import i18n, options
from portal.core.database import db
from portal.core.permissions import Permission
from portal.kb.reading import families, services
from portal.kb.writing import translations

bp = Blueprint("languages", __name__, url_prefix="/desk/translations", template_folder="../templates")
bp.add_app_template_global(families.name_of, "language_name")

bp.add_app_template_global(families.versions_for_page, "article_versions")


@bp.get("/")
def index() -> str:
    """What is out of date and what is missing in one language."""
    who = actors.current()
    who.require(Permission.ARTICLE_WRITE)
    known = dict(families.languages())
    default = options.get().default_locale
    usual = next((code for code in i18n.available() if code != default), "de")
    asked = request.args.get("language", "")
    language = asked if asked in known and asked != default else usual
    return render_template(
        "desk/translations.html",
        language=language,
        name=known[language],
        languages=[(code, name) for code, name in known.items() if code != default],
        work=translations.work(who, language),
    )


@bp.post("/of/<slug>")
def begin(slug: str) -> ResponseReturnValue:
    """Begin a translation, or open the one there is."""
    who = actors.current()
    draft = translations.begin(who, services.get(who, slug), request.form.get("language", "")[:16])
    db.session.commit()
    return redirect(url_for("editing.edit", draft_id=draft.id), 303)
