"""Pages of the search: finding, and the words it is told."""

from portal.search.views.finding import bp as finding
from portal.search.views.words import bp as words

__all__ = ["finding", "words"]
