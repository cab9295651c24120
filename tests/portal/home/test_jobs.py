"""What the front door does by itself."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core import clock
from portal.core.registry import registry
from tests.factories.home import incident

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")


def test_the_schedule_marks_expired_notices_and_may_run_twice(stopped_clock: Any) -> None:
    up = incident()
    job = registry().jobs["home.end_incidents"]
    assert job.every is not None
    job.run({})
    assert up.ended_at is None
    stopped_clock.move(hours=5)
    for _ in range(2):
        job.run({})
    assert up.ended_at == up.ends_at < clock.now()
