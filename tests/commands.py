"""The `dity` command as somebody types it."""

from __future__ import annotations

from flask import Flask


def dity(app: Flask, *arguments: object, code: int = 0) -> str:
    """Run a command and return what it printed; anything but the expected exit code is a failure that shows it."""
    done = app.test_cli_runner().invoke(args=[str(one) for one in arguments])
    assert done.exit_code == code, done.output
    return str(done.output)
