"""Searching in a portal with an index: what tests add, they find after `index()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.search import jobs


@pytest.fixture
def index(app: Flask, db: Any) -> Callable[[], None]:
    """Build the search index from what is in the database now."""

    def build() -> None:
        db.session.commit()
        jobs.rebuild({})
        db.session.commit()

    return build
