"""What surveys bring to the house."""

from __future__ import annotations

from portal.core.feature import Feature
from portal.pulse import personal


def feature() -> Feature:
    return Feature(name="pulse", personal_data=personal.PERSONAL)
