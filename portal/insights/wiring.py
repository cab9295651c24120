"""What the dashboards bring to the house."""

from __future__ import annotations

from portal.core.feature import Feature


def feature() -> Feature:
    return Feature(name="insights")
