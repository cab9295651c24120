"""`make translations`: keep portal/translations/*.po in step with the sentences in the code.

python -m tools.translations            every language's file: new sentences added, gone ones dropped
python -m tools.translations add fr     begin a language
python -m tools.translations --check    say what is missing or stale, write nothing
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "portal" / "translations"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
LEFT_OUT = ("templates/styleguide",)
"""What only those who build the portal see."""
SPEAKING = ("portal", "analytics", "surveys")
"""Where sentences stand: results say in the core what they found, in the language that is lent to them."""
WIDTH = 116


def sentences() -> Catalog:
    """Return every sentence the portal can say, with where."""
    found = Catalog(project="DITY", fuzzy=False)
    for name, message in _extracted():
        found.add(message, locations=[(name, 0)])
    return found


@cache
def _extracted() -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    """Read the code once a process: it takes seconds, and nobody changes it meanwhile."""
    options = {"**/templates/**.html": {"silent": "false"}, "**/templates/**.txt": {"silent": "false"}}
    found: list[tuple[str, str | tuple[str, ...]]] = []
    for folder in SPEAKING:
        walked = extract_from_dir(ROOT / folder, METHODS, options_map=options, keywords=KEYWORDS)
        ordered = sorted(walked, key=lambda one: (one[0], one[1]))
        kept = ((name, message) for name, _line, message, *_ in ordered if not name.startswith(LEFT_OUT))
        found += [(f"{folder}/{Path(name).as_posix()}", message) for name, message in kept]
    return tuple(found)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def updated(path: Path, now: Catalog) -> str:
    """Return what the file should hold: today's sentences, with the translations it has."""
    catalog = read(path)
    catalog.update(now, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return text_of(catalog)


def text_of(catalog: Catalog) -> str:
    """Write a catalogue without dates and line numbers, so that its history shows sentences and nothing else."""
    for message in catalog:
        message.locations = [(name, 0) for name in sorted({name for name, _line in message.locations})]
    written = io.BytesIO()
    write_po(written, catalog, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    head = [
        f'"Language: {catalog.locale}\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        f'"Plural-Forms: {catalog.plural_forms}\\n"',
    ]
    return "\n".join(['msgid ""', 'msgstr ""', *head, "", written.getvalue().decode().strip(), ""])


def missing(path: Path, now: Catalog) -> Iterator[str]:
    """Say each sentence that this language cannot say yet."""
    catalog = read(path)
    for message in now:
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        said = known.string if known is not None else ""
        if not said or (isinstance(said, tuple) and not all(said)) or (known is not None and known.fuzzy):
            yield str(message.id)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Keep the languages in step with the code.")
    parser.add_argument("--check", action="store_true", help="say what is missing or stale, write nothing")
    parser.add_argument("words", nargs="*", metavar="add CODE", help="begin a language")
    given = parser.parse_args(arguments)
    now = sentences()
    if given.words[:1] == ["add"]:
        code = str(Locale.parse(given.words[1]))
        begun = Catalog(locale=code, fuzzy=False)
        begun.update(now, no_fuzzy_matching=True)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{code}.po").write_text(text_of(begun))
        print(f"portal/translations/{code}.po has {len(now)} sentences to translate.")
        return 0
    n_wrong = 0
    for path in sorted(FOLDER.glob("*.po")):
        text, gaps = updated(path, now), list(missing(path, now))
        if given.check and text != path.read_text():
            n_wrong += 1
            print(f"{path.name} is out of step: make translations")
        if not given.check:
            path.write_text(text)
        for gap in gaps[:20] if given.check else []:
            print(f"{path.name}: not translated: {gap}")
        print(f"{path.name}: {len(now) - len(gaps)} of {len(now)} sentences.")
        n_wrong += bool(given.check and gaps)
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
