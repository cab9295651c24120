"""What the roadmap brings to the house."""

from __future__ import annotations

from portal.core.feature import Feature
from portal.roadmap import personal


def feature() -> Feature:
    return Feature(name="roadmap", personal_data=personal.PERSONAL)
