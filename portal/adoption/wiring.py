"""What goals and interventions bring to the house."""

from __future__ import annotations

from portal.adoption import personal
from portal.core.feature import Feature


def feature() -> Feature:
    return Feature(name="adoption", personal_data=personal.PERSONAL)
