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
from portal.kb.models.topics import CategoryRedirect, TagAlias

__all__ = [
    "CLOSED",
    "WRITTEN",
    "Article",
    "ArticleRedirect",
    "ArticleTag",
    "Category",
    "CategoryRedirect",
    "Change",
    "Draft",
    "Mode",
    "Origin",
    "Presence",
    "Revision",
    "Risk",
    "State",
    "Status",
    "TagAlias",
]
