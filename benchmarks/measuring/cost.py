"""What something costs: CPU of this process and of the database server that works for it, and time by the clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from portal.core.database import db

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PIDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds. CPU is what holds on a machine where others are at work."""

    cpu: float
    wall: float


def cost(act: Callable[[], object]) -> Cost:
    """Do it, inside an app's context, and say what it cost. It ends the open transaction, before and after."""
    server, cpu, wall = _of_server(), time.process_time(), time.perf_counter()
    act()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    after = _of_server()
    return Cost(cpu + sum(spent - server.get(pid, 0.0) for pid, spent in after.items()), wall)


def _of_server() -> dict[int, float]:
    """Return the CPU seconds of each process of a PostgreSQL server on this machine that works on the database."""
    if db.engine.dialect.name != "postgresql":
        return {}
    pids = list(db.session.execute(text(PIDS)).scalars())
    db.session.rollback()
    return {pid: _of_process(pid) for pid in pids}


def _of_process(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # gone meanwhile, or a system without /proc
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
