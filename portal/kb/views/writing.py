"""What helps while one writes: the preview, pictures, articles to link to, who else is here, how to write."""

from __future__ import annotations

import io

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core.arguments import ROW
from portal.core.database import db
from portal.core.permissions import Permission
from portal.kb.prose.how_to_write import examples
from portal.kb.writing import drafts, pictures, presence, references
from portal.kb.writing.previews import only_looking, preview

bp = Blueprint("writing", __name__, url_prefix="/desk/drafts", template_folder="../templates")
bp.add_app_template_global(pictures.source, "picture_source")


@bp.get("/how-to-write")
def how_to_write() -> str:
    """The ten things, each as one writes it and as it looks; for the editor's script without the page around."""
    actors.current().require(Permission.ARTICLE_SUGGEST)
    name = "editing/_how_to_write.html" if request.headers.get("HX-Request") else "editing/how_to_write.html"
    return render_template(name, examples=examples())


@bp.post("/<int:draft_id>/preview")
def show(draft_id: int) -> ResponseReturnValue:
    """What was typed as readers will see it, as a piece of the page; a refusal is a sentence in its place."""
    who = actors.current()
    draft = drafts.get(who, draft_id)
    only_looking()
    typed = {name: request.form.get(name, "") for name in ("title", "summary", "body")}
    typed["body"] = typed["body"].replace("\r\n", "\n")
    shown = preview(who, draft, **typed)
    return render_template("editing/_preview.html", preview=shown), 422 if shown.refusal else 200


@bp.post("/<int:draft_id>/presence")
def here(draft_id: int) -> ResponseReturnValue:
    """Note that somebody has the editor open (or, with `gone`, no longer) and tell who else has, and who has saved."""
    who = actors.current()
    draft = drafts.get(who, draft_id)
    if "gone" in request.form:
        presence.leave(who, draft)
        db.session.commit()
        return "", 204
    presence.renew(who, draft)
    db.session.commit()
    seen = request.form.get("lock", ROW, type=int)
    is_behind = draft.lock > seen and draft.saved_by_id != who.person_id
    return render_template(
        "editing/_presence.html", draft=draft, others=presence.others(who, draft), is_behind=is_behind
    )


@bp.post("/<int:draft_id>/pictures")
def add_picture(draft_id: int) -> ResponseReturnValue:
    """Keep a picture and say what stands for it in the text."""
    who = actors.current()
    draft = drafts.get(who, draft_id)
    upload = request.files.get("picture")
    picture = pictures.add(
        who,
        draft,
        upload.stream if upload else io.BytesIO(),
        (upload.filename if upload else "") or "",
        alt=request.form.get("alt", ""),
        is_decoration="is_decoration" in request.form,
    )
    db.session.commit()
    listed = render_template("editing/_pictures.html", pictures=pictures.of(who, draft))
    return jsonify(source=pictures.source(picture), listed=listed)


@bp.get("/<int:draft_id>/links")
def links(draft_id: int) -> str:
    """Articles to link to, as a piece of the editor."""
    who = actors.current()
    drafts.get(who, draft_id)
    found = references.find(who, request.args.get("q", "")[:200])
    return render_template("editing/_links.html", articles=found)
