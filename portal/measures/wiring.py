"""What measuring brings to the house."""

from __future__ import annotations

from portal.core.feature import Feature
from portal.measures import cli, personal


def feature() -> Feature:
    return Feature(name="measures", personal_data=personal.PERSONAL, commands=(cli.measure,))
