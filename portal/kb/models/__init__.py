"""Categories, articles with their revisions and old addresses, and what is being written."""

from portal.kb.models.addresses import OldAddress
from portal.kb.models.articles import (
    Article,
    ArticleRedirect,
    ArticleTag,
    Category,
    Mode,
    Origin,
    Revision,
    Risk,
    Status,
)
from portal.kb.models.care import PRESSING, CheckReminder, DeskMark, DeskMet, SearchFinding, Twins
from portal.kb.models.drafts import CLOSED, NEXT, WRITTEN, Change, Draft, Presence, State
from portal.kb.models.links import ArticleLink, LinkState
from portal.kb.models.reviews import ReviewComment
from portal.kb.models.suggestions import Outcome, Proposal, Suggestion
from portal.kb.models.topics import CategoryRedirect, TagAlias

__all__ = [
    "CLOSED",
    "NEXT",
    "PRESSING",
    "WRITTEN",
    "Article",
    "ArticleLink",
    "ArticleRedirect",
    "ArticleTag",
    "Category",
    "CategoryRedirect",
    "Change",
    "CheckReminder",
    "DeskMark",
    "DeskMet",
    "Draft",
    "LinkState",
    "Mode",
    "OldAddress",
    "Origin",
    "Outcome",
    "Presence",
    "Proposal",
    "ReviewComment",
    "Revision",
    "Risk",
    "SearchFinding",
    "State",
    "Status",
    "Suggestion",
    "TagAlias",
    "Twins",
]
