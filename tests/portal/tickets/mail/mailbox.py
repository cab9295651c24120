"""A mail server's mailbox on a port of this machine: as much of IMAP4rev1 as `imaplib` asks of it, and no more."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """What lies in the mailbox, and how the server behaves."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 7
    password: str = "five calm herons"
    breaks_at: str = ""
    """The command at which the line is cut, once."""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, raw: bytes) -> int:
        """Let a mail arrive; returns its number."""
        uid = max(self.mails, default=100) + 1
        self.mails[uid] = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        return uid


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _space, rest = line.decode().strip().partition(" ")
            box = self.server.box
            box.asked.append(rest)
            if box.breaks_at and rest.upper().startswith(box.breaks_at):
                box.breaks_at = ""
                return
            if not self._answer(tag, rest, box):
                return

    def _answer(self, tag: str, rest: str, box: Box) -> bool:
        word = rest.partition(" ")[0].upper()
        if word == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif word == "LOGIN":
            if not rest.endswith(f'"{box.password}"'):
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] Wrong password")
                return True
        elif word == "SELECT":
            self._say(f"* {len(box.mails)} EXISTS", f"* OK [UIDVALIDITY {box.validity}] as ever")
        elif word == "UID":
            self._uid(rest[4:], box)
        elif word == "LOGOUT":
            self._say("* BYE", f"{tag} OK")
            return False
        self._say(f"{tag} OK {word} done")
        return True

    def _uid(self, rest: str, box: Box) -> None:
        if rest.startswith("SEARCH UNSEEN"):
            self._say("* SEARCH " + " ".join(str(uid) for uid in sorted(set(box.mails) - box.seen)))
        elif found := re.match(r"SEARCH UID (\d+):\*", rest):
            start = min(int(found[1]), max(box.mails, default=0))  # `*` is the last one, whichever comes first
            self._say("* SEARCH " + " ".join(str(uid) for uid in sorted(box.mails) if uid >= start))
        elif found := re.match(r"FETCH (\d+) \((.*)\)", rest):
            uid, raw = int(found[1]), box.mails[int(found[1])]
            if found[2] == "RFC822.SIZE":
                self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
                return
            part = raw if found[2] == "BODY.PEEK[]" else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            self._say(f"* {uid} FETCH (UID {uid} {found[2].replace('.PEEK', '')} {{{len(part)}}}")
            self.wfile.write(part + b")\r\n")
        elif found := re.match(r"STORE (\d+) \+FLAGS.SILENT \(\\Seen\)", rest):
            box.seen.add(int(found[1]))

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Box


@contextmanager
def served(box: Box) -> Iterator[int]:
    """Serve the mailbox until the block ends; yields its port."""
    server = _Server(("127.0.0.1", 0), _Session)
    server.box = box
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
