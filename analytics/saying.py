"""How figures speak: in English by themselves, in the reader's language when somebody lends them a voice.

Results say what they found in a sentence. The sentences stand here in the core, beside the arithmetic they tell of;
the portal hands in its translator and its way of writing numbers, and takes the sentences up into its catalogues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NO_BREAK = "\u00a0"


def plain(message: str, /, **variables: object) -> str:
    """Fill in a sentence as it stands.

    >>> plain("%(n)s needs", n=3)
    '3 needs'
    """
    return message % variables if variables else message


def plain_number(value: float, decimals: int) -> str:
    """Write a number with so many decimals and a point.

    >>> plain_number(1234.5, 1)
    '1234.5'
    """
    return f"{value:.{decimals}f}"


@dataclass(frozen=True, slots=True)
class Voice:
    """A language: a translator with the manners of gettext, and a way to write numbers."""

    gettext: Callable[..., str] = plain
    number: Callable[[float, int], str] = plain_number

    def percent(self, share: float, decimals: int | None = None) -> str:
        """Write a share in per cent, with a decimal where it is below ten unless somebody wants them all alike.

        >>> [Voice().percent(share).replace(NO_BREAK, " ") for share in (0.1818, 0.086, 0.0, 1.0)]
        ['18 %', '8.6 %', '0 %', '100 %']
        """
        hundredths = 100 * share
        if decimals is None:
            decimals = 0 if abs(hundredths) >= 9.95 or hundredths == 0 else 1
        return f"{self.number(hundredths, decimals)}{NO_BREAK}%"


PLAIN = Voice()
