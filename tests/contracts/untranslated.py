"""Words of a page that no other language can replace: those outside of all brackets that carry no mark."""

from __future__ import annotations

import platform
import re
from collections import defaultdict
from html.parser import HTMLParser
from zoneinfo import available_timezones

from babel import Locale
from werkzeug.test import TestResponse

from portal.core.i18n import PSEUDO
from portal.kb.reading import families
from surveys import flaws, loading
from surveys.instrument import Instrument

MARK = "¤"
WORD = re.compile(r"\S*[^\W\d_]\S*")
READ_ALOUD = re.compile(r"title|placeholder|alt|label|aria-(label|roledescription|valuetext)")
"""Attributes that people read or hear."""
SHOWN_LATER = re.compile(r"data-(label|done|none|one|many|words|show|hide|copied)")
"""Attributes that style sheets and scripts show them."""
AS_THE_MACHINE_SAYS = frozenset({"code", "kbd", "pre", "script", "style", "template"})
"""Commands, keys, lines of the log: the same in every language."""
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
"""Tags without an end."""
AS_PEOPLE_WROTE = frozenset({"bdi", "del", "ins", "textarea"})
"""Tags and words of the search; what is compared or written on: Markdown with its own words, and words cut where
another text differs."""
NAMES = frozenset(
    {
        "dity",
        "DITY",
        "Windows",
        "macOS",
        "Linux",
        "Firefox",
        "Python",
        "SQLite",
        "sqlite",
        "PostgreSQL",
        "Flask",
        "SQLAlchemy",
        "Whoosh",
        "crawlerdetect",
    }
    | {"whoosh-reloaded", "wal", "UTC", "s", "Aa", "N", "S", "Re", "labels", "phones"}
    | {word for _code, name in families.languages() for word in name.split()}
    | {name for name in available_timezones() if "/" in name}
)
"""Of the product, of devices, browsers, libraries, of languages in themselves, of places in the time zone database;
the sign for seconds, letters that show a colour and that stand for an address, the sign of mail programs for an answer,
and tags, which take no mark."""
UNITS = frozenset({"bytes", "kB", "MB", "GB", "TB"})
ADDRESS = re.compile(
    r"\S+@(?:ostreyvale|carrier|elsewhere)\.example|https?://[^\s⟦]+|(?<![^\s⟧])/[^\s⟦]+|\{\w+\}|#[0-9a-f]{6}\b|(?<=\+⟧)[A-Z]\b"
)
"""Of mail, of pages, of files; the places in which a script fills something in; colours; a key after Ctrl."""
IN_FACTS = re.compile(
    r"Her script|Script of everybody|Their directory|Our lorry cannot find your gate|\bPress\b|Finance|Kitchen"
)
"""Labels of tokens, as the ledger keeps them, a mail as it came, and departments as they were when
a survey or an intervention was frozen: none of them
can be marked afterwards."""


def _asked(instrument: Instrument) -> set[str]:
    """Return the sentences of an instrument: each has its own translations, which are held complete elsewhere."""
    said = {instrument.title, *instrument.scale.labels, instrument.scale.not_applicable}
    said |= {text for item in instrument.items for text in (item.before, item.after)}
    said |= {text for each in instrument.dimensions for text in (each.name, each.meaning)}
    for stage in instrument.stages:
        said |= {stage.name, stage.question, *stage.why.values()}
        said |= {text.removeprefix("Core. ") for text in stage.why.values()}
    return said | set(instrument.open_question.values())


ASKED = sorted({text for name in loading.names() for text in _asked(loading.load(name))}, key=len, reverse=True)
ASKED += sorted({text for flaw in flaws.rules() for text in (flaw.name, *flaw.handles)}, key=len, reverse=True)
IN_INSTRUMENTS = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in ASKED))
"""What surveys ask and tell of, in the words of their own files."""


def untranslated(text: str) -> list[str]:
    """Return the words outside of all brackets that carry no mark and are nobody's name."""
    outside = re.sub("⟦[^⟧]*⟧", " ", ADDRESS.sub(" ", IN_FACTS.sub(" ", IN_INSTRUMENTS.sub(" ", text))))
    words = (word.strip(".,:;()·“”") for word in WORD.findall(outside))
    return [word for word in words if MARK not in word and word not in KNOWN]


def _from_the_locale() -> frozenset[str]:
    """Return the names of months and weekdays, which come with the language's own data."""
    locale = Locale.parse(PSEUDO)
    named = (locale.months["format"], locale.days["format"])
    return frozenset(name for names in named for width in ("abbreviated", "wide") for name in names[width].values())


KNOWN = NAMES | UNITS | _from_the_locale() | {platform.platform(terse=True)}


class _Texts(HTMLParser):
    """Collects what is read of a page. A tree would be three times as slow, and this sees some thousand pages."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self._unread = 0
        """How many open elements hide all that is in them."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_hiding = tag in AS_THE_MACHINE_SAYS or (tag == "select" and "timezone" in given.get("name", ""))
        if tag not in VOID:
            self._open.append(f"{tag} hidden" if is_hiding else tag)
            self._unread += is_hiding
        if not self._unread:
            is_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
            for name, value in given.items():
                if READ_ALOUD.fullmatch(name) or SHOWN_LATER.fullmatch(name) or (name == "value" and is_button):
                    self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        names = [one.split()[0] for one in self._open]
        if tag in names:
            while self._open:
                name, *hidden = self._open.pop().split()
                self._unread -= bool(hidden)
                if name == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self._unread and not (self._open and self._open[-1] in AS_PEOPLE_WROTE):
            self.found.append(data)


def texts(html: str) -> list[str]:
    """Return every text of a page that its reader sees or hears."""
    parser = _Texts()
    whole = re.sub("</?b>", "", html)  # a hit in bold cuts the word it is part of
    parser.feed(re.sub(f"{MARK}(</(?:del|ins)>)", rf"{MARK}\1{MARK}", whole))  # a comparison cuts a word off its mark
    parser.close()
    return parser.found


class Findings:
    """What was found untranslated, and where."""

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = defaultdict(set)
        self.n_pages = 0

    def look_at(self, response: TestResponse, where: str) -> None:
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            self.n_pages += 1
            self.read(response.text, f"{where} ({response.status_code})")
        response.close()

    def read(self, html: str, where: str) -> None:
        for text in texts(html):
            if found := untranslated(text):
                self.places[" ".join(found)].add(where)

    def __str__(self) -> str:
        return "\n".join(f"{words!r} on {sorted(where)[:3]}" for words, where in sorted(self.places.items()))
