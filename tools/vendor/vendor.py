"""Copy the front-end files we ship from node_modules into portal/static/vendor.

The copies are committed, so running the portal needs neither npm nor a network. Run it after changing a
version: `cd tools/vendor && npm ci --ignore-scripts && python vendor.py`. The script refuses when the
installed version is not the locked one, so the copies always match the lock.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "portal" / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package and the few of its files we ship."""

    name: str
    licence: str
    files: tuple[str, ...]
    licence_file: str = "LICENSE"


PACKAGES = (
    Package("bootstrap", "MIT", ("dist/css/bootstrap.min.css", "dist/css/bootstrap.rtl.min.css")),
    # The module build, because it is loaded with import() only on pages that need it.
    Package("htmx.org", "0BSD", ("dist/htmx.esm.min.js",)),
)


def sha512(path: Path) -> str:
    """Return the digest in the form browsers and npm use, so that it can be compared with either."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def copy(package: Package, locked: dict[str, str]) -> dict[str, object]:
    """Copy one package's files and return its line of vendor.json."""
    source = HERE / "node_modules" / package.name
    installed = json.loads((source / "package.json").read_text(encoding="utf-8"))["version"]
    if installed != locked["version"]:
        sys.exit(f"{package.name}: {installed} is installed but {locked['version']} is locked; run npm ci.")
    folder = TARGET / f"{package.name}@{installed}"
    folder.mkdir(parents=True)
    digests = {}
    for name in (*package.files, package.licence_file):
        copied = folder / Path(name).name
        shutil.copyfile(source / name, copied)
        digests[copied.name] = sha512(copied)
    return {
        "name": package.name,
        "version": installed,
        "licence": package.licence,
        "sha512": locked["integrity"],
        "files": digests,
    }


def main() -> None:
    """Replace the whole vendor folder, so that nothing of an older version stays behind."""
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    lines = [copy(package, lock[f"node_modules/{package.name}"]) for package in PACKAGES]
    (TARGET / "vendor.json").write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")
    for line in lines:
        print(f"{line['name']} {line['version']} ({line['licence']})")


if __name__ == "__main__":
    main()
