"""Random tables of events and tickets, small and full of edges: pauses lie on the limits, names and words collide."""

from __future__ import annotations

import random
from typing import Any

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
PAUSES = (
    *(0, SECOND, 5 * SECOND, 6 * SECOND, 60 * SECOND, 61 * SECOND, 5 * MINUTE),
    *(30 * MINUTE, 30 * MINUTE + SECOND, 50 * MINUTE, 4 * HOUR, 4 * HOUR + SECOND, 24 * HOUR, 24 * HOUR + SECOND),
    60 * HOUR,
)
WEIGHTS = (4, 4, 4, 3, 4, 3, 8, 4, 4, 3, 2, 2, 1, 1, 1)
TOPICS = ("vpn", "vpn", "email", "printer", None)
QUERIES = ("v", "vp", "vpn", "vpn token", "Token, VPN", "printer jam", "jammed printer", "e-mail", "email", "", None)
OBJECTS = ("A1", "A2", "Q1", "Q2", None)
TYPES = {
    "search": 10,
    "result_click": 4,
    "view": 8,
    "dwell": 4,
    "helpful": 1,
    "solved": 5,
    "intent": 2,
    "suggest_shown": 1,
    "suggest_click": 2,
    "form_start": 3,
    "form_abandon": 2,
    "form_submit": 1,
    "ask": 2,
    "accept": 2,
    "share": 1,
}
NEEDS = ("N1", "N2")


def event_rows(dice: random.Random, *, n: int, actors: int = 3) -> list[dict[str, Any]]:
    """Make events of a few actors, each with their own clock, in no order."""
    rows: list[dict[str, Any]] = []
    names = [f"u{number}" for number in range(actors)]
    clocks = {name: dice.randrange(0, 48) * 30 * MINUTE for name in names}
    for number in range(n):
        actor = dice.choice(names)
        clocks[actor] += dice.choices(PAUSES, WEIGHTS)[0]
        rows.append(_event(dice, f"e{number:03}", actor, clocks[actor], rows))
    dice.shuffle(rows)
    return rows


def _event(dice: random.Random, name: str, actor: str, at: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    kind = dice.choices(("user", "anon", "editor", "bot"), (30, 3, 1, 1))[0]
    word = dice.choices(list(TYPES), list(TYPES.values()))[0]
    row: dict[str, Any] = {"id": name, "at": at, "actor": actor, "kind": kind, "type": word}
    row |= {"session": dice.choice(("s1", "s2", None)), "topic": dice.choice(TOPICS)}
    if dice.random() < 0.1:
        row["need"] = dice.choice(NEEDS)
    if word == "search":
        row |= {"query": dice.choice(QUERIES), "n_results": dice.choice((0, 0, 1, 5)), "surface": "search"}
        if row["n_results"] == 0 and dice.random() < 0.2:
            row["value"] = "trimmed"
        if dice.random() < 0.1:
            row["source"] = _source(dice, before)
    else:
        row |= _about(dice, word, before)
    return row


def _about(dice: random.Random, word: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {"surface": dice.choice(("search", "home", "form"))}
    if word in ("form_start", "form_abandon"):
        return row
    if word == "form_submit":
        return row | {"object": dice.choice(("T1", "T2", None)), "object_type": "ticket"}
    thing = dice.choice(OBJECTS)
    kind = "question" if thing in ("Q1", "Q2") else dice.choice(("article", None))
    row |= {"object": thing, "object_type": kind}
    if word == "ask":
        row |= {"object": dice.choice(("Q1", "Q2")), "object_type": dice.choice(("question", None))}
    if word == "accept":
        row |= {"object": dice.choice(("Q1", "Q2")), "object_type": dice.choice(("question", None))}
    if word in ("view", "result_click", "suggest_click"):
        row |= {"n_results": dice.choice((0, 1, None)), "rank": dice.choice((1, 2, 5, None))}
        row["title"] = dice.choice(("Printer jammed", "Reset a VPN token", None, None))
        if dice.random() < 0.1:
            row["object_type"] = dice.choice(("ticket", "form"))
        if dice.random() < 0.4:
            row["source"] = _source(dice, before)
    if word in ("solved", "helpful", "intent"):
        row["value"] = dice.choice(("yes", "no"))
    if word == "dwell":
        row["seconds"] = dice.choice((4.0, 10.0, 30.0, None))
        if dice.random() < 0.4:
            row |= {"object_type": "snippet", "object": None, "source": _source(dice, before)}
    return row


def _source(dice: random.Random, before: list[dict[str, Any]]) -> str | None:
    near = [row["id"] for row in before[-12:]]
    return dice.choice([*near, "unknown", None])


def ticket_rows(dice: random.Random, events: list[dict[str, Any]], *, n: int) -> list[dict[str, Any]]:
    """Make tickets near the events of those who wrote them."""
    rows = []
    for number in range(n):
        near = dice.choice(events)
        pause = dice.choice(PAUSES) * dice.choice((1, 1, -1))
        row = {"id": f"T{number}", "at": near["at"] + pause, "requester": near["actor"], "topic": dice.choice(TOPICS)}
        row["subject"] = dice.choice(("Printer jam", "VPN", "my token", "something", None))
        if dice.random() < 0.2:
            row["related"] = dice.choice(NEEDS)
        rows.append(row)
    dice.shuffle(rows)
    return rows
