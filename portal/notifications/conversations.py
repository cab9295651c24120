"""Mails that belong together: mail programs show them as one thread, and an answer by mail finds its way home."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

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
        """Return a Message-ID that names the thread and cannot be guessed; it is noted in `ids`."""
        self.ids.append(f"<{self.thread.kind}.{self.thread.id}.{secrets.token_hex(12)}@{links.domain()}>")
        return self.ids[-1]

    @property
    def refers_to(self) -> str:
        """The thread's root, which no mail needs to have, and what came before; for References and In-Reply-To."""
        return " ".join((f"<{self.thread.kind}.{self.thread.id}@{links.domain()}>", *self.earlier))
