"""The pages of administration, one module a section; importing this package hangs them all into the blueprint."""

from portal.admin.views import (
    audiences,
    audit,
    keeping,
    leaving,
    machinery,
    options,
    overview,
    people,
    roles,
    structure,
)
from portal.admin.views.blueprint import bp

__all__ = [
    "audiences",
    "audit",
    "bp",
    "keeping",
    "leaving",
    "machinery",
    "options",
    "overview",
    "people",
    "roles",
    "structure",
]
