"""What tickets bring to the house."""

from __future__ import annotations

from portal.core.feature import Feature
from portal.tickets import personal


def feature() -> Feature:
    return Feature(name="tickets", personal_data=personal.PERSONAL)
