"""A mail server of the test's own that the portal sends through, and workers that send and can be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.nursery import Nursery


def use(port: int) -> None:
    """Let the portal send by the server on this port, as fast as it takes it."""
    from portal.core import options
    from portal.core.actor import system
    from portal.core.database import db

    way = {"mail_mode": "smtp", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": False}
    options.change(system("tests"), survey_mails_per_minute=0, **way)
    db.session.commit()


@pytest.fixture
def inbox() -> Any:
    """What arrived, and what the server is to say to it."""
    from tests.portal.notifications.servers import Inbox

    return Inbox()


@pytest.fixture
def server(app: Flask, inbox: Any) -> Iterator[int]:
    """The portal's mail server, well-behaved unless the inbox says otherwise; returns its port."""
    from tests.portal.notifications.servers import mail_server

    with mail_server(inbox) as port:
        use(port)
        yield port


@pytest.fixture
def nursery(home: Path) -> Iterator[Nursery]:
    made = Nursery(home)
    yield made
    made.close()
