"""What programs may ask of tickets: listing, reading, handing over, answering, and the desk's work."""

from __future__ import annotations

from portal.tickets.api import reading, writing

OPERATIONS = (*reading.OPERATIONS, *writing.OPERATIONS)
