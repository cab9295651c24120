"""What may be done at all, and which role may do it. Questions about one object live in each feature's policies."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the portal. Everybody signed in is a reader; the others are given."""

    READER = "reader"
    EDITOR = "editor"
    AGENT = "agent"
    SPECIALIST = "specialist"
    ANALYST = "analyst"
    MANAGER = "manager"
    ADMIN = "admin"


class Permission(StrEnum):
    """`scope:action`, alphabetical. A new one needs a row in PERMISSIONS and a line in docs/permissions.md."""

    ANNOUNCE = "announcement:write"
    API_SERVICE = "api:service"
    ARTICLE_PUBLISH = "article:publish"
    ARTICLE_READ = "article:read"
    ARTICLE_REVIEW = "article:review"
    ARTICLE_SUGGEST = "article:suggest"
    ARTICLE_SYNC = "article:sync"
    ARTICLE_VERIFY = "article:verify"
    ARTICLE_WRITE = "article:write"
    AUDIT_READ = "audit:read"
    COMMENT_ADD = "comment:add"
    COMMENT_REMOVE = "comment:remove"
    FEEDBACK_GIVE = "feedback:give"
    FEEDBACK_REPLY = "feedback:reply"
    FILE_ADD = "file:add"
    GATE_DECIDE = "gate:decide"
    GOAL_MANAGE = "goal:manage"
    IDEA_PROPOSE = "idea:propose"
    INCIDENT_DECLARE = "incident:declare"
    INCIDENT_ECHO = "incident:echo"
    IMPORT_RUN = "import:run"
    INSIGHT_READ = "insight:read"
    INTERVENTION_MANAGE = "intervention:manage"
    JOB_MANAGE = "job:manage"
    OPTION_CHANGE = "option:change"
    MEASURE_EXPORT = "measure:export"
    PERSON_ACT_FOR = "person:act_for"
    PERSON_ERASE = "person:erase"
    PERSON_MANAGE = "person:manage"
    QUESTION_ANSWER = "question:answer"
    QUESTION_ASK = "question:ask"
    QUESTION_MODERATE = "question:moderate"
    QUESTION_READ = "question:read"
    ROADMAP_READ = "roadmap:read"
    ROADMAP_STEER = "roadmap:steer"
    SEARCH_USE = "search:use"
    STYLEGUIDE_READ = "styleguide:read"
    SURVEY_PLAN = "survey:plan"
    SURVEY_READ = "survey:read"
    TICKET_MANAGE = "ticket:manage"
    TICKET_OPEN = "ticket:open"
    TICKET_WORK = "ticket:work"
    TIP_WRITE = "tip:write"
    TOKEN_OWN = "token:own"  # noqa: S105 - a permission, not a token
    TOPIC_MANAGE = "topic:manage"
    WEBHOOK_MANAGE = "webhook:manage"
    WEBLOG_IMPORT = "weblog:import"
    WORDS_MANAGE = "words:manage"


_P = Permission
_READER = frozenset(
    {
        _P.ARTICLE_READ,
        _P.ARTICLE_SUGGEST,
        _P.COMMENT_ADD,
        _P.FEEDBACK_GIVE,
        _P.FILE_ADD,
        _P.IDEA_PROPOSE,
        _P.INCIDENT_ECHO,
        _P.QUESTION_ANSWER,
        _P.QUESTION_ASK,
        _P.QUESTION_READ,
        _P.ROADMAP_READ,
        _P.SEARCH_USE,
        _P.STYLEGUIDE_READ,
        _P.TICKET_OPEN,
        _P.TIP_WRITE,
        _P.TOKEN_OWN,
    }
)
_EDITOR = _READER | {
    _P.ANNOUNCE,
    _P.ARTICLE_PUBLISH,
    _P.ARTICLE_REVIEW,
    _P.ARTICLE_VERIFY,
    _P.ARTICLE_WRITE,
    _P.COMMENT_REMOVE,
    _P.FEEDBACK_REPLY,
    _P.INCIDENT_DECLARE,
    _P.INSIGHT_READ,
    _P.QUESTION_MODERATE,
    _P.TOPIC_MANAGE,
    _P.WORDS_MANAGE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: _READER,
    Role.EDITOR: _EDITOR,
    Role.AGENT: _READER | {_P.INCIDENT_DECLARE, _P.INSIGHT_READ, _P.TICKET_WORK},
    Role.SPECIALIST: _READER,
    Role.ANALYST: _READER
    | {
        _P.ANNOUNCE,
        _P.GATE_DECIDE,
        _P.GOAL_MANAGE,
        _P.INSIGHT_READ,
        _P.INTERVENTION_MANAGE,
        _P.MEASURE_EXPORT,
        _P.ROADMAP_STEER,
        _P.SURVEY_PLAN,
        _P.SURVEY_READ,
        _P.WEBLOG_IMPORT,
    },
    Role.MANAGER: _READER | {_P.INSIGHT_READ, _P.SURVEY_READ},
    Role.ADMIN: frozenset(Permission),
}
"""The one table of who may what. Roles add up."""

ANONYMOUS_PERMISSIONS: frozenset[Permission] = frozenset({_P.ARTICLE_READ, _P.QUESTION_READ, _P.SEARCH_USE})
"""What somebody who is not signed in may do, and only while the administrator has opened reading to everybody."""
