"""A snoop who holds everything an installation keeps and looks for somebody who was erased (QUALITY S21).

They know what that person was called, earlier names included, and how machines spell a word: in JSON, in HTML, in
addresses, in mail.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import quopri
import re
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, select

DEEPEST = 3
"""Archives inside archives that are opened."""


@cache
def spellings(word: str) -> set[bytes]:
    """Return the ways in which files and protocols write a word down, all in lower case.

    >>> sorted(spellings("O'Häm"))[:4]
    [b"o'h=c3=a4m", b"o'h\\\\u00e4m", b"o'h\\xc3\\xa4m", b"o'h\\xe4m"]
    """
    plain = word.encode()
    escaped = (html.escape(word), html.escape(word).replace("&#x27;", "&#39;"))
    ways = {
        plain,
        word.encode("latin-1", "ignore"),
        word.encode("utf-16-le"),
        json.dumps(word)[1:-1].encode(),
        *(each.encode() for each in escaped),
        *(json.dumps(each)[1:-1].encode() for each in escaped),
        urllib.parse.quote(word).encode(),
        urllib.parse.quote_plus(word).encode(),
        quopri.encodestring(plain),
    }
    return {each.lower() for each in ways if each}


@cache
def in_base64(word: str) -> set[bytes]:
    """Return what any base64 of a text with this word holds: at three places of four letters, without the edges."""
    found = set()
    for before, first in ((0, 0), (1, 2), (2, 3)):
        whole = base64.b64encode(b"\x00" * before + word.encode())
        found.add(whole[first:-4])
    return {each for each in found if len(each) >= 8}


def met(content: bytes, words: Collection[str]) -> list[str]:
    """Return the words that stand in this, however they are spelled; the end of a longer word is not one."""
    low = content.lower()
    return [
        word
        for word in words
        if any(_stands(each, low) for each in spellings(word)) or any(each in content for each in in_base64(word))
    ]


def _stands(form: bytes, content: bytes) -> bool:
    return form in content and re.search(rb"(?<![a-z0-9])" + re.escape(form), content) is not None


def in_files(folder: Path, words: Collection[str]) -> list[str]:
    """Look through all files below a folder, inside archives too; returns `file: word`."""
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        for name, content in _opened(str(path.relative_to(folder)), path.read_bytes()):
            found += [f"{name}: {word}" for word in met(name.encode() + b"\n" + content, words)]
    return found


def _opened(name: str, content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if depth < DEEPEST:
        for inner, part in _parts(content):
            yield from _opened(f"{name}/{inner}", part, depth + 1)


def _parts(content: bytes) -> Iterable[tuple[str, bytes]]:
    """Return what is packed in this; nothing where it is no archive."""
    try:
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return [(each, archive.read(each)) for each in archive.namelist()]
        if content[:2] == b"\x1f\x8b":
            return [("unpacked", gzip.decompress(content))]
        if content[:1] == b"\x78":
            return [("unpacked", zlib.decompress(content))]
        if content[257:262] == b"ustar":
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                files = [(each.name, archive.extractfile(each)) for each in archive if each.isfile()]
                return [(each, file.read()) for each, file in files if file]
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, binascii.Error):
        pass
    return ()


def in_rows(connection: Connection, words: Collection[str]) -> list[str]:
    """Look through every column of every table, whatever the portal knows of it; returns `table.column #row: word`."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = []
    for table in metadata.tables.values():
        rows = connection.execute(select(table)).mappings().all()
        there = met(b"\n".join(_as_bytes(value) for row in rows for value in row.values()), words)
        for row in rows if there else ():
            for name, value in row.items():
                found += [f"{table.name}.{name} #{_key(row)}: {word}" for word in met(_as_bytes(value), there)]
    return found


def _key(row: Any) -> str:
    return str(next(iter(row.values()), ""))


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return (json.dumps(value) if isinstance(value, dict | list) else str(value)).encode()
