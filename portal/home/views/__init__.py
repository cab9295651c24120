"""Pages of the front door, of notices and of announcements."""

from portal.home.views.announcements import bp as announcements
from portal.home.views.incidents import bp as incidents
from portal.home.views.pages import bp as pages

__all__ = ["announcements", "incidents", "pages"]
