"""What programs may ask of the community: questions with their answers, asking, answering, accepting, voting."""

from __future__ import annotations

from portal.community.api import reading, writing

OPERATIONS = (*reading.OPERATIONS, *writing.OPERATIONS)
