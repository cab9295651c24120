"""Mails that belong together: mail programs show them as one thread, and an answer by mail finds its way home."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from flask import current_app

from portal.core.refs import Ref
from portal.notifications import links


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What a mail is part of. `about` is what it tells, so that a bounce can be shown there."""

    thread: Ref
    about: Ref
    earlier: tuple[str, ...] = ()
    """Message-IDs of mails by others in this thread, oldest first."""
    reply_to: str = ""
    """Where an answer goes; empty where answers by mail are not read."""
    ids: list[str] = field(default_factory=list, compare=False)
    """Message-IDs of the mails that go out for it."""

    def new_id(self) -> str:
        """Return a Message-ID that names the thread and cannot be made up (`thread_of`); it is noted in `ids`."""
        name = f"{self.thread.kind}.{self.thread.id}.{secrets.token_hex(6)}"
        self.ids.append(f"<{name}{_signature(name)}@{links.domain()}>")
        return self.ids[-1]

    @property
    def refers_to(self) -> str:
        """The thread's root, which no mail needs to have, and what came before; for References and In-Reply-To."""
        return " ".join((f"<{self.thread.kind}.{self.thread.id}@{links.domain()}>", *self.earlier))


_OURS = re.compile(r"<((\w{1,20})\.(\d{1,18})\.[0-9a-f]{12})([0-9a-f]{32})@[^<>@\s]{1,255}>")


def thread_of(message_id: str) -> Ref | None:
    """Return the thread that a Message-ID of ours names; nothing for any other, also one that was made up."""
    found = _OURS.fullmatch(message_id)
    if found is None or not hmac.compare_digest(found[4], _signature(found[1])):
        return None
    return Ref(found[2], int(found[3]))


def _signature(name: str) -> str:
    key: str = current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), f"message-id:{name}".encode(), hashlib.sha256).hexdigest()[:32]
