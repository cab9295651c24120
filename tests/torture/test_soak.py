"""Memory, files and waiting times over a long time, and beside a noisy neighbour (QUALITY R17, R20).

Here for seconds, which shows that nobody fails and nothing runs away; by `make torture` for half an hour. The two hours
of the plan: `python -m benchmarks.soak --minutes 120`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import neighbour, soak
from benchmarks.measuring.portal_at_work import installation
from tests.torture.stage import IS_LONG, rounds

pytestmark = [pytest.mark.torture, pytest.mark.slow]


def test_hours_of_work_leave_the_portal_as_it_was() -> None:
    with installation(n_articles=60) as app:
        found, windows = soak.soak(app, seconds=rounds(6, 1800), n_people=rounds(40, 600), windows=rounds(4, 40))
    print(found)
    assert found.n_failed == 0
    assert found.n_done > 10
    assert found.files_more <= soak.MOST_FILES_MORE
    assert found.most_log_mb <= soak.MOST_LOG_MB
    if IS_LONG:
        assert found.complaints() == []
    else:  # in seconds memory has not settled yet, and times are those of this machine
        assert found.growth < 0.15, windows


@pytest.mark.skipif(not neighbour.can_be_slowed(), reason="needs Linux and a C compiler")
def test_beside_a_noisy_neighbour_nobody_is_sent_away(tmp_path: Path) -> None:
    cores = os.sched_getaffinity(0)
    with installation(n_articles=60) as app:
        found = neighbour.written(app, seconds=rounds(3, 60), n_people=rounds(60, 900), folder=tmp_path, is_beside=True)
    print(found)
    assert found.disk_ms >= neighbour.EXTRA_MS, "the neighbour did not do its part"
    assert found.n_failed == 0
    assert found.slowest_s < neighbour.MOST_SECONDS
    if IS_LONG:
        assert neighbour.complaints(found, neighbour.pages(tmp_path)) == []
    else:
        assert found.writes_a_second > 5
    assert os.sched_getaffinity(0) == cores
    assert "LD_PRELOAD" not in os.environ
