"""What talk brings to the house: verbs and tables only; each feature draws it on its own pages."""

from __future__ import annotations

from portal.core.feature import Feature


def feature() -> Feature:
    return Feature(name="talk")
