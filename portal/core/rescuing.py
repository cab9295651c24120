"""Words out of a form that was too large to be taken: what somebody typed stands before the file that was too much."""

from __future__ import annotations

from flask import request
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

LOOKED_AT = 1_000_000
"""So much of the beginning is looked through."""
DRAINED = 50_000_000
"""So much of the rest is read and dropped: a browser that is cut off while it sends never shows the answer."""
CHUNK = 1 << 16
MOST_PARTS = 200


def typed() -> list[tuple[str, str]]:
    """Return the texts before the first file of this request's form; call it once, it reads what was sent."""
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != "multipart/form-data" or not boundary:
        return []
    stream, left = request.environ["wsgi.input"], request.content_length or 0
    head = stream.read(min(left, LOOKED_AT))
    left -= len(head)
    for _n in range(DRAINED // CHUNK):
        if left <= 0 or not (dropped := stream.read(min(left, CHUNK))):
            break
        left -= len(dropped)
    try:
        return _texts(head, boundary.encode("ascii"))
    except ValueError:  # not as a browser writes it
        return []


def _texts(head: bytes, boundary: bytes) -> list[tuple[str, str]]:
    decoder = MultipartDecoder(boundary, max_parts=MOST_PARTS)
    decoder.receive_data(head)
    found: list[tuple[str, str]] = []
    name, content = "", b""
    while not isinstance(event := decoder.next_event(), File | Epilogue | NeedData):
        if isinstance(event, Field):
            name, content = event.name, b""
        elif isinstance(event, Data):
            content += event.data
            if not event.more_data:
                found.append((name, content.decode("utf-8", "replace")))
    return found
