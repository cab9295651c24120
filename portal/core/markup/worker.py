"""The rendering process: reads a text, writes what became of it, until its parent hangs up.

Holds no secret, opens no file, no database, no socket. Started by `pool`, which kills it when it takes too long.
"""

from __future__ import annotations

import contextlib
import gc
import json
import struct
import sys
from typing import Any, BinaryIO

from portal.core.markup.rendering import parse_article, parse_comment

_LENGTH = struct.Struct(">I")
MEMORY_LIMIT = 1 << 30


def write_frame(pipe: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> dict[str, Any] | None:
    """Return the next message, nothing when the other side is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        return None
    message: dict[str, Any] = json.loads(data)
    return message


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer one text after the other."""
    parse_article("warm\n\n1. up")
    gc.collect()
    gc.freeze()
    gc.disable()  # tokens die young; the rest is collected between two texts
    while (asked := read_frame(source)) is not None:
        try:
            made = parse_comment(asked["text"]) if asked["is_comment"] else parse_article(asked["text"], asked["scope"])
            answer: dict[str, Any] = {"made": made.to_dict()}
        except Exception as problem:
            answer = {"failed": f"{type(problem).__name__}: {problem}"[:500]}
        write_frame(sink, answer)
        gc.collect()


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # no such thing on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    _bound_memory()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sys.stdout.buffer)
