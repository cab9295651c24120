"""Trying what a form asks for: what a service refuses stands on the form, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from portal.core.database import db
from portal.core.errors import Conflict, Invalid
from portal.core.forms import Form


@dataclass
class Try:
    """How a try went that led nowhere."""

    status: int = 422


@contextmanager
def trying(form: Form) -> Iterator[Try]:
    """Take back and write on the form what is refused inside the block: at its field, or above for a collision."""
    found = Try()
    try:
        yield found
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        found.status = refusal.status
        if isinstance(refusal, Invalid):
            form.add_error(refusal)
        else:
            form.form_errors.append(refusal.message)
