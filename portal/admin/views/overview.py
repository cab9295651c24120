"""Is the portal well?"""

from __future__ import annotations

from flask import current_app, render_template

from portal.admin import condition, first_steps, queries
from portal.admin.views.blueprint import bp, enter
from portal.core import options
from portal.core.permissions import Permission
from portal.jobs import queries as jobs
from portal.kb.reading import documents
from portal.notifications import queries as notifications
from portal.tickets import queues as desk

PLACES = {
    "jobs": "admin.jobs",
    "mail": "admin.outbox",
    "search": "admin.search_index",
    "backup": "admin.backups",
    "room": "admin.storage",
}
"""Where a finding of this check can be looked into."""


@bp.get("/")
def overview() -> str:
    """What wants a look, what there is, how much room it takes."""
    who = enter(Permission.JOB_MANAGE)
    home = current_app.config["DITY"].home
    findings = condition.findings()
    n_active, n_left = queries.count_people()
    last = condition.last_backup(home)
    return render_template(
        "admin/overview.html",
        troubles=[finding for finding in findings if not finding[1].is_ok],
        findings=findings,
        steps=first_steps.open_steps(
            options.get(),
            n_articles=documents.n_published(),
            n_people=n_active,
            email=who.email,
            has_backup=last is not None,
            has_agents=desk.has_workers(),
        ),
        n_active=n_active,
        n_left=n_left,
        job_counts=jobs.counts(),
        mail_counts=notifications.outbox_counts(),
        index=condition.index(),
        room=condition.room(home),
        home=home,
        last_backup=last,
        versions=condition.versions(),
        places=PLACES,
    )
