"""The door for web servers: `portal.wsgi:app`."""

from __future__ import annotations

import gc

from flask import Flask


def _opened() -> Flask:
    """Put the house together without looking for garbage: all of it stays, and looking takes a fifth of the start."""
    gc.disable()
    try:
        from portal.factory import create_app

        return create_app()
    finally:
        gc.enable()


app = _opened()
