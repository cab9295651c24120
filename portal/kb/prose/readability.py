"""How easy a text reads.

Flesch (1948): 206.835 - 1.015 x words per sentence - 84.6 x syllables per word. 60 to 70 is plain English.
Syllables are counted by groups of vowels, which is close enough for advice; it is a hint to an editor, never a verdict.
"""

from __future__ import annotations

import re

# None of these reads a run of signs again from each of its places, so that no text can make them slow.
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
_MARKS = re.compile(r"^[ \t]*(?:/{3,}.*|#+ |\d+\. |[-*>] |→ )", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]{0,500}+)\]\([^)]{0,1000}+\)")
_END = re.compile(r"(?<![.!?:])[.!?:]++(?=\s|$)|\n{2,}")
_WORD = re.compile(r"[a-zA-Z][a-zA-Z’']*")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """Return the number of syllables of an English word, roughly.

    >>> [syllables(w) for w in ("step", "laptop", "table", "service", "make")]
    [1, 2, 2, 2, 1]
    """
    word = word.lower().strip("’'")
    n = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and n > 1:
        n -= 1
    return max(1, n)


def reading_ease(markdown: str) -> float:
    """Return the Flesch reading ease of the prose; 100 for a text without words.

    >>> round(reading_ease("The cat sat on the mat."))
    116
    """
    prose = _LINK.sub(r"\1", _MARKS.sub("\n\n", _CODE.sub("code", markdown)))
    sentences = [words for part in _END.split(prose) if (words := _WORD.findall(part))]
    n_words = sum(len(words) for words in sentences)
    if not n_words:
        return 100.0
    n_syllables = sum(syllables(word) for words in sentences for word in words)
    return 206.835 - 1.015 * n_words / len(sentences) - 84.6 * n_syllables / n_words
