"""Names taken out of comments before anybody reads them.

Known people are found by any part of their name, in any spelling of accents and cases; addresses, numbers to call,
ticket numbers and account names by their look. Too much is taken out rather than too little: a name that is also a
word ("Will", "Mark") goes wherever it is written with a capital. What cannot be found is a nickname, a misspelling, or
who is described without a name; the page says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
    april august bank bay bell best bill black blue bond bright brook brown bush carol chance christian church clay cook
    cross daily dale dawn day dean drew earnest faith fern field fields fish flora forest fox frank frost gene gold good
    grace grant gray green grey guy hall hand hart heather hill holly hope hunter iris ivory ivy jack jade jewel joy
    june king knight lake lance lane lee lily link little long lord love low major mark marsh mason may melody mercy
    miles mill miller moon moore new noble norm north olive page park parker patience pearl penny pool poppy power price
    ray read rice rich rob robin rocky rose ruby rusty sage sandy sharp short sky small smart smith snow stone story
    strong summer sunny swan swift victor violet wade wall ward waters weaver wells west white wild will winter wise
    wood woods young
    """,
    )
)
"""Names that are words too: taken out only with a capital."""
PARTICLES = frozenset(
    re.findall(r"\w+", "al bin da de del della den der di dos du el la las le los ten ter van vom von zu zum")
)
"""Parts of names that name nobody by themselves."""

# Every repetition is bounded or cannot be entered twice: a comment is typed by anybody.
LOOKS = re.compile(
    r"(?P<address>[^\s@<>()\[\],;:]{1,64}(?:@|\s?[\[(]\s?at\s?[\])]\s?)"
    r"[\w-]{1,63}(?:(?:\.|\s?[\[(]\s?dot\s?[\])]\s?)[\w-]{1,63}){1,8})"
    r"|(?P<handle>(?<![\w/])@\w[\w-]{0,63})"
    r"|(?P<ticket>(?<!\w)#\d+|\b(?:ticket|incident|request|case|inc|req)\s?(?:no\.?|nr\.?|number)?\s?[:#]?\s?\d+)"
    r"|(?P<number>(?<![\w.])\+?\(?\d(?:[\s()./-]{0,2}\d){5,}(?!\w))",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\w+(?:['’‘`-]\w+)*")
APART = re.compile(r"['’‘`-]")
POSSESSIVE = re.compile(r"['’‘`]s?$", re.IGNORECASE)
BETWEEN = re.compile(
    rf"(?:\s{{1,3}}|\s?[,-]\s?)(?:(?:[^\W\d_]\.?|{'|'.join(sorted(PARTICLES))})\s{{1,3}}){{0,3}}", re.IGNORECASE
)
"""What may stand between two parts of one name: a space, a comma, an initial, particles."""
INITIALS_BEFORE = re.compile(r"(?:\b[^\W\d_]\.\s?){1,3}$")
INITIAL_AFTER = re.compile(r"\s[^\W\d_]\.(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands in place of what was taken out; the portal says it in the reader's language."""

    name: str = "[name]"
    address: str = "[address]"
    number: str = "[number]"
    ticket: str = "[ticket]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody of the roster."""

    name: str
    also: tuple[str, ...] = ()
    """Account names, extensions to dial, former names."""


CROSSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")


def folded(text: str) -> str:
    """Return a word without accents and cases.

    >>> folded("Ruíz"), folded("STRÖM"), folded("Łukasz")
    ('ruiz', 'strom', 'lukasz')
    """
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(CROSSED)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def is_unspaced(text: str) -> bool:
    """Tell whether a name is written in a script that puts no spaces between words."""
    return any(unicodedata.name(sign, "").startswith(UNSPACED) for sign in text)


@dataclass(frozen=True)
class Redactor:
    """Takes the names of these people out of a text.

    >>> redact = Redactor.of([Known(name="Ana Ruiz", also=("aruiz", "4711")), Known(name="Mark de Vries")])
    >>> redact("Ask ANA RUÍZ or Mark's desk, ext. 4711 or ana@ostreyvale.example. I marked it; aruiz knows.")
    "Ask [name] or [name]'s desk, ext. [name] or [address]. I marked it; [name] knows."
    """

    parts: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    """Account names and extensions: whole words, digits among them."""
    unspaced: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)

    @classmethod
    def of(cls, people: Iterable[Known], *, words: Words | None = None) -> Redactor:
        """Learn the people's names; parts of one letter and particles name nobody."""
        parts: set[str] = set()
        marks: set[str] = set()
        unspaced: set[str] = set()
        for person in people:
            marks |= {folded(mark.strip()) for mark in person.also if len(mark.strip()) > 1}
            unspaced |= {part for part in (person.name, *person.name.split()) if is_unspaced(part)}
            name = unicodedata.normalize("NFC", person.name)
            for word in TOKEN.findall(f"{name} {name.casefold().translate(UMLAUTS)}"):
                pieces = APART.split(folded(word))
                parts |= {part for part in (*pieces, "".join(pieces)) if len(part) > 1 and not part.isdigit()}
        longest = tuple(sorted((name for name in unspaced if len(name) > 1), key=lambda name: (-len(name), name)))
        return cls(frozenset(parts - PARTICLES), frozenset(marks), longest, words or Words())

    def __call__(self, text: str) -> str:
        """Return the text with what could name somebody replaced."""
        text = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
        for name in self.unspaced:
            text = text.replace(name, self.words.name)
        return self._without_names(LOOKS.sub(self._look, text))

    def _look(self, found: re.Match[str]) -> str:
        if found["address"] or found["handle"]:
            return self.words.address
        return self.words.ticket if found["ticket"] else self.words.number

    def _without_names(self, text: str) -> str:
        told: list[str] = []
        end = 0
        for start, stop in self._named(text):
            between = text[end:start]
            if not (told and BETWEEN.fullmatch(between)):
                told += [INITIALS_BEFORE.sub("", between), self.words.name]
            end = stop
            if (initial := INITIAL_AFTER.match(text, end)) is not None:
                end = initial.end()
        return "".join(told) + text[end:]

    def _named(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a part of a name stands; the s of a possessive stays."""
        for token in TOKEN.finditer(text):
            word = POSSESSIVE.sub("", token[0])
            if self._is_name(word):
                yield token.start(), token.start() + len(word)

    def _is_name(self, word: str) -> bool:
        whole = folded(word)
        if whole in self.marks:
            return True
        pieces = APART.split(whole)
        tried = {*pieces, "".join(pieces)}
        tried |= {part[:-1] for part in tried if len(part) > 3 and part.endswith("s")}
        found = tried & self.parts
        return bool(found - ORDINARY) or (bool(found) and any(sign.isupper() for sign in word[:1]))
