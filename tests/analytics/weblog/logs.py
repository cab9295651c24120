"""Small logs to read, and the slow way to count visits that the fast one is held against."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random

from analytics.weblog import moments
from analytics.weblog.days import Days, Memory
from analytics.weblog.reading import Batch, Reader

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
NOON = 1_772_452_800
MIDNIGHT = 1_772_496_000


def line(
    at: int,
    address: str = "10.0.0.1",
    path: str = "/kb/vpn",
    *,
    status: int = 200,
    method: str = "GET",
    agent: str = AGENT,
    came_from: str = "-",
    account: str = "-",
    request: str | None = None,
) -> str:
    asked = f"{method} {path} HTTP/1.1" if request is None else request
    return f'{address} - {account} [{moments.written(at)}] "{asked}" {status} 100 "{came_from}" "{agent}"'


def text(lines: Iterable[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def read(*batches: Sequence[str], reader: Reader | None = None) -> Batch:
    """Read batches one after the other into one, the days laid on the shelf in between."""
    reader, found = reader or Reader(Days(Memory(), most=0)), Batch()
    for lines in batches:
        reader.read(text(lines), found)
        reader.days.put_back()
    return found


def total(found: Batch, name: str) -> int:
    return sum(getattr(counts, name) for counts in found.days.values())


def visits_slowly(hits: Iterable[tuple[str, int]]) -> int:
    """Count visits by sorting each visitor's hits."""
    by_visitor: dict[str, list[int]] = {}
    for who, at in hits:
        by_visitor.setdefault(who, []).append(at)
    return sum(
        1 + sum(later - earlier > 1_800 for earlier, later in pairwise(sorted(each))) for each in by_visitor.values()
    )


def random_hits(seed: int, n: int, days: int = 3, visitors: int = 6) -> list[tuple[str, int]]:
    chance = Random(seed)
    return [
        (f"10.0.0.{chance.randrange(visitors)}", MIDNIGHT - 43_200 + chance.randrange(days * 86_400) // 60 * 60)
        for _ in range(n)
    ]
