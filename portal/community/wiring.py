"""What the community brings to the house."""

from __future__ import annotations

from portal.community import personal
from portal.core.feature import Feature


def feature() -> Feature:
    return Feature(name="community", personal_data=personal.PERSONAL)
