"""The pages of administration, one module a section; importing this package hangs them all into the blueprint."""

from portal.admin.views import audit, machinery, options, overview, people, structure
from portal.admin.views.blueprint import bp

__all__ = ["audit", "bp", "machinery", "options", "overview", "people", "structure"]
