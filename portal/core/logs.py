"""Structured logs: for people on a terminal, JSON lines for machines; secrets never."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = re.compile(r"password|token|cookie|secret|authorization|answer|body", re.IGNORECASE)


def hide_secrets(logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace values whose name says they are secret; keep every value on one line."""
    for name, value in entry.items():
        if name != "event" and SECRET.search(name):
            entry[name] = "…"
        elif isinstance(value, str) and name not in ("exception",):
            entry[name] = value.replace("\r", "\\r").replace("\n", "\\n")
    return entry


def _console() -> Any:
    # The pretty tracebacks of other renderers print local variables, and with them secrets.
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


def install(*, level: str, is_json: bool, is_testing: bool = False) -> None:
    """Send our own and the libraries' logs through one renderer; tests keep their own handlers."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    renderer: Any = structlog.processors.JSONRenderer() if is_json else _console()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if is_testing:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([structlog.processors.format_exc_info] if is_json else []),
                renderer,
            ],
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
