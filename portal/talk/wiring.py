"""What talk brings to the house: verbs and tables only; each feature draws it on its own pages."""

from __future__ import annotations

from portal.core.feature import Feature
from portal.talk import personal


def feature() -> Feature:
    return Feature(name="talk", personal_data=personal.PERSONAL)
