"""Forms of the knowledge base's own buttons."""

from __future__ import annotations

from portal.core.forms import Form


class VerifyForm(Form):
    """One button: this is right as it stands."""
