"""Categories, articles with their revisions and old addresses, and what is being written."""

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
from portal.kb.models.drafts import CLOSED, WRITTEN, Change, Draft, Presence, State

__all__ = [
    "CLOSED",
    "WRITTEN",
    "Article",
    "ArticleRedirect",
    "ArticleTag",
    "Category",
    "Change",
    "Draft",
    "Mode",
    "Origin",
    "Presence",
    "Revision",
    "Risk",
    "State",
    "Status",
]
