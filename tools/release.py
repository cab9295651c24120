"""`make release`: pack what git holds, with a list of what it stands on.

Refuses a working tree with changes, and a version that the changelog does not tell of. The same commit gives the same
bytes, so anybody can check an archive by packing it again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from portal.core.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"


class NotReady(Exception):
    """This commit cannot be released; the message says what is missing."""


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def refuse_unready() -> None:
    if changed := git("status", "--porcelain").decode():
        raise NotReady(f"The working tree has changes:\n{changed}")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## {re.escape(VERSION)} \(\d{{4}}-\d\d-\d\d\)$", changelog, re.MULTILINE):
        raise NotReady(f"CHANGELOG.md has no heading `## {VERSION} (year-month-day)`.")


def locked() -> dict[str, str]:
    """Return name → version of what runs beside us, as the lock has it for this Python."""
    text = (ROOT / "requirements.txt").read_text()
    names = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {name: _installed(name, version) for name, version in names}


def _installed(name: str, version: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # for another platform
        return version


def bill_of_materials() -> dict[str, Any]:
    """Return what we stand on in CycloneDX's form, with the licence each package states."""
    components = []
    for name, version in sorted(locked().items()):
        components.append(
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                "licenses": [{"license": {"name": licence(name)}}],
            }
        )
    for entry in json.loads((ROOT / "portal" / "static" / "vendor" / "vendor.json").read_text()):
        components.append(
            {
                "type": "library",
                "name": entry["name"],
                "version": entry["version"],
                "purl": f"pkg:npm/{entry['name']}@{entry['version']}",
                "licenses": [{"license": {"name": entry["licence"]}}],
            }
        )
    application = {"type": "application", "name": "dity", "version": VERSION, "licenses": [{"license": {"id": "MIT"}}]}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "metadata": {"component": application},
        "components": components,
    }


def licence(name: str) -> str:
    """Return the licence a package states, in whichever of the usual places it does."""
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    classifiers = [c.rsplit(" :: ", 1)[1] for c in stated.get_all("Classifier") or [] if c.startswith("License ::")]
    texts = [*(stated.get_all("License-Expression") or []), ", ".join(classifiers), *(stated.get_all("License") or [])]
    return next((text.splitlines()[0][:80] for text in texts if text.strip()), "not stated")


def pack() -> Path:
    """Write the archive of this commit; twice the same bytes."""
    DIST.mkdir(exist_ok=True)
    archive = DIST / f"dity-{VERSION}.tar.gz"
    content = git("archive", "--format=tar", f"--prefix=dity-{VERSION}/", "HEAD")
    archive.write_bytes(gzip.compress(content, mtime=0))
    return archive


def main() -> int:
    try:
        refuse_unready()
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return 1
    archive = pack()
    bill = DIST / f"dity-{VERSION}.cdx.json"
    bill.write_text(json.dumps(bill_of_materials(), indent=1) + "\n")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (archive, bill)]
    (DIST / f"dity-{VERSION}.sha256").write_text("".join(sums))
    print(f"{archive.relative_to(ROOT)} and the list of what is inside. Next: git tag v{VERSION}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
