"""Rendering in processes of their own: the same result, and no text holds anybody."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core import markup
from portal.core.errors import Invalid, Unavailable
from portal.core.markup.pool import Pool

HEAVY = "1. a\n" * 3_000


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(n=1)
    yield made
    made.end()


def parse(pool: Pool, text: str, timeout: float = 20.0) -> markup.Rendered:
    return pool.parse(text, is_comment=False, scope="", timeout=timeout)


def test_the_result_is_that_of_rendering_here() -> None:
    text = "## a\n1. b\n   → c [d](kb:e) ![f](file:1)\n\n# top"
    known = {"e": "/kb/e", "file:1": "/files/1/x"}
    assert markup.render_safely(text, links=known.get, files=known.get) == markup.render(
        text, links=known.get, files=known.get
    )
    assert markup.render_comment_safely("a\nb *c*") == markup.render_comment("a\nb *c*")


def test_a_process_is_kept_for_the_next_text(pool: Pool) -> None:
    parse(pool, "a")
    (first,) = pool.pids()
    parse(pool, "b")
    assert pool.pids() == [first]
    assert first != os.getpid()


def test_a_text_that_takes_too_long_is_refused_and_its_process_killed(pool: Pool) -> None:
    parse(pool, "warm")
    (first,) = pool.pids()
    with pytest.raises(Invalid, match="too long to make ready") as refused:
        parse(pool, HEAVY, timeout=0.01)
    assert refused.value.field == "body"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert parse(pool, "*b*").html == "<p><em>b</em></p>\n"


def test_a_process_that_died_is_replaced_after_one_refusal(pool: Pool) -> None:
    import signal

    parse(pool, "warm")
    os.kill(pool.pids()[0], signal.SIGKILL)
    with pytest.raises(Invalid):
        parse(pool, "a")
    assert parse(pool, "b").html == "<p>b</p>\n"


def test_when_all_are_busy_the_next_one_is_asked_to_come_back(pool: Pool) -> None:
    parse(pool, "warm")
    is_started = threading.Event()
    taken = pool._take()

    def hold() -> None:
        with pool._free:
            is_started.set()
            released.wait(10)

    released = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    is_started.wait(10)
    with pytest.raises(Unavailable):
        parse(pool, "a", timeout=0.01)
    released.set()
    holder.join()
    taken.end()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_rendering_process_knows_no_secret(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITY_SECRET_KEY", "very-secret")
    parse(pool, "a")
    environment = Path(f"/proc/{pool.pids()[0]}/environ").read_bytes()
    assert b"PYTHONPATH" in environment
    assert b"very-secret" not in environment
