"""`make faults`: plant each known fault once and see a test catch it.

A fault is a patch `tests/faults/<id>.patch` whose text before the first `diff` or `---` line says what it breaks and
names the tests that must fail:

    R1: the index is committed outside the transaction.
    caught-by: tests/portal/search/test_jobs.py

Each is applied to a copy of the working tree, the named tests run there, and they have to fail. A patch that no longer
applies is a failure too: the fault moved, so its patch has to.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "faults"
LONGEST = 300
"""Seconds that the tests of one fault may take."""


@dataclass(frozen=True)
class Fault:
    """One patch with what it says of itself."""

    path: Path
    story: str
    caught_by: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Fault:
        """Read the patch's opening; refuse one that names no test (ValueError)."""
        opening = path.read_text().split("\ndiff ", 1)[0].split("\n--- ", 1)[0].splitlines()
        named = [line.removeprefix("caught-by:").split() for line in opening if line.startswith("caught-by:")]
        if not named:
            raise ValueError(f"{path.name} does not say `caught-by:`")
        story = " ".join(line for line in opening if not line.startswith("caught-by:")).strip()
        return cls(path, story, tuple(test for tests in named for test in tests))


def copy_of_the_tree(target: Path) -> None:
    """Copy what git knows or would add, as it is in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = ROOT / name
        if source.is_file():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)


def plant(fault: Fault, tree: Path) -> str:
    """Apply the patch, run its tests, take it back; returns what is wrong, or nothing when it was caught."""
    tried = subprocess.run(["git", "apply", str(fault.path)], cwd=tree, capture_output=True, text=True, check=False)
    if tried.returncode:
        return f"does not apply: {tried.stderr.strip().splitlines()[0] if tried.stderr else ''}"
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *fault.caught_by]
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"its tests hung for {LONGEST} s: a test should fail, not wait"
    finally:
        subprocess.run(["git", "apply", "--reverse", str(fault.path)], cwd=tree, check=True)
    if done.returncode == 0:
        return "was NOT caught: its tests passed"
    if done.returncode != 1:
        return f"its tests could not run (exit {done.returncode}):\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Plant each known fault once and see a test catch it.")
    parser.add_argument("ids", nargs="*", help="only these, for example R1 S3")
    chosen = parser.parse_args().ids
    paths = sorted(path for path in FOLDER.glob("*.patch") if not chosen or path.stem in chosen)
    escaped = 0
    with tempfile.TemporaryDirectory(prefix="dity-faults-") as folder:
        tree = Path(folder)
        copy_of_the_tree(tree)
        for path in paths:
            started = time.monotonic()
            fault = Fault.read(path)
            wrong = plant(fault, tree)
            escaped += bool(wrong)
            seconds = time.monotonic() - started
            print(
                f"{'MISSED' if wrong else 'caught'}  {path.stem:12} {seconds:5.1f} s  {wrong or fault.story}",
                flush=True,
            )
    print(f"{len(paths) - escaped} of {len(paths)} planted faults were caught.")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
