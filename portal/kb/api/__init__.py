"""What programs may ask of the knowledge base: reading, writing, and what people say of it."""

from __future__ import annotations

from portal.kb.api import feedback, reading, writing

OPERATIONS = (*reading.OPERATIONS, *writing.OPERATIONS, *feedback.OPERATIONS)
