"""Time zones to choose from."""

from __future__ import annotations

from wtforms.fields.choices import SelectChoice

from portal.core import clock


def zones() -> list[SelectChoice]:
    """Return the time zones that are named after places, by part of the world, and UTC before them."""
    named = sorted(zone for zone in clock.timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    parts = ((zone, *zone.partition("/")) for zone in named)
    return [
        SelectChoice("UTC"),
        *(SelectChoice(zone, place.replace("_", " "), optgroup=area) for zone, area, _slash, place in parts),
    ]
