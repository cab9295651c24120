"""`python -m tools.docs` writes the generated references; with `--check` it only says which are stale."""

from __future__ import annotations

import sys

from tools.docs import api, commands, events, measures, permissions, routes, settings

PAGES = (api, commands, events, measures, permissions, routes, settings)


def main(arguments: list[str]) -> int:
    stale = []
    for source in PAGES:
        text = source.page()
        if not source.PATH.exists() or source.PATH.read_text(encoding="utf-8") != text:
            stale.append(source.PATH.name)
            if "--check" not in arguments:
                source.PATH.write_text(text, encoding="utf-8")
    if stale:
        print(f"{'Stale' if '--check' in arguments else 'Written'}: {', '.join(stale)}.")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
