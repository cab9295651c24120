"""The daily sweep."""

from __future__ import annotations

from typing import Any

import structlog

from portal.files import services

log = structlog.get_logger(__name__)


def sweep(payload: dict[str, Any]) -> None:
    """Delete files that nothing names; safe to run twice."""
    if swept := services.sweep():
        log.info("files_swept", n=swept)
