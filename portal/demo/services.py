"""Being somebody at Ostrey & Vale."""

from __future__ import annotations

from portal.accounts import services as accounts
from portal.core import actor as actors
from portal.people import queries as people_queries


def be(email: str) -> bool:
    """Sign this browser in as somebody without a password; False when they may not enter.

    Whoever it was before is signed out, as by their own hand; a refusal leaves them where they are.
    The caller makes sure that this is the demo, and commits.
    """
    person = people_queries.by_email(email)
    if person is None or not person.is_active:
        return False
    if actors.current().is_signed_in:
        accounts.sign_out(actors.current())
    accounts.start_session(person, method="demo")
    return True
