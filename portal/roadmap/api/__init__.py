"""What programs may ask of the roadmap: ideas, proposing one, and what stands on the roadmap."""

from __future__ import annotations

from portal.roadmap.api import calls

OPERATIONS = calls.OPERATIONS
