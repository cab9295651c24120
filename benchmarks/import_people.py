"""How long a list of twenty thousand people takes, 200 of its lines faulty: `python -m benchmarks.import_people`.

Makes the list, imports it into an empty portal, imports it again. `--json` prints the figures for a machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from config import Settings
from portal.core import actor as actors
from portal.core.database import db
from portal.core.importing import Importer
from portal.core.registry import registry
from portal.factory import create_app
from portal.imports import mapping, services, working
from portal.imports.models import ImportRun

HEADINGS = ("Personalnummer", "Vorname", "Nachname", "E-Mail", "Abteilung", "Standort", "Rolle")
UNITS = ("Finance", "Sales", "Workshop", "Design", "Logistics", "HR", "IT", "Management")
SITES = ("Harbour House", "Old Mill", "Northgate")


def lines(n: int, n_faulty: int) -> list[list[str]]:
    """Make a list of people; every so many lines one is faulty, in turn by address, repetition, role and name."""
    step = n // n_faulty if n_faulty else n + 1
    made = []
    for i in range(n):
        line = [
            f"P{i:05}",
            f"First{i}",
            f"Last{i % 997}",
            f"person{i}@ostreyvale.example",
            UNITS[i % 8],
            SITES[i % 3],
            "",
        ]
        if i % step == step - 1:
            fault = (i // step) % 4
            if fault == 0:
                line[3] = f"person{i}(at)ostreyvale.example"
            elif fault == 1:
                line[3] = "person0@ostreyvale.example"
            elif fault == 2:
                line[6] = "wizard"
            else:
                line[1] = line[2] = ""
        made.append(line)
    return made


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *rows])


def bring(importer: Importer, path: Path) -> ImportRun:
    """Import a list as the command does."""
    actor = actors.system("import")
    run = services.begin(actor, importer.kind, source=str(path), name=path.name)
    services.choose(actor, run, choices={}, columns=mapping.guess(importer, path))
    services.run_it(actor, run, is_here=True)
    db.session.commit()
    for _step in working.work_off(actor, run):
        db.session.commit()
    db.session.refresh(run)
    return run


def measure(n: int, n_faulty: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(home=Path(folder) / "home", testing=True, log_level="error"))
        with app.app_context():
            from portal.core import migrate

            migrate.upgrade()
            path = Path(folder) / "people.csv"
            write(path, lines(n, n_faulty))
            found: dict[str, Any] = {"n": n, "n_faulty": n_faulty}
            for name in ("first", "second"):
                began, worked = time.perf_counter(), time.process_time()
                run = bring(registry().importers["people"], path)
                found[name] = {
                    "seconds": round(time.perf_counter() - began, 2),
                    "cpu": round(time.process_time() - worked, 2),
                    "counts": run.counts,
                }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--faulty", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measure(chosen.people, chosen.faulty)
    if chosen.json:
        print(json.dumps(found))
        return
    for name in ("first", "second"):
        print(f"{name}: {found[name]['seconds']} s, {found[name]['cpu']} s of CPU, {found[name]['counts']}")


if __name__ == "__main__":
    main()
