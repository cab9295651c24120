"""A log is known by its first bytes: it grows, is renamed, packed and cut off, and nothing is read twice."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.weblog import lines
from analytics.weblog.following import Mark, Start, fingerprint, start

OLD = b"".join(b"line %05d of a log that goes on for some time\n" % n for n in range(100))


def begin(content: bytes, *known: Mark, is_whole: bool = False) -> Start | None:
    return start(io.BytesIO(content), known, is_whole=is_whole)


def read_to(content: bytes, offset: int) -> Mark:
    new = fingerprint(content[:1024])
    assert new is not None
    return Mark(new.fingerprint, new.length, offset)


def test_a_file_without_a_whole_line_waits() -> None:
    assert begin(b"10.0.0.1 - -") is None
    assert begin(b"") is None
    found = begin(b"10.0.0.1 - -", is_whole=True)
    assert found is not None
    assert not found.is_known


def test_a_young_file_that_grew_past_its_first_kilobyte_is_the_same() -> None:
    young = read_to(OLD[:200], 150)
    assert young.length == 200
    found = begin(OLD, young)
    assert found is not None
    assert (found.is_known, found.offset) == (True, 150)


def test_another_beginning_is_another_log() -> None:
    found = begin(b"new " + OLD, read_to(OLD, len(OLD)))
    assert found is not None
    assert (found.is_known, found.offset) == (False, 0)


def test_a_log_that_was_read_in_pieces_is_passed_over_when_it_comes_whole() -> None:
    cut = OLD.index(b"line 00040")
    pieces = [read_to(OLD[:cut], cut), read_to(OLD[cut:], len(OLD) - cut)]
    found = begin(OLD, *pieces)
    assert found is not None
    assert found.offset == len(OLD)


def test_a_packed_copy_goes_on_where_the_file_was_left(tmp_path: Path) -> None:
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(OLD))
    with lines.opened(packed) as file:
        found = start(file, [read_to(OLD, 480)])
        assert found is not None
        assert found.offset == 480
        left = b"".join(block.lines + b"\n" for block in lines.blocks(file, found.offset))
    assert left == OLD[480:]


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_blocks_are_whole_lines_however_they_are_read(size: int) -> None:
    whole = OLD + b"the last without its end"
    found = list(lines.blocks(io.BytesIO(whole), is_whole=True, size=size))
    assert b"\n".join(block.lines for block in found) == whole
    assert found[-1].until == len(whole)
    waiting = list(lines.blocks(io.BytesIO(whole), size=size))
    assert waiting[-1].until == len(OLD)
    assert sum(block.n for block in waiting) == 100


def test_a_line_without_end_is_kept_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 100)
    log = b"short\n" + b"x" * 1_000 + b"\nafter\n"
    found = [(block.lines, block.is_too_long, block.until) for block in lines.blocks(io.BytesIO(log), size=50)]
    assert found == [(b"short", False, 6), (b"", True, 1_007), (b"after", False, 1_013)]


def test_a_line_that_never_ends_is_not_read_to_the_end_of_the_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ENDLESS", 3 << 20)
    bomb = tmp_path / "access.log.gz"
    bomb.write_bytes(gzip.compress(OLD + b"\0" * (24 << 20)))
    seen: list[lines.Block] = []
    with lines.opened(bomb) as file:
        with pytest.raises(lines.Endless):
            list(_noted(lines.blocks(file, size=1 << 20), seen))
        assert file.tell() < 8 << 20
    assert [block.until for block in seen] == [len(OLD)]


def test_a_packed_file_that_breaks_off_says_so_after_what_it_held(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(OLD * 50, compresslevel=1)[:-30])
    seen: list[lines.Block] = []
    with lines.opened(broken) as file, pytest.raises(lines.Damaged):
        list(_noted(lines.blocks(file, size=1_000), seen))
    assert seen


def _noted(found: Iterator[lines.Block], seen: list[lines.Block]) -> Iterator[lines.Block]:
    for block in found:
        seen.append(block)
        yield from ()
