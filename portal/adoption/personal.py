"""What goals and interventions keep about people."""

from __future__ import annotations

from portal.core.personal import PersonColumn

PERSONAL: tuple[PersonColumn, ...] = ()
