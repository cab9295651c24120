"""How much work a real handbook is, from archive to index: `python -m benchmarks.import_articles`.

Reads `handbook.tar.gz` from the folder in REAL_DATA. The rendering processes and the index are counted in. `--json`
prints the figures for a machine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from config import Settings
from portal.core import actor as actors
from portal.core import migrate
from portal.core.database import db
from portal.core.markup import pool
from portal.factory import create_app
from portal.imports import services, working
from portal.imports.models import ImportRun
from portal.jobs.runner import Runner

LIMIT = 5.0
"""Seconds of CPU that an import of the handbook with its index may take."""


def spent() -> float:
    """Return the seconds of CPU of this process and of those it started and that have ended."""
    pool.shared().end()
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def bring(path: Path) -> ImportRun:
    actor = actors.system("import")
    run = services.begin(actor, "articles", source=str(path), name=path.name)
    services.run_it(actor, run, is_here=True)
    db.session.commit()
    for _step in working.work_off(actor, run):
        db.session.commit()
    db.session.refresh(run)
    return run


def measure(path: Path) -> dict[str, Any]:
    """Import it into an empty portal whose index is there, follow with the index, import it again."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(home=Path(folder) / "home", testing=True, log_level="error"))
        with app.app_context():
            migrate.upgrade()
        runner = Runner(app)
        runner.tick()
        runner.drain()
        marks = [spent()]
        with app.app_context():
            first = bring(path).counts
        marks.append(spent())
        runner.drain()
        marks.append(spent())
        with app.app_context():
            second = bring(path).counts
        marks.append(spent())
    return {
        "import": round(marks[1] - marks[0], 2),
        "index": round(marks[2] - marks[1], 2),
        "import and index": round(marks[2] - marks[0], 2),
        "second import": round(marks[3] - marks[2], 2),
        "first": first,
        "second": second,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    folder = os.environ.get("REAL_DATA")
    if not folder:
        sys.exit("REAL_DATA is not set: the handbook is not here.")
    found = measure(Path(folder) / "handbook.tar.gz")
    if chosen.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:18} {value}{' s of CPU' if isinstance(value, float) else ''}")
    if found["import and index"] > LIMIT:
        sys.exit(f"More than {LIMIT} s of CPU.")


if __name__ == "__main__":
    main()
