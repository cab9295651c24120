"""Reading a mail, whoever wrote it: nothing it holds is an error, and nothing from elsewhere is ever loaded.

Headers are taken as the bytes they came as and decoded here. The structured headers of the standard library raise on
some that are broken, and take long over some that are large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses
from itertools import islice

from portal.tickets.mail import bounces, charsets, signs, words
from portal.tickets.mail.bounces import Bounce

LONGEST_HEADER = 10_000
MOST_HEADERS = 500
DEEPEST = 40
"""More parts within parts than this nobody writes; then only the headers are read."""
MOST_PARTS = 200
MOST_BOUNDARIES = 5_000
"""Lines that may begin a part; with more of them only the headers are read, for taking it apart is slow."""
MOST_LINES = 700_000
"""Lines of a mail with the largest files there are, and some more."""
MOST_FILES = 10
LARGEST_TEXT = 1_000_000
LARGEST_HEAD = 100_000
"""Of a mail of which only the headers are read."""
SMALL_PICTURE = 6_000
"""Pictures within the text that are smaller are signatures and counters."""
SUBJECT = 300

_APART = re.compile(rb"\r?\n\r?\n")
_NESTED = re.compile(rb"^content-type[ \t]*:[ \t]*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(r"<[^<>\s]{1,290}>")
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[^@\s<>\"(),:;\\\[\]]{1,189}")


@dataclass(frozen=True)
class File:
    """Something that came along, under the name its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a mail says of itself. All of it is its sender's word, the sender included."""

    message_id: str
    refers_to: tuple[str, ...]
    """Message-IDs it answers, the nearest last."""
    sender: str
    """Empty where nobody, or more than one, is named."""
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    said: str
    """What its sender wrote."""
    rest: str
    """What they quoted, and their signature."""
    files: tuple[File, ...]
    n_left_out: int
    """Files beyond those we look at."""
    automatic: str
    """The sign by which a machine wrote it; empty for a person."""
    bounce: Bounce | None
    verdicts: tuple[str, ...]
    """Headers `Authentication-Results`, the topmost first."""
    is_whole: bool
    """Whether it could be read; else there are headers alone."""


def read(raw: bytes) -> Mail:
    """Read a mail. Never raises for what it holds."""
    message, is_whole = _parsed(raw)
    headers = _headers(message)
    senders = addresses(headers.get("from", []))
    subject = one_line(decoded(_first(headers, "subject")))[:SUBJECT]
    parts = list(islice(_parts(message), MOST_PARTS)) if is_whole else []
    text, quoted = _text(parts, subject) if parts else ("", "")
    files = _files(parts) if parts else []
    sender_name, sender = senders[0] if len(senders) == 1 else ("", "")
    return Mail(
        message_id=next(iter(_ids(_first(headers, "message-id"))), ""),
        refers_to=_refers_to(headers),
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(headers),
        subject=subject,
        said=text,
        rest=quoted,
        files=tuple(files[:MOST_FILES]),
        n_left_out=max(0, len(files) - MOST_FILES),
        automatic=signs.automatic(headers, subject),
        bounce=bounces.read(message, headers, raw) if is_whole else None,
        verdicts=tuple(one_line(value) for value in headers.get("authentication-results", [])),
        is_whole=is_whole,
    )


def _parsed(raw: bytes) -> tuple[Message, bool]:
    if _is_modest(raw):
        try:
            return BytesParser(policy=compat32).parsebytes(raw), True
        except (MessageError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
            pass
    head = _APART.split(raw[:LARGEST_HEAD], maxsplit=1)[0]
    return BytesHeaderParser(policy=compat32).parsebytes(head), False


def _is_modest(raw: bytes) -> bool:
    """Say whether it is worth being taken apart: what is built to take long is not."""
    nested = len(_NESTED.findall(raw))
    if nested > DEEPEST or raw.count(b"\n") > MOST_LINES:
        return False
    return not nested or raw.count(b"\n--") <= MOST_BOUNDARIES


def _headers(message: Message) -> dict[str, list[str]]:
    """Return the headers by name in small letters, each as it came, cut where no honest one ends."""
    found: dict[str, list[str]] = {}
    for name, value in list(message.raw_items())[:MOST_HEADERS]:
        found.setdefault(str(name).lower(), []).append(charsets.clean(charsets.mended(str(value)[:LONGEST_HEADER])))
    return found


def _parts(message: Message) -> Iterator[Message]:
    """Yield a mail and its parts, mails within it as one part each."""
    yield message
    pieces = message.get_payload() if message.is_multipart() and _kind(message) != "message/rfc822" else ()
    for piece in pieces:
        if isinstance(piece, Message):
            yield from _parts(piece)


def _first(headers: dict[str, list[str]], name: str) -> str:
    return headers.get(name, [""])[0]


def _ids(value: str) -> list[str]:
    return _ID.findall(value)


def _refers_to(headers: dict[str, list[str]]) -> tuple[str, ...]:
    references = _ids(" ".join(headers.get("references", [])))
    return tuple((references + _ids(_first(headers, "in-reply-to")))[-50:])


def _recipients(headers: dict[str, list[str]]) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
    values = [value for name in names for value in headers.get(name, [])[:20]]
    return tuple(dict.fromkeys(address for _name, address in addresses(values)))


def addresses(values: list[str]) -> list[tuple[str, str]]:
    """Return names and addresses in small letters, without what is none."""
    found = []
    try:
        pairs = getaddresses([value.replace("\n", " ") for value in values])
    except RecursionError:  # comments within comments, as nobody writes them
        return []
    for name, address in pairs[:200]:
        address = address.strip().lower()
        if _ADDRESS.fullmatch(address):
            found.append((one_line(decoded(name))[:120], address))
    return found


def decoded(value: str) -> str:
    """Return a header in the letters it means."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    read = []
    for piece, charset in pieces:
        read.append(charsets.text(piece, charset or "utf-8") if isinstance(piece, bytes) else piece)
    return "".join(read)


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters."""
    return " ".join(charsets.clean(text).split())


def _text(parts: list[Message], subject: str) -> tuple[str, str]:
    """Return what was written and the rest; the plain text where there is one with words in it, else the page's."""
    plain = [_content(part) for part in parts if _is_text(part, "text/plain")]
    text = "\n\n".join(piece.strip("\n") for piece in plain if piece.strip())
    if not text:
        text = "\n\n".join(_pages(parts))
    return words.cut(text, is_forwarded=words.is_forwarded(subject))


def _pages(parts: list[Message], *, room: int = words.LARGEST_PAGE) -> list[str]:
    """Return the words of the HTML pages, of no more than one large page altogether."""
    found = []
    for part in parts:
        if room > 0 and _is_text(part, "text/html"):
            page = _content(part)[:room]
            room -= len(page)
            found.append(words.of_page(page))
    return [piece for piece in found if piece]


def _is_text(part: Message, kind: str) -> bool:
    return _kind(part) == kind and not part.is_multipart() and not _is_file(part)


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except (ValueError, LookupError, TypeError, AttributeError):
        return "application/octet-stream"


def _is_file(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(_name(part))
    except (ValueError, LookupError, TypeError, AttributeError):
        return True


def _name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return one_line(decoded(charsets.mended(str(name)[:LONGEST_HEADER])))[:200]


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError, MessageError):
        return b""
    return content if isinstance(content, bytes) else b""


def _content(part: Message) -> str:
    try:
        charset = part.get_content_charset("utf-8")
    except (ValueError, LookupError, TypeError, AttributeError):
        charset = "utf-8"
    return charsets.clean(charsets.text(_bytes(part)[:LARGEST_TEXT], str(charset)))


def _files(parts: list[Message]) -> list[File]:
    """Return what came along: attached files, pictures within the text, and mails as the text they hold."""
    found: list[File] = []
    for part in parts:
        if _kind(part) == "message/rfc822":
            found += _enclosed(part) if len(found) < MOST_FILES else [File("mail.txt", b"")]
        elif (not part.is_multipart() and _kind(part) not in ("text/plain", "text/html")) or _is_file(part):
            content = b"" if part.is_multipart() else _bytes(part)
            name = _name(part) or _guessed(_kind(part))
            if name and content and not _is_ornament(part, content):
                found.append(File(name, content))
    return found


def _is_ornament(part: Message, content: bytes) -> bool:
    is_within = part.get("Content-ID") is not None or _disposition(part) == "inline"
    return is_within and _kind(part).startswith("image/") and len(content) < SMALL_PICTURE


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _guessed(kind: str) -> str:
    """Return a name for a nameless file of a kind we take; nothing for machines' parts such as calendar replies."""
    ending = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
    ending["application/pdf"] = "pdf"
    return f"file.{ending[kind]}" if kind in ending else ""


def _enclosed(part: Message) -> list[File]:
    """Return a mail that was attached to the mail, as text: nobody needs a mail program to look at it."""
    inner = part.get_payload(0) if part.is_multipart() else None
    if not isinstance(inner, Message):
        return []
    headers = _headers(inner)
    subject = one_line(decoded(_first(headers, "subject")))[:120]
    parts = list(islice(_parts(inner), MOST_PARTS))
    plain = [_content(one) for one in parts if _is_text(one, "text/plain")]
    lines = [f"{name.title()}: {one_line(decoded(_first(headers, name)))}" for name in ("from", "date", "to")]
    text = "\n".join([*lines, f"Subject: {subject}", "", *(plain or _pages(parts, room=words.LARGEST_PAGE // 4))])
    return [File(f"{subject or 'mail'}.txt", text.encode()[:LARGEST_TEXT])]
