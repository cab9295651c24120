"""Bytes as text, in whatever encoding they claim to be; never an error, never anything a database refuses."""

from __future__ import annotations

import codecs
import re

_READ = re.compile(
    r"(?:ascii|utf-(?:8|16|16-le|16-be|32)|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|gb\w+|hz|big5\w*|euc_\w+|shift_jis\w*"
    r"|iso2022_\w+|johab|ptcp154|kz1048|tis-620)"
)
"""Encodings of text. Others, such as punycode, are made for other things and can take very long."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def text(content: bytes, charset: str) -> str:
    """Return the bytes as text; what the encoding does not know stands as a sign of replacement."""
    try:
        name = codecs.lookup(charset.strip().strip("'\"")[:40]).name
        if _READ.fullmatch(name):
            return content.decode("utf-8" if name == "ascii" else name, "replace")
    except (LookupError, ValueError, UnicodeError):
        pass
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def mended(value: str) -> str:
    """Return a header whose bytes were no ASCII as the text they most likely are."""
    if value.isascii():
        return value
    return text(value.encode("ascii", "surrogateescape") if _is_raw(value) else value.encode(errors="replace"), "utf-8")


def _is_raw(value: str) -> bool:
    return all(char.isascii() or "\udc80" <= char <= "\udcff" for char in value)


def clean(value: str) -> str:
    """Return the text with line breaks of one kind and without control characters."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
