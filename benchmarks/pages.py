"""What a page costs, against the bars of QUALITY 2.

CPU is measured inside one process, pages and the reference page in turn, so that a busy machine slows both alike;
what passes or fails is the ratio. Latency is measured through a real server with one worker. First visits are counted
by a real browser with an empty cache.

    python -m benchmarks.pages [--articles N | --demo] [--year] [--json] [--quick]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.measuring import (
    a_year_later,
    community_at_work,
    desk_at_work,
    editors_at_work,
    first_visit,
    load,
    process,
)
from benchmarks.measuring.desk_at_work import READER
from benchmarks.measuring.portal_at_work import REFERENCE, colleagues, installation, signed_in, token_for
from portal.core.database import db
from portal.tickets.opening import PER_HOUR

MAX_HTML = 60_000
WARM_UP = 3


@dataclass(frozen=True)
class Page:
    """A page to measure, and how many times the reference's CPU it may cost."""

    name: str
    path: str
    must: float
    aim: float
    is_of_desk: bool = False
    """Asked for by an agent; only the cost of the page itself is measured."""
    is_of_editors: bool = False
    """The same, asked for by an editor."""


@dataclass(frozen=True)
class Deed:
    """A form to send, how many times the reference's CPU it may cost; it commits exactly once."""

    name: str
    do: Callable[[FlaskClient], None]
    must: float
    per_hour: int
    """So often one person sends it before the portal refuses; then another one does."""


DEEDS = (Deed("hand over", desk_at_work.hand_over, 4.0, PER_HOUR),)


def pages(app: Flask, client: FlaskClient) -> list[Page]:
    """Return the pages readers meet, with addresses that exist in this installation."""
    listing = client.get("/kb/").get_data(as_text=True)
    topic = re.search(r'href="(/kb/topics/[^"]+)"', listing)
    shelf = client.get(topic[1]).get_data(as_text=True) if topic else ""
    article = re.search(r'href="(/kb/[a-z0-9-]+)\?', shelf)
    if not topic or not article:
        raise SystemExit("The portal to measure shows no topic or no article.")
    mine = desk_at_work.furnish(app)
    return [
        Page("home", "/", 3.0, 1.5),
        Page("topics", "/kb/", 3.0, 1.5),
        Page("topic", topic[1], 3.0, 1.5),
        Page("article", article[1], 3.0, 1.5),
        Page("question", community_at_work.furnish(app), 3.0, 1.5),
        Page("questions", "/questions/", 3.0, 1.5),
        Page("results", "/search?q=laptop+screen+black+after+update", 5.0, 3.0),
        Page("ticket", mine, 3.0, 1.5),
        Page("my tickets", "/tickets/", 3.0, 1.5),
        Page("new ticket", "/tickets/new", 3.0, 1.5),
        Page("suggestions", "/search/suggest?q=laptop+scr", 3.0, 1.5),
        Page("editors' desk", editors_at_work.furnish(app), 3.0, 1.5, is_of_editors=True),
        Page("queue", "/queue?view=queues", 3.0, 1.5, is_of_desk=True),
        Page("desk ticket", f"/queue{mine}", 3.0, 1.5, is_of_desk=True),
    ]


def cpu_of(clients: dict[str, FlaskClient], rounds: int) -> dict[str, list[float]]:
    """Return CPU milliseconds of each request, the paths in turn, each asked for by its client, after a warm-up."""
    for path, client in list(clients.items()) * 5:
        if (status := client.get(path).status_code) != 200:
            raise SystemExit(f"{path} answered {status}")
    costs: dict[str, list[float]] = {path: [] for path in clients}
    for _ in range(rounds):
        for path, client in clients.items():
            start = time.process_time()
            client.get(path)
            costs[path].append((time.process_time() - start) * 1000)
    return costs


def cost_of(app: Flask, deed: Deed, *, rounds: int) -> dict[str, Any]:
    """Send one form again and again, by people in turn, each time after the reference page."""
    costs: dict[str, list[float]] = {deed.name: [], REFERENCE: []}
    people = colleagues(app, -(-rounds // (deed.per_hour - WARM_UP - 1)))
    was_asked, app.config["WTF_CSRF_ENABLED"] = app.config.get("WTF_CSRF_ENABLED", True), False
    try:
        for client in people * WARM_UP:
            deed.do(client)
        for _, client in zip(range(rounds), cycle(people), strict=False):
            for name, do in ((REFERENCE, lambda client: client.get(REFERENCE)), (deed.name, deed.do)):
                start = time.process_time()
                do(client)
                costs[name].append((time.process_time() - start) * 1000)
        n_queries, n_commits = counted(app, lambda: deed.do(people[0]))
    finally:
        app.config["WTF_CSRF_ENABLED"] = was_asked
    cpu = statistics.median(costs[deed.name])
    return {
        "deed": deed.name,
        "cpu_ms": round(cpu, 2),
        "ratio": round(cpu / statistics.median(costs[REFERENCE]), 2),
        "must": deed.must,
        "queries": n_queries,
        "commits": n_commits,
    }


def counted(app: Flask, ask: Callable[[], Any]) -> tuple[int, int]:
    """Return how many statements and commits a request makes."""
    statements: list[str] = []
    commits: list[int] = []

    def on_statement(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    def on_commit(connection: Any) -> None:
        commits.append(1)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", on_statement)
    event.listen(engine, "commit", on_commit)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", on_statement)
        event.remove(engine, "commit", on_commit)
    return len(statements), len(commits)


def measure(app: Flask, *, rounds: int, is_quick: bool) -> dict[str, Any]:
    """Measure every page; the result is what --json prints."""
    client = signed_in(app)
    wanted = pages(app, client)
    agent, editor = signed_in(app, desk_at_work.AGENT), signed_in(app, editors_at_work.EDITOR)
    clients = {REFERENCE: client}
    clients |= {page.path: agent if page.is_of_desk else editor if page.is_of_editors else client for page in wanted}
    costs = cpu_of(clients, rounds)
    reference = statistics.median(costs[REFERENCE])
    rows = []
    for page in wanted:
        asking = clients[page.path]
        n_queries, n_commits = counted(app, lambda page=page, asking=asking: asking.get(page.path))  # type: ignore[misc]
        cpu = statistics.median(costs[page.path])
        rows.append(
            {
                "page": page.name,
                "path": page.path,
                "cpu_ms": round(cpu, 2),
                "ratio": round(cpu / reference, 2),
                "must": page.must,
                "aim": page.aim,
                "queries": n_queries,
                "commits": n_commits,
                "html_bytes": len(asking.get(page.path).data),
            }
        )
    deeds = [cost_of(app, deed, rounds=rounds) for deed in DEEDS]
    found: dict[str, Any] = {"reference_cpu_ms": round(reference, 2), "pages": rows, "deeds": deeds}
    if not is_quick:
        token = token_for(app)
        wanted = [page for page in wanted if not (page.is_of_desk or page.is_of_editors)]
        found["latency"] = load.measure(app, token, wanted, reference_ms=reference)
        found["first_visit"] = first_visit.measure(app, token, {page.name: page.path for page in wanted})
        found["process"] = process.measure(app, token, [page.path for page in wanted])
    return found


def misses(found: dict[str, Any]) -> list[str]:
    """Return the bars that are missed, in words."""
    missed = []
    for row in found["pages"]:
        if row["ratio"] > row["must"]:
            missed.append(f"{row['page']}: {row['ratio']} x the reference's CPU, at most {row['must']}")
        if row["html_bytes"] > MAX_HTML:
            missed.append(f"{row['page']}: {row['html_bytes']} bytes of HTML, at most {MAX_HTML}")
        if row["commits"]:
            missed.append(f"{row['page']}: a GET committed {row['commits']} times")
    for row in found["deeds"]:
        if row["ratio"] > row["must"]:
            missed.append(f"{row['deed']}: {row['ratio']} x the reference's CPU, at most {row['must']}")
        if row["commits"] != 1:
            missed.append(f"{row['deed']}: {row['commits']} commits instead of one")
    for part in (load, first_visit, process):
        missed += part.misses(found)
    return missed


def table(found: dict[str, Any]) -> str:
    lines = [
        f"Reference page: {found['reference_cpu_ms']} ms of CPU",
        f"{'page':12} {'CPU ms':>8} {'ratio':>6} {'must':>5} {'aim':>5} {'queries':>8} {'HTML':>8}",
    ]
    lines += [
        f"{r['page']:12} {r['cpu_ms']:8.2f} {r['ratio']:6.2f} {r['must']:5.1f} {r['aim']:5.1f} "
        f"{r['queries']:8d} {r['html_bytes']:8d}"
        for r in found["pages"]
    ]
    lines += [
        f"{r['deed']:12} {r['cpu_ms']:8.2f} {r['ratio']:6.2f} {r['must']:5.1f} {'':5} {r['queries']:8d} "
        f"{r['commits']} commit"
        for r in found["deeds"]
    ]
    for part in (load, first_visit, process):
        lines += part.lines(found)
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What a page costs, against the bars.")
    parser.add_argument("--articles", type=int, default=100, help="how many generated articles")
    parser.add_argument("--demo", action="store_true", help="measure the demo organisation instead")
    parser.add_argument("--year", action="store_true", help="among what 20,000 colleagues leave behind in a year")
    parser.add_argument("--quick", action="store_true", help="CPU, queries and size only")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with installation(n_articles=given.articles, is_demo=given.demo) as app:
        if given.year:
            a_year_later.furnish(app, READER)
        found = measure(app, rounds=given.rounds, is_quick=given.quick)
    found["articles"] = "demo" if given.demo else given.articles
    found["missed"] = misses(found)
    print(json.dumps(found) if given.json else table(found))
    for line in found["missed"]:
        print(f"MISSED {line}", file=sys.stderr)
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
