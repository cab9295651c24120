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
from typing import Self

from analytics.facts import Fact, Kind
from analytics.vocabulary import accounts, articles, feedback, incidents, machinery, people, searching


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

    fact: Fact

    def __new__(cls, name: str, fact: Fact) -> Self:
        member = str.__new__(cls, name)
        member._value_ = name
        member.fact = fact
        member.__doc__ = fact.when
        return member

    # Accounts: who may enter, and who did
    OPTION_CHANGED = "option.changed", accounts.option_changed
    PASSWORD_CHANGED = "password.changed", accounts.password_changed
    PASSWORD_RESET = "password.reset", accounts.password_reset
    PASSWORD_RESET_REQUESTED = "password.reset_requested", accounts.password_reset_requested
    PERMISSION_DENIED = "permission.denied", accounts.permission_denied
    SESSION_ENDED = "session.ended", accounts.session_ended
    SESSION_STARTED = "session.started", accounts.session_started
    SETUP_COMPLETED = "setup.completed", accounts.setup_completed
    SIGN_IN_FAILED = "sign_in.failed", accounts.sign_in_failed
    TOKEN_CREATED = "token.created", accounts.token_created
    TOKEN_REVOKED = "token.revoked", accounts.token_revoked

    # Articles
    ARTICLE_ARCHIVED = "article.archived", articles.article_archived
    ARTICLE_PUBLISHED = "article.published", articles.article_published
    ARTICLE_READ = "article.read", articles.article_read
    ARTICLE_SYNCED = "article.synced", articles.article_synced
    ARTICLE_VERIFIED = "article.verified", articles.article_verified
    ARTICLE_VIEWED = "article.viewed", articles.article_viewed

    # Feedback: what people say of things
    COMMENT_ADDED = "comment.added", feedback.comment_added
    FEEDBACK_REPLIED = "feedback.replied", feedback.feedback_replied
    INTENT_STATED = "intent.stated", feedback.intent_stated
    SOLUTION_MARKED = "solution.marked", feedback.solution_marked

    # Files and machinery
    BACKUP_MADE = "backup.made", machinery.backup_made
    FILE_STORED = "file.stored", machinery.file_stored
    MAIL_BOUNCED = "mail.bounced", machinery.mail_bounced

    # Incidents: known trouble
    INCIDENT_DECLARED = "incident.declared", incidents.incident_declared
    INCIDENT_ECHOED = "incident.echoed", incidents.incident_echoed
    INCIDENT_ENDED = "incident.ended", incidents.incident_ended

    # People
    PERSON_CHANGED = "person.changed", people.person_changed
    PERSON_CREATED = "person.created", people.person_created
    PERSON_DEACTIVATED = "person.deactivated", people.person_deactivated
    PERSON_REACTIVATED = "person.reactivated", people.person_reactivated
    ROLES_CHANGED = "roles.changed", people.roles_changed

    # Search
    SEARCH_PERFORMED = "search.performed", searching.search_performed
    SEARCH_RESULT_OPENED = "search.result_opened", searching.search_result_opened
    SUGGESTION_OPENED = "suggestion.opened", searching.suggestion_opened
    SUGGESTION_SHOWN = "suggestion.shown", searching.suggestion_shown

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
