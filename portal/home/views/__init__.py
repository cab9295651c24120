"""Pages of the front door, and of notices."""

from portal.home.views.incidents import bp as incidents
from portal.home.views.pages import bp as pages

__all__ = ["incidents", "pages"]
