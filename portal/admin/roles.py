"""What each role may do, in plain words, made from the one table of permissions."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.core.permissions import PERMISSIONS, Permission, Role

MAY: dict[Permission, LazyString] = {
    Permission.ANNOUNCE: _l("write announcements for everybody or for some"),
    Permission.API_SERVICE: _l("create service accounts for other systems"),
    Permission.ARTICLE_PUBLISH: _l("publish articles"),
    Permission.ARTICLE_READ: _l("read the articles that are for them"),
    Permission.ARTICLE_REVIEW: _l("review and approve what others wrote"),
    Permission.ARTICLE_SUGGEST: _l("suggest changes to articles"),
    Permission.ARTICLE_SYNC: _l("update articles from files"),
    Permission.ARTICLE_VERIFY: _l("confirm that an article is still right"),
    Permission.ARTICLE_WRITE: _l("write and change articles"),
    Permission.AUDIT_READ: _l("read who did what (the audit log)"),
    Permission.COMMENT_ADD: _l("leave notes below articles"),
    Permission.COMMENT_REMOVE: _l("remove notes that others left"),
    Permission.FEEDBACK_GIVE: _l("say whether an article solved it"),
    Permission.FEEDBACK_REPLY: _l("answer what people said about an article"),
    Permission.FILE_ADD: _l("attach files and pictures"),
    Permission.GATE_DECIDE: _l("decide at the gates of the roadmap"),
    Permission.GOAL_MANAGE: _l("set goals for adoption and answer for them"),
    Permission.IDEA_PROPOSE: _l("propose ideas and vote on them"),
    Permission.INCIDENT_DECLARE: _l("announce a known problem"),
    Permission.INCIDENT_ECHO: _l("say “me too” to a known problem"),
    Permission.IMPORT_RUN: _l("import people and articles, and export them again"),
    Permission.INSIGHT_READ: _l("see how well the portal works, in figures"),
    Permission.INTERVENTION_MANAGE: _l("register interventions and read what they did"),
    Permission.JOB_MANAGE: _l("look after the installation: jobs, mail, search index, backups"),
    Permission.MEASURE_EXPORT: _l("download the figures behind the charts"),
    Permission.OPTION_CHANGE: _l("change the settings of the portal"),
    Permission.PERSON_ACT_FOR: _l("act for somebody for up to an hour; the person is told"),
    Permission.PERSON_ERASE: _l("hand out a copy of what is kept about somebody, and erase them"),
    Permission.PERSON_MANAGE: _l("add, change, merge and deactivate people, departments and audiences"),
    Permission.QUESTION_ANSWER: _l("answer questions of colleagues"),
    Permission.QUESTION_ASK: _l("ask colleagues a question"),
    Permission.QUESTION_MODERATE: _l("hide, merge and close questions, answers and tips"),
    Permission.QUESTION_READ: _l("read questions, answers and tips that are for them"),
    Permission.ROADMAP_READ: _l("see what is being worked on and what is planned"),
    Permission.ROADMAP_STEER: _l("answer ideas and arrange the roadmap"),
    Permission.SEARCH_USE: _l("search"),
    Permission.STYLEGUIDE_READ: _l("see the style guide for those who build pages"),
    Permission.SURVEY_PLAN: _l("plan surveys, send them out and close them"),
    Permission.SURVEY_READ: _l("read what surveys say, of their own area or of everybody"),
    Permission.TICKET_MANAGE: _l("arrange queues, hours and promises of the service desk"),
    Permission.TICKET_OPEN: _l("hand a problem over to the service desk"),
    Permission.TICKET_WORK: _l("work on tickets of the service desk"),
    Permission.TIP_WRITE: _l("write tips"),
    Permission.TOKEN_OWN: _l("create API tokens of their own"),
    Permission.TOPIC_MANAGE: _l("arrange topics and tags"),
    Permission.WEBHOOK_MANAGE: _l("notify other systems of changes (webhooks)"),
    Permission.WEBLOG_IMPORT: _l("have logs of web servers read"),
    Permission.WORDS_MANAGE: _l("manage synonyms and other words of the search"),
}


@dataclass(frozen=True)
class Rights:
    """A role with what it may do; what every reader may is told once, with the first."""

    role: Role
    may: tuple[LazyString, ...]
    is_everything: bool


def rights() -> list[Rights]:
    """Return every role, readers first, each with what comes on top of reading."""
    reading = PERMISSIONS[Role.READER]
    return [
        Rights(role, _in_words(granted if role is Role.READER else granted - reading), granted == frozenset(Permission))
        for role, granted in PERMISSIONS.items()
    ]


def _in_words(granted: frozenset[Permission]) -> tuple[LazyString, ...]:
    return tuple(MAY[permission] for permission in Permission if permission in granted)
