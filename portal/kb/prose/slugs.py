"""The short name in the address of an article or a topic: small letters, digits, single hyphens."""

from __future__ import annotations

import re

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
