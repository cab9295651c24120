"""`make check`: style, types, imports, templates, spelling, articles, generated references. No tests.

Every check runs even when one fails; what failed is shown in full, what held is one line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ("portal", "analytics", "surveys", "tests", "tools", "benchmarks", "config.py")

SPELT = (
    "portal",
    "analytics",
    "surveys",
    "tools",
    "config.py",
    "docs",
    "kb_articles",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
)

CHECKS: dict[str, Sequence[str]] = {
    "types": (sys.executable, "-m", "mypy"),
    "style": (str(BIN / "ruff"), "check", "--quiet", *CODE),
    "form": (str(BIN / "ruff"), "format", "--quiet", "--check", "--diff", *CODE),
    "imports": (str(BIN / "lint-imports"), "--no-cache"),
    "templates": (str(BIN / "djlint"), "portal", "--lint", "--quiet"),
    "spelling": (str(BIN / "codespell"), *SPELT),
    "articles": (sys.executable, "-m", "portal.cli", "kb", "check"),
    "references": (sys.executable, "-m", "tools.docs", "--check"),
    "languages": (sys.executable, "-m", "tools.translations", "--check"),
}


def run(name: str, command: Sequence[str]) -> tuple[str, float, int, str]:
    started = time.monotonic()
    # An empty home: no check may depend on what somebody keeps in theirs.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DITY_HOME": str(ROOT / "build" / "check-home")}
    present = [part for part in command if part not in CODE or (ROOT / part).exists()]
    done = subprocess.run(present, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return name, time.monotonic() - started, done.returncode, done.stdout + done.stderr


def main(only: Sequence[str]) -> int:
    if unknown := set(only) - set(CHECKS):
        print(f"No such check: {', '.join(sorted(unknown))}. There are {', '.join(CHECKS)}.")
        return 2
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        chosen = {name: command for name, command in CHECKS.items() if not only or name in only}
        for name, seconds, code, said in pool.map(lambda item: run(*item), chosen.items()):
            print(f"{'ok  ' if code == 0 else 'FAIL'}  {name:11} {seconds:5.1f} s", flush=True)
            if code:
                failed.append(name)
                print(said.rstrip(), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
