"""Where mail comes from: a mailbox at a server, and a folder that other programs drop files into.

A mail is taken before it is marked there. Whoever is interrupted in between takes it for a known one the next time.
"""

from __future__ import annotations

import imaplib
import os
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.core.options import Options
from portal.tickets.mail import taking

LARGEST = 25_000_000
HEAD = 200_000
MOST = 200
"""So many are taken at one fetching; the rest waits for the next."""
TIMEOUT_SECONDS = 30.0
SETTLED_SECONDS = 2.0
"""A file that was written to just now may not be whole."""


class NotReached(Exception):
    """The place could not be read; the words say why."""


@dataclass(frozen=True)
class Fetched:
    """A mail at its place."""

    raw: bytes
    done: Callable[[], None]
    """Marks it there as taken."""
    uid: int = 0
    is_too_large: bool = False
    """Only its beginning was read."""


def dropped() -> Iterator[Fetched]:
    """Yield what lies in the drop folder: `*.eml` there, and whatever a mail program put into its `new`."""
    found = [(path, path.name.endswith(".eml")) for path in _files(taking.folder())]
    found += [(path, True) for path in _files(taking.folder() / "new")]
    for path in [path for path, is_mail in found if is_mail][:MOST]:
        size = path.stat().st_size
        with path.open("rb") as file:
            raw = file.read(HEAD if size > LARGEST else LARGEST)
        yield Fetched(raw, _putter(path, is_too_large=size > LARGEST), is_too_large=size > LARGEST)


def _files(folder: Path) -> list[Path]:
    """Return the whole files of a folder, the oldest first."""
    if not folder.is_dir():
        return []
    latest = time.time() - SETTLED_SECONDS  # the age of a file is told by the disk, not by the portal's clock
    found = []
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            moment = path.stat().st_mtime
            if moment <= latest:
                found.append((moment, path))
    return [path for _moment, path in sorted(found)]


def _putter(path: Path, *, is_too_large: bool) -> Callable[[], None]:
    def done() -> None:
        """Take it away; one that is too large stays aside for somebody to look at."""
        if is_too_large:
            aside = taking.folder() / "too-large"
            aside.mkdir(mode=0o700, exist_ok=True)
            os.replace(path, aside / path.name)
        else:
            path.unlink(missing_ok=True)

    return done


@dataclass
class Mailbox:
    """An open mailbox."""

    server: imaplib.IMAP4
    name: str
    """Account, folder and its UIDVALIDITY: numbers of mails mean nothing in another."""

    def mails(self, *, after: int) -> Iterator[Fetched]:
        """Yield what is unread, and whatever came after the number `after`, read or not: somebody may look in."""
        wanted = set(self._search("UNSEEN"))
        if after:
            wanted |= {uid for uid in self._search(f"UID {after + 1}:*") if uid > after}
        for uid in sorted(wanted)[:MOST]:
            size = self._size(uid)
            is_too_large = size > LARGEST
            raw = self._fetch(uid, "BODY.PEEK[HEADER]" if is_too_large else "BODY.PEEK[]")
            if raw:
                yield Fetched(raw, self._marker(uid), uid, is_too_large)

    def _search(self, what: str) -> list[int]:
        answer = _ask(self.server.uid("SEARCH", what))
        return [
            int(number) for line in answer if isinstance(line, bytes) for number in line.split() if number.isdigit()
        ]

    def _size(self, uid: int) -> int:
        for line in _ask(self.server.uid("FETCH", str(uid), "(RFC822.SIZE)")):
            text = line if isinstance(line, bytes) else b""
            if found := re.search(rb"RFC822\.SIZE (\d{1,18})", text):
                return int(found[1])
        return 0

    def _fetch(self, uid: int, what: str) -> bytes:
        for piece in _ask(self.server.uid("FETCH", str(uid), f"({what})")):
            if isinstance(piece, tuple) and isinstance(piece[1], bytes):
                return piece[1]
        return b""

    def _marker(self, uid: int) -> Callable[[], None]:
        return lambda: _mark(self.server, uid)


def _mark(server: imaplib.IMAP4, uid: int) -> None:
    _ask(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)"))


def _ask(answer: tuple[str, list[object]]) -> list[object]:
    status, data = answer
    if status != "OK":
        words = b" ".join(line for line in data if isinstance(line, bytes)).decode("utf-8", "replace")
        raise NotReached(words[:300] or status)
    return data


@contextmanager
def mailbox(opts: Options, password: str) -> Iterator[Mailbox]:
    """Open the mailbox of the options; refuses (NotReached) what does not answer as it should."""
    try:
        server = _connect(opts)
        try:
            server.login(opts.imap_user, password)
            _ask(server.select(_quoted(opts.imap_folder)))  # type: ignore[arg-type]
            found = server.response("UIDVALIDITY")[1]
            validity = found[0].decode("ascii", "replace") if found and isinstance(found[0], bytes) else ""
            yield Mailbox(server, f"{opts.imap_user}@{opts.imap_host}/{opts.imap_folder}/{validity}"[:300])
        finally:
            _leave(server)
    except (imaplib.IMAP4.error, OSError, ValueError, EOFError) as trouble:
        raise NotReached(f"{type(trouble).__name__}: {trouble}"[:400]) from None


def _connect(opts: Options) -> imaplib.IMAP4:
    if opts.imap_tls and opts.imap_port == 993:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(opts.imap_host, opts.imap_port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(opts.imap_host, opts.imap_port, timeout=TIMEOUT_SECONDS)
    if opts.imap_tls:
        try:
            server.starttls(ssl_context=ssl.create_default_context())
        except BaseException:
            server.shutdown()
            raise
    return server


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        server.shutdown()


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
