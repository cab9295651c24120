"""Addresses as people outside see them. Only from the settings: a Host header can be forged, a mail is trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, has_request_context


def base() -> str:
    """Return the portal's address, without a slash at its end."""
    address: str = current_app.config["DITY"].outside_url
    return address


def domain() -> str:
    """Return the name of the portal's host, for Message-IDs and greetings."""
    return urlsplit(base()).hostname or "localhost"


def absolute(path: str) -> str:
    """Return the full address of a path of this portal, whether it carries the prefix of a proxy or not."""
    prefix = urlsplit(base()).path
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        path = path[len(prefix) :]
    return base() + path


def to(endpoint: str, **values: Any) -> str:
    """Return the full address of an endpoint; works in jobs and commands too."""
    parts = urlsplit(base())
    adapter = current_app.url_map.bind(parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)


@contextmanager
def addressable() -> Iterator[None]:
    """Let features build the addresses of their things in jobs and commands as they do in requests."""
    if has_request_context():
        yield
    else:
        with current_app.test_request_context(base_url=base() + "/"):
            yield
