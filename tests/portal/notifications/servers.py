"""Mail servers that behave, and servers that do not, on a port of this machine."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

Answer = Callable[[str], str | None]
"""What to answer to a mail for this address; None takes it."""


@dataclass
class Inbox:
    """What arrived. Like a reader's mail program it shows a Message-ID once, however often it came."""

    arrived: list[EmailMessage] = field(default_factory=list)
    shown: dict[str, EmailMessage] = field(default_factory=dict)
    """By Message-ID. No property: the server reads every attribute of its handler at each connection."""
    answer_rcpt: Answer = lambda address: None
    answer_data: Answer = lambda address: None
    stall_before: float = 0.0
    stall_after: float = 0.0
    drops_reply: Callable[[], bool] = lambda: False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if refusal := self.answer_rcpt(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if refusal := self.answer_data(envelope.rcpt_tos[0]):
            return refusal
        await asyncio.sleep(self.stall_before)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        with self._lock:
            self.arrived.append(mail)
            self.shown[mail["Message-ID"]] = mail
        await asyncio.sleep(self.stall_after)
        if self.drops_reply():  # it has the mail, but nobody will hear of it
            server.transport.close()
        return "250 taken"


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@contextmanager
def mail_server(inbox: Inbox, port: int = 0) -> Iterator[int]:
    """Run a server until the block ends; yields its port."""
    port = port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
