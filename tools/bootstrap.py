"""Bring what the portal needs onto this machine: a virtual environment, locked packages, a browser for tests.

    python3 tools/bootstrap.py run        what `make demo` and `make run` need
    python3 tools/bootstrap.py dev        that, and what `make check` and `make test` need
    python3 tools/bootstrap.py browser    a Chromium for the browser tests, unless one is here

Only the standard library, since it runs before anything is installed, and syntax that an old Python can read,
so that it can say "too old" instead of showing a syntax error.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
IS_WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if IS_WINDOWS else "bin/python")
OLDEST = (3, 11)
SETS = {"run": ["requirements.txt"], "dev": ["requirements-dev.txt", "requirements.txt"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome.exe")
BROWSER_FOLDERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)


class CannotPrepare(Exception):
    """Something is missing that we cannot bring; the message says what and how to get it."""


def say(text: str) -> None:
    print(text, flush=True)


def right_python() -> str:
    """Return an interpreter that is new enough: this one, or a newer one on the path."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise CannotPrepare(
        "This is Python {}.{}; the portal needs Python {}.{} or newer. Install one and run make again, "
        "or name it: make PYTHON=/path/to/python3.".format(*sys.version_info[:2], *OLDEST)
    )


def uv() -> str:
    """Return a `uv` that works, or an empty string: it is faster than pip, and never needed."""
    found = shutil.which("uv")
    if not found or os.environ.get("WITHOUT_UV"):
        return ""
    tried = subprocess.run([found, "--version"], capture_output=True, check=False)
    return found if tried.returncode == 0 else ""


def fingerprint(file: Path) -> str:
    """Name the contents of a lock file together with the Python it was installed for."""
    return hashlib.sha256(file.read_bytes() + sys.version.encode()).hexdigest()


def is_installed(names: "list[str]") -> bool:
    """True when exactly these lock files were installed into the environment that is there."""
    if not PYTHON.exists():
        return False
    try:
        stamps = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    return all(stamps.get(name) == fingerprint(ROOT / name) for name in names[:1])


def install(which: str) -> None:
    """Make the virtual environment if there is none and install one locked set; nothing if it is there."""
    names = SETS[which]
    if is_installed(names):
        return
    started = time.monotonic()
    python, tool = right_python(), uv()
    if not PYTHON.exists():
        say("Making a virtual environment in .venv")
        make_environment(python, tool)
    lock = ROOT / names[0]
    number = len(re.findall(r"^[a-zA-Z0-9._-]+==", lock.read_text(), re.MULTILINE))
    say(f"Installing {number} packages from {names[0]}, each checked against its hash")
    if tool:
        run([tool, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)])
    else:
        with_pip(lock, number)
    stamps = {name: fingerprint(ROOT / name) for name in names}
    STAMP.write_text(json.dumps(stamps, indent=1) + "\n")
    say(f"Installed in {time.monotonic() - started:.0f} s")


def make_environment(python: str, tool: str) -> None:
    """Create `.venv`; a half-made one is removed, so that the next try starts clean."""
    if tool:
        run([tool, "venv", "--quiet", "--python", python, str(VENV)])
        return
    made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotPrepare(
            "Python could not make a virtual environment. On Debian and Ubuntu the package python3-venv "
            "is missing: apt install python3-venv. It said: " + " ".join((made.stderr or made.stdout).split())[-300:]
        )


def with_pip(lock: Path, number: int) -> None:
    """Install by the environment's own pip and count along: this is the long minute of a first start."""
    if subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run([str(PYTHON), "-m", "ensurepip", "--upgrade"])
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--no-input"]
    command += ["--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    seen = 0
    tail: "list[str]" = []
    is_terminal = sys.stdout.isatty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            tail = [*tail[-30:], line]
            if not line.startswith("Collecting "):
                continue
            seen += 1
            name = line.split()[1].split("==")[0]
            if is_terminal:
                print(f"\r  {seen} of {number}: {name:<40}", end="", flush=True)
            elif seen % 10 == 0:
                say(f"  {seen} of {number}")
    if is_terminal:
        print("\r" + " " * 60 + "\r", end="")
    if pip.returncode:
        raise CannotPrepare("The packages could not be installed. pip said:\n" + "".join(tail))


def run(command: "list[str]") -> None:
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise CannotPrepare(f"{Path(command[0]).name} failed (exit {done.returncode}): {' '.join(command)}")


def find_browser() -> str:
    """Return the path of a Chromium or Chrome: of TEST_BROWSER, an installed one, Playwright's; or nothing."""
    named = os.environ.get("TEST_BROWSER")
    candidates = [named] if named else [shutil.which(name) for name in BROWSERS] + list(BROWSER_FOLDERS)
    for path in candidates:
        if path and Path(path).exists():
            return path
    return playwright_browser()


def playwright_browser() -> str:
    """Return where Playwright keeps the Chromium it fetched, or nothing when it fetched none."""
    if not PYTHON.exists():
        return ""
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    asked = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else ""


def bring_browser() -> None:
    """Find a browser, or fetch one: Debian's package as root, elsewhere Playwright's own."""
    found = find_browser()
    if found:
        say(f"Browser for the tests: {found}")
        return
    if shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        say("Installing Chromium by apt-get for the browser tests")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)
    else:
        say("Fetching Playwright's Chromium for the browser tests")
        subprocess.run([str(PYTHON), "-m", "playwright", "install", "chromium"], check=False)
    found = find_browser()
    if not found:
        raise CannotPrepare(
            "No Chromium or Chrome was found, and none could be fetched: install one, or name it in TEST_BROWSER."
        )
    say(f"Browser for the tests: {found}")


def main(arguments: "list[str]") -> int:
    steps = {"run": lambda: install("run"), "dev": lambda: install("dev"), "browser": bring_browser}
    if not arguments or any(name not in steps for name in arguments):
        say(f"usage: {sys.argv[0]} {' | '.join(steps)}")
        return 2
    try:
        if sys.version_info < OLDEST:  # so that the stamp names the Python that is in the environment
            return subprocess.run([right_python(), __file__, *arguments], check=False).returncode
        for name in arguments:
            steps[name]()
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
