# ruff: noqa: S105  -- PASSWORD_CHANGED is the name of a fact, not a password
"""The vocabulary of what happens in the portal.

A name is `noun.past_verb`. Its fact, in `analytics.vocabulary`, says when exactly it is written and lists its
props; `docs/events.md` is made from these words. Two kinds: a *change* is recorded in the transaction of the
change, *looking* is observed through a buffer. Conclusions ("deflected") are never facts: they are computed,
under a definition that may change. Answers to surveys are never facts either.

Searches carry a short random key, `search`, made when the page of results is built. Links on that page hand
it on, so that what was opened can name the search it came from before either is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import ModuleType

from analytics.facts import Fact, Kind
from analytics.vocabulary import (
    accounts,
    adopting,
    arranging,
    articles,
    community,
    feedback,
    incidents,
    machinery,
    people,
    reviewing,
    searching,
    steering,
    surveying,
    taskforce,
    tickets,
)


class ActorKind(StrEnum):
    """Who did it, as far as measuring is concerned: only `user` counts as somebody looking for help."""

    USER = "user"
    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"
    BOT = "bot"
    ANON = "anon"
    SYSTEM = "system"


class Name(StrEnum):
    """Everything the ledger can say."""

    # Accounts: who may enter, and who did
    OPTION_CHANGED = "option.changed"
    PASSWORD_CHANGED = "password.changed"
    PASSWORD_RESET = "password.reset"
    PASSWORD_RESET_REQUESTED = "password.reset_requested"
    PERMISSION_DENIED = "permission.denied"
    SERVICE_TOKEN_CREATED = "service_token.created"
    SERVICE_TOKEN_REVOKED = "service_token.revoked"
    SESSION_ENDED = "session.ended"
    SESSION_STARTED = "session.started"
    SETUP_COMPLETED = "setup.completed"
    SIGN_IN_FAILED = "sign_in.failed"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"

    # Arranging: topics, tags, words, announcements
    ANNOUNCEMENT_AGREED = "announcement.agreed"
    ANNOUNCEMENT_CHANGED = "announcement.changed"
    ANNOUNCEMENT_ENDED = "announcement.ended"
    ANNOUNCEMENT_MADE = "announcement.made"
    TAG_CHANGED = "tag.changed"
    TOPIC_CHANGED = "topic.changed"
    TOPIC_CREATED = "topic.created"
    TOPIC_DELETED = "topic.deleted"
    TOPIC_MERGED = "topic.merged"
    WORDS_CHANGED = "words.changed"

    # Articles
    ARTICLE_ARCHIVED = "article.archived"
    ARTICLE_CHANGED = "article.changed"
    ARTICLE_DRAFTED = "article.drafted"
    ARTICLE_DRAFT_DISCARDED = "article.draft_discarded"
    ARTICLE_OWNER_CHANGED = "article.owner_changed"
    ARTICLE_PUBLISHED = "article.published"
    ARTICLE_READ = "article.read"
    ARTICLE_REVIEW_PLANNED = "article.review_planned"
    ARTICLE_SYNCED = "article.synced"
    ARTICLE_VERIFIED = "article.verified"
    ARTICLE_VIEWED = "article.viewed"

    # Articles: reviewing and arranging them, following
    ARTICLE_APPROVED = "article.approved"
    ARTICLE_CHANGES_REQUESTED = "article.changes_requested"
    ARTICLE_LOOKED_AT = "article.looked_at"
    ARTICLE_MERGED = "article.merged"
    ARTICLE_MOVED = "article.moved"
    ARTICLE_REDIRECTED = "article.redirected"
    ARTICLE_RENAMED = "article.renamed"
    ARTICLE_RESTORED = "article.restored"
    ARTICLE_REVIEW_COMMENTED = "article.review_commented"
    ARTICLE_REVIEW_WITHDRAWN = "article.review_withdrawn"
    ARTICLE_SCHEDULED = "article.scheduled"
    ARTICLE_SPLIT = "article.split"
    ARTICLE_SUBMITTED = "article.submitted"
    ARTICLE_UNSCHEDULED = "article.unscheduled"
    DESK_ROW_ASSIGNED = "desk_row.assigned"
    DESK_ROW_BROUGHT_BACK = "desk_row.brought_back"
    DESK_ROW_PUT_ASIDE = "desk_row.put_aside"
    FOLLOW_ENDED = "follow.ended"
    FOLLOW_STARTED = "follow.started"

    # Community: questions, answers, tips
    ANSWER_ACCEPTED = "answer.accepted"
    ANSWER_EDITED = "answer.edited"
    ANSWER_GIVEN = "answer.given"
    EXPERT_DECLINED = "expert.declined"
    EXPERT_INVITED = "expert.invited"
    FLAG_CLOSED = "flag.closed"
    POST_REMOVED = "post.removed"
    POST_RESTORED = "post.restored"
    QUESTION_ASKED = "question.asked"
    QUESTION_EDITED = "question.edited"
    QUESTION_MARKED_DUPLICATE = "question.marked_duplicate"
    QUESTION_SAME_HERE = "question.same_here"
    QUESTION_VIEWED = "question.viewed"
    THING_FLAGGED = "thing.flagged"
    TIP_EDITED = "tip.edited"
    TIP_VIEWED = "tip.viewed"
    TIP_WRITTEN = "tip.written"
    VOTE_CAST = "vote.cast"

    # Feedback: what people say of things
    COMMENT_ADDED = "comment.added"
    EDIT_DECIDED = "edit.decided"
    EDIT_PUBLISHED = "edit.published"
    EDIT_SUGGESTED = "edit.suggested"
    FEEDBACK_REPLIED = "feedback.replied"
    INTENT_STATED = "intent.stated"
    SOLUTION_MARKED = "solution.marked"

    # Files and machinery
    BACKUP_MADE = "backup.made"
    EXPORT_MADE = "export.made"
    FILE_STORED = "file.stored"
    IMPORT_FINISHED = "import.finished"
    IMPORT_UNDONE = "import.undone"
    JOB_RETRIED = "job.retried"
    MAIL_BOUNCED = "mail.bounced"
    WEBHOOK_ADDED = "webhook.added"
    WEBHOOK_CHANGED = "webhook.changed"
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_SWITCHED_OFF = "webhook.switched_off"
    WEBLOG_ADDED = "weblog.added"
    WEBLOG_CHANGED = "weblog.changed"
    WEBLOG_READ = "weblog.read"
    WEBLOG_REMOVED = "weblog.removed"

    # Incidents: known trouble
    INCIDENT_DECLARED = "incident.declared"
    INCIDENT_ECHOED = "incident.echoed"
    INCIDENT_ENDED = "incident.ended"

    # People
    ACTING_ENDED = "acting.ended"
    ACTING_STARTED = "acting.started"
    AUDIENCE_CHANGED = "audience.changed"
    AUDIENCE_CREATED = "audience.created"
    AUDIENCE_REMOVED = "audience.removed"
    DEPARTMENT_CHANGED = "department.changed"
    PERSON_CHANGED = "person.changed"
    PERSON_CREATED = "person.created"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_ERASED = "person.erased"
    PERSON_EXPORTED = "person.exported"
    PERSON_MERGED = "person.merged"
    PERSON_REACTIVATED = "person.reactivated"
    ROLES_CHANGED = "roles.changed"
    SITE_CHANGED = "site.changed"

    # Search
    SEARCH_PERFORMED = "search.performed"
    SEARCH_RESULT_OPENED = "search.result_opened"
    SUGGESTION_OPENED = "suggestion.opened"
    SUGGESTION_SHOWN = "suggestion.shown"

    # Tickets, and what they leave behind
    ASSUMPTION_CHANGED = "assumption.changed"
    CHANGE_DATE_NOTED = "change_date.noted"
    DRAFT_ABANDONED = "draft.abandoned"
    DRAFT_STARTED = "draft.started"
    MAIL_TAKEN = "mail.taken"
    QUEUE_CHANGED = "queue.changed"
    TICKET_ASSIGNED = "ticket.assigned"
    TICKET_BREACHED = "ticket.breached"
    TICKET_CHANGED = "ticket.changed"
    TICKET_CLOSED = "ticket.closed"
    TICKET_KNOWLEDGE_SAID = "ticket.knowledge_said"
    TICKET_LINKED = "ticket.linked"
    TICKET_MERGED = "ticket.merged"
    TICKET_MOVED = "ticket.moved"
    TICKET_NOTED = "ticket.noted"
    TICKET_OPENED = "ticket.opened"
    TICKET_PARENTED = "ticket.parented"
    TICKET_PAUSED = "ticket.paused"
    TICKET_RATED = "ticket.rated"
    TICKET_REOPENED = "ticket.reopened"
    TICKET_REPLIED = "ticket.replied"
    TICKET_REPLY_BOUNCED = "ticket.reply_bounced"
    TICKET_RESOLVED = "ticket.resolved"
    TICKET_RESUMED = "ticket.resumed"
    TICKET_SPLIT = "ticket.split"
    TICKET_WITHDRAWN = "ticket.withdrawn"

    # Adoption: goals, interventions
    GOAL_CHANGED = "goal.changed"
    GOAL_DROPPED = "goal.dropped"
    GOAL_SET = "goal.set"
    INTERVENTION_CHANGED = "intervention.changed"
    INTERVENTION_PUBLISHED = "intervention.published"
    INTERVENTION_REGISTERED = "intervention.registered"
    INTERVENTION_STOPPED = "intervention.stopped"

    # Steering: ideas and the roadmap
    EVIDENCE_TIED = "evidence.tied"
    EVIDENCE_UNTIED = "evidence.untied"
    IDEA_ANSWERED = "idea.answered"
    IDEA_EDITED = "idea.edited"
    IDEA_PROPOSED = "idea.proposed"
    IDEA_RESTORED = "idea.restored"
    IDEA_WITHDRAWN = "idea.withdrawn"
    ITEM_CHANGED = "item.changed"
    ITEM_CHECKED = "item.checked"
    ITEM_MADE = "item.made"
    ITEM_MOVED = "item.moved"

    # The task force
    ACTION_DONE = "action.done"
    ACTION_SET = "action.set"
    GATE_CHANGED = "gate.changed"
    GATE_DECIDED = "gate.decided"
    GATE_LOOKED = "gate.looked"
    GATE_OPENED = "gate.opened"
    GATE_SIGNED = "gate.signed"
    INCREMENT_CHANGED = "increment.changed"
    INCREMENT_MOVED = "increment.moved"
    INCREMENT_PLANNED = "increment.planned"
    MEMBER_JOINED = "member.joined"
    MEMBER_LEFT = "member.left"
    MINUTES_CHANGED = "minutes.changed"
    MINUTES_KEPT = "minutes.kept"
    REQUIREMENT_ACCEPTED = "requirement.accepted"
    SESSION_ATTENDED = "session.attended"

    # Surveys
    WAVE_CANCELLED = "wave.cancelled"
    WAVE_CHANGED = "wave.changed"
    WAVE_CLOSED = "wave.closed"
    WAVE_LAUNCHED = "wave.launched"
    WAVE_PLANNED = "wave.planned"
    WAVE_PUBLISHED = "wave.published"

    @property
    def fact(self) -> Fact:
        """When exactly it is written, what it is about and what it carries."""
        return FACTS[self]

    @property
    def exchange_type(self) -> str | None:
        """The type under which this fact travels in the exchange format of `dity measure needs`, if it does.

        >>> Name.SOLUTION_MARKED.exchange_type
        'solved'
        """
        return self.fact.exchange_type

    @property
    def is_audit(self) -> bool:
        """Whether it belongs in the audit log, which is a view of the ledger."""
        return self.fact.is_audit

    @property
    def is_change(self) -> bool:
        """Whether it is recorded with a change (True) or observed in passing (False)."""
        return self.fact.kind is Kind.CHANGE


GROUPS: tuple[ModuleType, ...] = (
    searching,
    arranging,
    articles,
    reviewing,
    feedback,
    community,
    tickets,
    incidents,
    surveying,
    adopting,
    steering,
    taskforce,
    people,
    accounts,
    machinery,
)
FACTS: dict[Name, Fact] = {
    Name[word.upper()]: fact for group in GROUPS for word, fact in vars(group).items() if isinstance(fact, Fact)
}
for _name in Name:
    _name.__doc__ = FACTS[_name].when  # a name without a fact stops the import here

AUDIT: frozenset[Name] = frozenset(name for name in Name if name.is_audit)


class Undocumented(ValueError):
    """Props that the vocabulary does not allow."""


def check(name: Name, props: Mapping[str, object]) -> None:
    """Refuse props that are unknown, missing or of the wrong shape, naming each.

    >>> check(Name.INTENT_STATED, {"would_have_called": "yes"})
    Traceback (most recent call last):
    analytics.events.Undocumented: intent.stated: would_have_called must be a yes or no, not 'yes'
    """
    if complaints := name.fact.complaints(props):
        raise Undocumented(f"{name}: " + "; ".join(complaints))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as analytics reads it; `visitor` is a keyed hash, never an account."""

    name: Name
    at: datetime
    visitor: str
    actor_kind: ActorKind = ActorKind.USER
    department: str | None = None
    site: str | None = None
    subject: str | None = None
    topic: str | None = None
    visit: str | None = None
    props: Mapping[str, object] = field(default_factory=dict)
    v: int = 1
