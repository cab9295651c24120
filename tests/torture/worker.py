"""A runner as a process of its own, to be killed: `python -m tests.torture.worker`.

Works jobs of a kind that takes a moment and leaves a row behind, under leases of one second.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from portal.core.database import db
from portal.core.feature import JobKind
from portal.core.options import OptionRow
from portal.core.registry import registry
from portal.factory import create_app
from portal.jobs.runner import Runner

KIND = "torture.step"


def step(payload: dict[str, Any]) -> None:
    """Leave a row; a second time it would stumble over the first, so `done twice` cannot hide."""
    db.session.add(OptionRow(name=f"step-{payload['n']}", value=payload["n"]))
    db.session.flush()
    time.sleep(0.15)


def main() -> None:
    app = create_app()
    registry(app).jobs[KIND] = JobKind(name=KIND, run=step)
    Runner(app, lease=dt.timedelta(seconds=1)).run()


if __name__ == "__main__":
    main()
