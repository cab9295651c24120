"""How administration names things: facts of the audit log, options, roles, states. Plain words, all translated."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from analytics.events import Name
from portal.core.permissions import Role

FACTS: dict[Name, LazyString] = {
    Name.ANNOUNCEMENT_AGREED: _l("answered whether an announcement may be in their name"),
    Name.ANNOUNCEMENT_CHANGED: _l("changed an announcement"),
    Name.ANNOUNCEMENT_ENDED: _l("took an announcement down"),
    Name.ANNOUNCEMENT_MADE: _l("wrote an announcement"),
    Name.TAG_CHANGED: _l("changed a tag"),
    Name.TOPIC_CHANGED: _l("changed a topic"),
    Name.TOPIC_CREATED: _l("added a topic"),
    Name.TOPIC_DELETED: _l("deleted a topic"),
    Name.TOPIC_MERGED: _l("merged a topic into another"),
    Name.WORDS_CHANGED: _l("changed words of the search"),
    Name.ARTICLE_ARCHIVED: _l("took an article out of use"),
    Name.ARTICLE_PUBLISHED: _l("published an article"),
    Name.ARTICLE_VERIFIED: _l("checked an article"),
    Name.ARTICLE_APPROVED: _l("approved a text"),
    Name.ARTICLE_CHANGED: _l("changed an article"),
    Name.ARTICLE_CHANGES_REQUESTED: _l("asked for changes to a text"),
    Name.ARTICLE_MERGED: _l("merged an article into another"),
    Name.ARTICLE_MOVED: _l("moved an article"),
    Name.ARTICLE_OWNER_CHANGED: _l("gave an article another owner"),
    Name.ARTICLE_REDIRECTED: _l("changed where an old address leads"),
    Name.ARTICLE_RENAMED: _l("gave an article another title or address"),
    Name.ARTICLE_RESTORED: _l("put an archived article back"),
    Name.ARTICLE_SPLIT: _l("split an article"),
    Name.ACTING_ENDED: _l("stopped acting for somebody"),
    Name.ACTING_STARTED: _l("began to act for somebody"),
    Name.AUDIENCE_CHANGED: _l("changed an audience"),
    Name.AUDIENCE_CREATED: _l("named an audience"),
    Name.AUDIENCE_REMOVED: _l("took an audience away"),
    Name.DEPARTMENT_CHANGED: _l("arranged a department"),
    Name.PERSON_ERASED: _l("erased a person"),
    Name.PERSON_EXPORTED: _l("made a copy of what is kept about a person"),
    Name.PERSON_MERGED: _l("merged an account into another"),
    Name.SITE_CHANGED: _l("arranged a site"),
    Name.BACKUP_MADE: _l("wrote a backup"),
    Name.EXPORT_MADE: _l("exported"),
    Name.IMPORT_FINISHED: _l("imported from a file"),
    Name.IMPORT_UNDONE: _l("undid an import"),
    Name.INCIDENT_DECLARED: _l("announced a known problem"),
    Name.INCIDENT_ENDED: _l("ended a known problem"),
    Name.JOB_RETRIED: _l("gave failed work another try"),
    Name.MAIL_BOUNCED: _l("could not deliver mail"),
    Name.OPTION_CHANGED: _l("changed an option"),
    Name.PASSWORD_CHANGED: _l("changed their password"),
    Name.PASSWORD_RESET: _l("set a new password by a link"),
    Name.PASSWORD_RESET_REQUESTED: _l("asked for a link to a new password"),
    Name.PERMISSION_DENIED: _l("was refused"),
    Name.PERSON_CHANGED: _l("changed a person"),
    Name.PERSON_CREATED: _l("added a person"),
    Name.PERSON_DEACTIVATED: _l("deactivated a person"),
    Name.PERSON_REACTIVATED: _l("activated a person again"),
    Name.ROLES_CHANGED: _l("changed roles"),
    Name.SESSION_ENDED: _l("ended a session"),
    Name.SESSION_STARTED: _l("signed in"),
    Name.SETUP_COMPLETED: _l("set the portal up"),
    Name.SIGN_IN_FAILED: _l("could not sign in"),
    Name.SERVICE_TOKEN_CREATED: _l("let a program in"),
    Name.SERVICE_TOKEN_REVOKED: _l("shut a program out"),
    Name.WEBHOOK_ADDED: _l("added a webhook"),
    Name.WEBHOOK_CHANGED: _l("changed a webhook"),
    Name.WEBHOOK_REMOVED: _l("removed a webhook"),
    Name.WEBHOOK_SWITCHED_OFF: _l("switched off a webhook that failed for a week"),
    Name.TOKEN_CREATED: _l("made a token"),
    Name.TOKEN_REVOKED: _l("revoked a token"),
}
"""What somebody did, to be read behind their name."""

OPTIONS: dict[str, LazyString] = {
    "is_set_up": _l("Set up"),
    "portal_name": _l("Name of the organisation"),
    "public_reading": _l("Let everybody read what is marked public, without signing in"),
    "default_locale": _l("Language"),
    "default_timezone": _l("Time zone"),
    "desk_mail": _l("Mail address of the service desk"),
    "desk_phone": _l("Telephone of the service desk"),
    "mail_mode": _l("How mail leaves"),
    "mail_from": _l("Sender address"),
    "smtp_host": _l("Mail server"),
    "smtp_port": _l("Port"),
    "smtp_user": _l("Account at the mail server"),
    "smtp_password": _l("Password of that account"),
    "smtp_tls": _l("Encrypt the connection"),
    "check_outside_links": _l("Links to other sites followed at night"),
    "keep_looking_days": _l("Days until it is forgotten who searched and read"),
    "keep_sessions_days": _l("Days until sessions that are over are forgotten"),
    "keep_mail_days": _l("Days until mail that was sent is forgotten"),
    "keep_news_days": _l("Days until news that was read is forgotten"),
    "keep_leavers_days": _l("Days until people who have left are erased"),
    "keep_backups_days": _l("Days until backups in the home folder are deleted"),
    "brand_light": _l("Colour on light pages"),
    "brand_dark": _l("Colour on dark pages"),
    "logo": _l("Logo"),
    "logo_alt": _l("What the logo says"),
    "review_days_low": _l("Days until the next check where a mistake does little harm"),
    "review_days_normal": _l("Days until the next check"),
    "review_days_high": _l("Days until the next check where a mistake does much harm"),
    "checklist_weights": _l("What the checklist counts"),
    "intent_share": _l("Share asked “would you have called?”"),
}

ROLES: dict[Role, LazyString] = {
    Role.READER: _l("Reader"),
    Role.EDITOR: _l("Editor"),
    Role.AGENT: _l("Agent"),
    Role.SPECIALIST: _l("Specialist"),
    Role.ANALYST: _l("Analyst"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Administrator"),
}
ROLE_WORDS: dict[Role, LazyString] = {
    Role.EDITOR: _l("Editor: looks after articles and answers feedback"),
    Role.AGENT: _l("Agent: works at the service desk, announces known problems"),
    Role.SPECIALIST: _l("Specialist: knows one subject to the ground"),
    Role.ANALYST: _l("Analyst: looks at whether it works"),
    Role.MANAGER: _l("Manager: leads a department"),
    Role.ADMIN: _l("Administrator: everything, these pages included"),
}

PERSON_FIELDS: dict[str, LazyString] = {
    "name": _l("name"),
    "email": _l("mail address"),
    "department_id": _l("department"),
    "site_id": _l("site"),
    "locale": _l("language"),
    "timezone": _l("time zone"),
    "theme": _l("light or dark"),
    "staff_number": _l("staff number"),
    "above": _l("belongs to"),
    "is_on": _l("switched on or off"),
    "url": _l("address"),
    "label": _l("name"),
    "events": _l("what it hears of"),
    "secret": _l("secret"),
    "manager": _l("led by"),
}

REASONS: dict[str, LazyString] = {
    "wrong_password": _l("wrong password"),
    "unknown": _l("unknown address"),
    "inactive": _l("no longer active"),
    "too_many": _l("too many tries"),
    "signed_out": _l("signed out"),
    "ended_elsewhere": _l("ended from another device"),
    "password_changed": _l("the password changed"),
    "roles_changed": _l("the roles changed"),
    "deactivated": _l("the person was deactivated"),
    "resolved": _l("it was over"),
    "expired": _l("its time ran out"),
    "password": _l("by password"),
    "setup": _l("at the set-up"),
    "invitation": _l("by invitation"),
    "reset": _l("by a reset link"),
    "demo": _l("in the demo"),
    "self": _l("asked by themselves"),
    "admin": _l("asked by an administrator"),
    "import": _l("by an import"),
    "added": _l("new"),
    "changed": _l("changed"),
    "merged": _l("merged"),
}
"""Words of fixed choices in props."""

CHECKS: dict[str, LazyString] = {
    "database": _l("Database"),
    "jobs": _l("Jobs"),
    "search": _l("Search"),
    "files": _l("Files"),
    "mail": _l("Mail"),
    "durability": _l("Safe in a power cut"),
    "foreign tables": _l("Tables of other programs"),
    "home folder": _l("Home folder"),
    "secret": _l("Key for cookies and links"),
    "room": _l("Room"),
    "backup": _l("Backup"),
    "address": _l("Address"),
    "proxy": _l("Proxy"),
    "set-up": _l("Set-up"),
}
"""What is asked of the installation, by the names `/readyz` and `dity doctor` use."""

PARTS: dict[str, LazyString] = {
    "database": _l("Database"),
    "index": _l("Search index"),
    "files": _l("Attachments"),
    "mail": _l("Mail folder"),
    "backups": _l("Backups in the home folder"),
    "logs": _l("Log files in the home folder"),
    "other": _l("Everything else"),
}

JOB_STATES: dict[str, LazyString] = {
    "waiting": _l("Waiting"),
    "running": _l("Running"),
    "dead": _l("Failed"),
    "done": _l("Done"),
}

MAIL_STATES: dict[str, LazyString] = {"waiting": _l("Waiting"), "failed": _l("Failed"), "sent": _l("Sent")}

MAILS: dict[str, LazyString] = {
    "announcement": _l("An announcement"),
    "announcement_agreed": _l("A yes to an announcement"),
    "announcement_asked": _l("A question about an announcement"),
    "announcement_declined": _l("A no to an announcement"),
    "article_changed": _l("A change of an article"),
    "article_feedback": _l("What was missing in an article"),
    "article_mended": _l("A rewritten article"),
    "article_note": _l("A note below an article"),
    "changes_requested": _l("Changes asked for in a text"),
    "draft_approved": _l("An approved text"),
    "draft_published": _l("A published text"),
    "feedback_reply": _l("An answer to feedback"),
    "invitation": _l("An invitation"),
    "mail_test": _l("A test mail"),
    "password_changed": _l("A password was changed"),
    "password_reset": _l("A link to a new password"),
    "publish_failed": _l("A text that could not be published"),
    "review_asked": _l("A text to look at"),
    "text_put_back": _l("A former text put back"),
}
"""What mail is about, by kind; how kinds name themselves is for those who choose about them."""

TABLES: dict[str, LazyString] = {
    "announcement": _l("Announcements"),
    "article": _l("Articles"),
    "article_draft": _l("Drafts"),
    "article_revision": _l("Earlier texts of articles"),
    "article_suggestion": _l("Suggestions"),
    "attachment": _l("Files"),
    "comment": _l("Notes"),
    "review_comment": _l("Comments in reviews"),
    "solution": _l("Feedback"),
    "category": _l("Topics"),
    "incident": _l("Notices"),
}
"""What can be for an audience, by table."""

THINGS: dict[str, LazyString] = {
    "announcement": _l("an announcement you do not see"),
    "category": _l("a topic you do not see, or that is gone"),
    "article": _l("an article you do not see"),
    "audience": _l("an audience"),
    "import": _l("an import"),
    "incident": _l("a notice you do not see"),
    "department": _l("a department that is gone"),
    "site": _l("a site that is gone"),
    "service_token": _l("a program"),
    "webhook": _l("a webhook that was removed"),
    "person": _l("somebody who was erased"),
}
"""What stands in a line of the audit log for a thing that its reader cannot be shown."""
