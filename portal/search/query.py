"""From what somebody typed to the terms that are looked for.

Everything is literal: there is no query language, so no text can be a wrong one. Quotes, stars and the words AND, OR
and NEAR mean nothing but themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from portal.search.analyzers import STOPPED, WORD, fold, spellings, stem, stems
from portal.search.documents import QUERY_LIMIT, Correction
from portal.search.synonyms import NEAR_WEIGHT, Phrase, Synonyms

TERM_LIMIT = 32
"""Different words that are looked for; what comes after is not read."""
FAMILY_WEIGHT = 0.6
"""Of a word that begins like another stem goes on: `friendship` for `friend`."""
FAMILY_LIMIT = 12
PART_WEIGHT = 0.7
"""Of a part of a compound, such as `sign` of `sign-in`, where the other part says nothing."""
PREFIX_LIMIT = 24
SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class Token:
    """A word as it was typed, and where."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return fold(self.text)

    @property
    def is_stopped(self) -> bool:
        return not stems(self.text)


@dataclass(frozen=True, kw_only=True)
class Term:
    """Something that is looked for: one word or several for the same thing, each with its weight."""

    token: Token
    words: tuple[tuple[str, float], ...]
    meant: str = ""
    """The word it was taken for, where the spelling was mended."""
    is_prefix: bool = False


@dataclass(frozen=True, kw_only=True)
class Query:
    """What was typed, read."""

    text: str
    tokens: tuple[Token, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return tuple(Correction(t.token.text, t.meant) for t in self.terms if t.meant)

    @property
    def corrected(self) -> str:
        """The text with its spelling mended; empty when nothing was."""
        if not self.corrections:
            return ""
        text = self.text
        for term in sorted((t for t in self.terms if t.meant), key=lambda t: -t.token.start):
            text = text[: term.token.start] + term.meant + text[term.token.end :]
        return text


class Lexicon(Protocol):
    """The words of the documents one person may see."""

    def has(self, word: str) -> bool:
        """Say whether any document has this stem."""

    def nearest(self, word: str) -> str | None:
        """Return the word this one was most likely meant to be."""

    def family(self, word: str, limit: int) -> tuple[str, ...]:
        """Return other stems of the documents that this stem begins, or that begin it."""

    def completions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return the most frequent words that begin like this."""


def read(text: str) -> str:
    """Return a query as it is shown and kept: one line, no control characters, at most QUERY_LIMIT characters."""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * QUERY_LIMIT])
    return re.sub(r" +", " ", text).strip()[:QUERY_LIMIT].rstrip()


def tokens_of(text: str) -> tuple[Token, ...]:
    return tuple(Token(m.group(), m.start(), m.end()) for m in WORD.finditer(text))


def parse(
    text: str, lexicon: Lexicon, synonyms: Synonyms, *, is_exact: bool = False, is_unfinished: bool = False
) -> Query:
    """Read a query. With `is_exact` nothing is mended or added; with `is_unfinished` the last word may go on."""
    text = read(text)
    tokens = tokens_of(text)
    is_unfinished = is_unfinished and bool(tokens) and tokens[-1].end == len(text)
    terms: list[Term] = []
    if all(token.is_stopped or token.word in synonyms.stopped for token in tokens):
        synonyms = replace(synonyms, stopped=frozenset())  # what is left out elsewhere is all that is asked here
    for i, token in enumerate(tokens):
        last = is_unfinished and i == len(tokens) - 1
        found = _unfinished(token, lexicon) if last else None
        terms += [found] if found else _terms(token, lexicon, synonyms, is_exact=is_exact)
    if not is_exact:
        terms = _join_neighbours(terms, tokens, lexicon)
        terms = _add_synonyms(terms, tokens, synonyms)
        terms = [t if t.is_prefix else _with_family(t, lexicon) for t in terms]
    return Query(text=text, tokens=tokens, terms=tuple(_distinct(terms))[:TERM_LIMIT])


def _terms(token: Token, lexicon: Lexicon, synonyms: Synonyms, *, is_exact: bool) -> list[Term]:
    words = spellings(token.text)
    if not is_exact and words and words[0] in synonyms.stopped:
        return []
    if len(words) > 1:
        return _compound(token, words)
    if not words or words[0] in STOPPED:
        return []
    word, meant = words[0], ""
    is_known = lexicon.has(stem(word)) or any(lexicon.has(other) for other, _ in synonyms.of(stem(word)))
    if not is_exact and not is_known and (phrases := synonyms.spelled.get(stem(word))):
        return _spelled_out(token, phrases, lexicon)
    if not is_exact and not is_known and (nearest := lexicon.nearest(word)):
        word = meant = nearest
        if word in STOPPED:
            return []
    return [Term(token=token, words=((stem(word), 1.0),), meant=meant)]


def _compound(token: Token, words: tuple[str, ...]) -> list[Term]:
    whole, parts = words[0], [w for w in words[1:] if len(w) > 2]
    if len(parts) > 1:  # two-factor: both parts say something
        return [Term(token=token, words=((stem(part), 1.0), (stem(whole), 1.0))) for part in parts]
    return [Term(token=token, words=((stem(whole), 1.0), *((stem(part), PART_WEIGHT) for part in parts)))]


def _spelled_out(token: Token, phrases: tuple[Phrase, ...], lexicon: Lexicon) -> list[Term]:
    """Read a short form that no document has as the phrase it stands for: all its words are sought."""
    stemmed = [[stem(part) for part in phrase if part not in STOPPED] for phrase in phrases]
    known = [words for words in stemmed if words and all(map(lexicon.has, words))] or stemmed
    return [Term(token=token, words=((word, 1.0),)) for word in known[0] or [stem(token.word)]]


def _unfinished(token: Token, lexicon: Lexicon) -> Term | None:
    prefix = token.word
    if len(prefix) < SHORTEST_PREFIX:
        return None
    completions = lexicon.completions(prefix, PREFIX_LIMIT)
    if not completions:
        return None
    words = dict.fromkeys(stem(word) for word in completions)
    return Term(token=token, words=tuple((word, 1.0) for word in words), is_prefix=True)


def _join_neighbours(terms: list[Term], tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Term]:
    """Let `pass word` find `password` and `log in` find `login`, where documents have the joined word."""
    for left, right in pairwise(tokens):
        if left.is_stopped and right.is_stopped and len(left.text) > 1:
            continue
        joined = stem(left.word + right.word)
        if not joined.isalnum() or not lexicon.has(joined):
            continue
        unknown = [t for t in terms if t.token in (left, right) and not _is_known(t, lexicon)]
        if unknown and not any(t.token in (left, right) for t in terms if t not in unknown):
            whole = Token(f"{left.text} {right.text}", left.start, right.end)
            terms = [t for t in terms if t not in unknown] + [Term(token=whole, words=((joined, 1.0),))]
            continue
        terms = [_with(t, [(joined, 1.0)]) if t.token in (left, right) and not t.meant else t for t in terms]
    return terms


def _is_known(term: Term, lexicon: Lexicon) -> bool:
    return any(lexicon.has(word) for word, _ in term.words)


def _add_synonyms(terms: list[Term], tokens: tuple[Token, ...], synonyms: Synonyms) -> list[Term]:
    terms = [t if t.is_prefix else _with(t, (same for word, _ in t.words for same in synonyms.of(word))) for t in terms]
    for word, phrases in synonyms.spelled.items():
        parts = [(stem(part), NEAR_WEIGHT) for phrase in phrases for part in phrase if part not in STOPPED]
        terms = [_with(t, parts) if not t.is_prefix and t.words[0][0] == word else t for t in terms]
    for start, size, same in synonyms.of_phrases([t.word for t in tokens]):
        phrase = tokens[start : start + size]
        terms = [_with(t, same) if t.token in phrase and not t.is_prefix else t for t in terms]
    return terms


def _with_family(term: Term, lexicon: Lexicon) -> Term:
    return _with(term, ((word, FAMILY_WEIGHT) for word in lexicon.family(term.words[0][0], FAMILY_LIMIT)))


def _with(term: Term, words: Iterable[tuple[str, float]]) -> Term:
    known = dict(reversed(list(words)))
    for word, weight in term.words:
        known[word] = max(weight, known.get(word, 0.0))
    mine = dict(term.words)
    others = tuple((word, weight) for word, weight in known.items() if word not in mine)
    return replace(term, words=tuple((word, known[word]) for word in mine) + others)


def _distinct(terms: list[Term]) -> list[Term]:
    """Keep one term for each word; a word typed twice is not asked for twice."""
    seen: dict[str, Term] = {}
    for term in sorted(terms, key=lambda t: t.token.start):
        seen.setdefault(term.words[0][0], term)
    return list(seen.values())
