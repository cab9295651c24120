"""Every hostile archive is refused at once, in little room, and leaves nothing behind (QUALITY S14)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from flask import Flask

from portal.core.importing import Given, Unusable
from portal.imports import services
from portal.kb.importing import pages
from tests.hostile.archives import HOSTILE, PAGE, named, tar_named

SECONDS = 2.0
ROOM = 64 << 20


def left_behind() -> list[Path]:
    return list(services.folder().rglob("*")) if services.folder().exists() else []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_at_once_and_leaves_nothing(app: Flask, tmp_path: Path, name: str) -> None:
    HOSTILE[name](path := tmp_path / name)
    before, began = set(tmp_path.iterdir()), time.process_time()
    with pytest.raises(Unusable), pages.read(path, Given(name=name)):
        pass
    assert time.process_time() - began < SECONDS
    assert left_behind() == []
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["fine.zip", "fine.tar.gz"])
def test_an_honest_archive_is_read_and_gone_from_the_disk_afterwards(app: Flask, tmp_path: Path, name: str) -> None:
    make = named("topic/b.md") if name.endswith("zip") else tar_named("topic/" + "b" * 150 + ".md")
    make(tmp_path / name)
    with pages.read(tmp_path / name, Given(name=name)) as folder:
        assert {page.file.read_bytes() for page in folder.pages} == {PAGE}
        assert left_behind()
    assert left_behind() == []


@pytest.mark.slow
def test_refusing_takes_little_room(tmp_path: Path) -> None:
    """Measured in a process of its own, whose highest mark counts."""
    for name in ("zeros.zip", "lying.zip", "a million.zip", "a crowd.tar.gz", "squeezed.tar.gz", "endless name.tar.gz"):
        HOSTILE[name](tmp_path / name)
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from portal.core.importing import Given, Unusable
        from portal.imports import archives, tars, zips
        # Not ru_maxrss: a new process inherits that from whoever started it.
        def mark(): return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
        from flask import Flask
        from flask_babel import Babel
        app = Flask("x"); Babel(app)
        with app.app_context():
            before = mark()
            for path in sorted(Path(sys.argv[1]).iterdir()):
                try:
                    with archives.opened(path, wanted=lambda name: True):
                        sys.exit(path.name)
                except Unusable:
                    pass
            print(mark() - before)
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < ROOM
