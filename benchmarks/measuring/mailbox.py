"""A mail server that takes everything and remembers what an inbox would show: in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

_NAME = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
_TO = re.compile(rb"^RCPT TO:\s*<([^>]*)>", re.IGNORECASE)


@dataclass
class Inboxes:
    """What arrived: every mail, and by its name what is shown once however often it came."""

    n_arrived: int = 0
    shown: dict[bytes, bytes] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        to = b""
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT" and (found := _TO.match(line)):
                to = found[1]
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self._take(to, await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 taken\r\n")
            if word == b"QUIT":
                return

    def _take(self, to: bytes, mail: bytes) -> None:
        found = _NAME.search(mail)
        self.n_arrived += 1
        self.shown[found[1] if found else b"?"] = to


class Mailbox:
    """The other end: where it listens, and what it has."""

    def __init__(self, port: int, line: Connection) -> None:
        self.port, self._line = port, line

    def counts(self) -> dict[str, int]:
        """Return how many mails came, how many an inbox shows, and to how many people."""
        self._line.send("how many")
        found: dict[str, int] = self._line.recv()
        return found


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Mailbox(ours.recv(), ours)
    finally:
        process.kill()
        process.join()


def _run(line: Any) -> None:
    asyncio.run(_serve(line))


async def _serve(line: Any) -> None:
    inboxes = Inboxes()
    server = await asyncio.start_server(inboxes.serve, "127.0.0.1", 0, limit=2**20)
    line.send(server.sockets[0].getsockname()[1])
    loop = asyncio.get_running_loop()
    while True:
        await loop.run_in_executor(None, line.recv)
        line.send(
            {
                "arrived": inboxes.n_arrived,
                "shown": len(inboxes.shown),
                "people": len(set(inboxes.shown.values())),
            }
        )
