"""From text to the words that are indexed and asked for; index and query must go through the same door.

Works like Whoosh's StemmingAnalyzer with the expression `\\w+(\\.?\\w+)*` (the default of the living forks counts `*`
as part of a word), and treats the short words of IT as `analytics.stems` does. Its own tokenizer, because the chain
of filters takes three times as long to build an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.analysis import Analyzer, Token

from analytics.stems import STOPPED, WORD, fold, spellings, stem, stems

__all__ = ["SEPARATOR", "STOPPED", "WORD", "Stems", "Values", "Words", "fold", "spellings", "stem", "stems"]

SEPARATOR = "\x1f"
"""Between the values of a field that holds several."""


class Stems(Analyzer):
    """Writes the stems of a text into a field."""

    cut = staticmethod(stems)

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token = Token()
        token.boost, token.stopped = 1.0, False
        for match in WORD.finditer(value):
            for token.text in self.cut(match.group()):
                yield token


class Words(Stems):
    """Writes words as they were written, for spelling and for unfinished words."""

    cut = staticmethod(spellings)


class Values(Analyzer):
    """Writes the values of a list, untouched."""

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token = Token()
        token.boost, token.stopped = 1.0, False
        for token.text in filter(None, value.split(SEPARATOR)):
            yield token
