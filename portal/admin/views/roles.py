"""Who has which role, and what each may do."""

from __future__ import annotations

from flask import render_template

from portal.admin import queries
from portal.admin import roles as role_words
from portal.admin.views.blueprint import bp, enter
from portal.core.permissions import Permission


@bp.get("/roles")
def roles() -> str:
    """Every role with its people and its rights."""
    enter(Permission.PERSON_MANAGE)
    n_active, _left = queries.count_people()
    return render_template("admin/roles.html", rights=role_words.rights(), people=queries.by_role(), n_active=n_active)
