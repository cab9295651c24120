"""Mail addresses as people type them."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import Invalid


def mail(text: str, *, field: str, is_local_too: bool = False) -> str:
    """Return a mail address in the one form there is of it; refuses what is none (Invalid).

    `is_local_too` takes `portal@localhost`, for a mail server may live on this machine.
    """
    library = _library()
    try:
        found = library.validate_email(text.strip(), check_deliverability=False, globally_deliverable=not is_local_too)
    except library.EmailNotValidError:
        raise Invalid(_("This does not look like a mail address."), field=field) from None
    return str(found.normalized)


@cache
def _library() -> Any:
    """Return the library, loaded when the first address is typed."""
    import email_validator

    # Inside an organisation addresses like `ana@corp.local` are real; whether mail arrives the mail server knows.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator
