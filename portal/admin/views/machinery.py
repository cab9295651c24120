"""What works in the background: jobs, mail on its way, the search index."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin import queries, services
from portal.admin.views.blueprint import bp, enter
from portal.core.arguments import number
from portal.core.database import db
from portal.core.permissions import Permission
from portal.jobs import queries as job_queries
from portal.jobs.models import State as JobState
from portal.notifications import queries as mail_queries
from portal.notifications.models import State as MailState
from portal.people import queries as people
from portal.search import maintenance


@bp.get("/jobs")
def jobs() -> str:
    """What waits, runs, failed and was done."""
    enter(Permission.JOB_MANAGE)
    counts = job_queries.counts()
    asked = request.args.get("state", "")
    state = asked if asked in counts else _most_urgent(counts)
    return render_template(
        "admin/jobs.html",
        state=state,
        counts=counts,
        jobs=job_queries.latest(state, limit=queries.PAGE),
        oldest_wait=job_queries.oldest_wait(),
    )


def _most_urgent(counts: dict[str, int]) -> str:
    order = (JobState.DEAD.value, JobState.RUNNING.value, JobState.WAITING.value)
    return next((state for state in order if counts[state]), JobState.WAITING.value)


@bp.post("/jobs/<int:job_id>/retry")
def retry_job(job_id: int) -> ResponseReturnValue:
    """Give a failed job another try."""
    who = enter(Permission.JOB_MANAGE)
    services.retry_job(who, job_id)
    db.session.commit()
    flash(_("It is tried again now."), "success")
    return redirect(url_for("admin.jobs"), 303)


@bp.get("/outbox")
def outbox() -> str:
    """Mail that waits, failed or left, without its text: that is its reader's."""
    enter(Permission.JOB_MANAGE)
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in list(MailState) else None
    person_id = number("person", least=1)
    mails = mail_queries.outbox_page(
        state=state, person_id=person_id, before_id=number("before"), limit=queries.PAGE + 1
    )
    shown = mails[: queries.PAGE]
    ids = {mail.person_id for mail in shown if mail.person_id} | ({person_id} if person_id else set())
    return render_template(
        "admin/outbox.html",
        state=state,
        person_id=person_id,
        mails=shown,
        names=people.names(ids),
        counts=mail_queries.outbox_counts(),
        troubled=queries.with_mail_trouble(),
        older=shown[-1].id if len(mails) > queries.PAGE else None,
    )


@bp.post("/outbox/<int:mail_id>/retry")
def retry_mail(mail_id: int) -> ResponseReturnValue:
    """Send a failed mail again."""
    who = enter(Permission.JOB_MANAGE)
    services.retry_mail(who, mail_id)
    db.session.commit()
    flash(_("It is sent again now."), "success")
    return redirect(url_for("admin.outbox"), 303)


@bp.get("/search-index")
def search_index() -> str:
    """Whether search can find everything, and building its index anew."""
    enter(Permission.JOB_MANAGE)
    template = "admin/_rebuild.html" if request.headers.get("HX-Request") else "admin/search_index.html"
    rebuild = queries.latest_rebuild()
    return render_template(
        template,
        index=maintenance.status(),
        rebuild=rebuild,
        is_in_hand=rebuild is not None and rebuild.state in queries.IN_HAND,
    )


@bp.post("/search-index/rebuild")
def rebuild_index() -> ResponseReturnValue:
    """Have the index built anew; people search the old one until the new one is there."""
    who = enter(Permission.JOB_MANAGE)
    is_new = services.rebuild_index(who)
    db.session.commit()
    flash(_("The index is built anew.") if is_new else _("The index is being built already."), "info")
    return redirect(url_for("admin.search_index"), 303)
