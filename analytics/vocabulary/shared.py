"""Props that several facts carry."""

from analytics.facts import number, text

SEARCH_KEY = text("key of the search it came from")
VERSION = number("version of the article that was on the screen")
