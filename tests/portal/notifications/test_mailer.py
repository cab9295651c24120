"""The seam to mail servers: three outcomes, headers of one line, and no wait without an end."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from portal.core import clock
from portal.core.options import Options
from portal.notifications import mailer
from portal.notifications.mailer import Refused, Temporary
from portal.notifications.models import OutboxMail
from tests.portal.notifications.servers import Inbox, free_port, mail_server

OPTIONS = Options(
    portal_name="Ostrey & Vale, Möbel",
    mail_from="portal@ostreyvale.example",
    mail_mode="smtp",
    smtp_host="127.0.0.1",
    smtp_tls=False,
)


def a_mail(**changes: Any) -> OutboxMail:
    values = {"message_id": "<kind.abc@help.example>", "to": "ana@ostreyvale.example", "subject": "Grüße", **changes}
    return OutboxMail(**values, created_at=clock.now())


def built(text: str = "Hello Ana,\n\nörtlich.\n", opts: Options = OPTIONS, **changes: Any) -> EmailMessage:
    return mailer.message(a_mail(**changes), opts, text=text, html="<p>örtlich</p>")


def send(mail: EmailMessage, port: int, folder: Path = Path("unused"), **changes: Any) -> None:
    mailer.mailer(replace(OPTIONS, smtp_port=port, **changes), folder=folder, helo="help.example")(mail)


@pytest.mark.smtp
def test_a_server_gets_text_and_html_with_the_id_we_gave() -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        send(built(), port)
    (mail,) = inbox.arrived
    assert mail["Message-ID"] == "<kind.abc@help.example>"
    assert (mail["Subject"], mail["To"]) == ("Grüße", "ana@ostreyvale.example")
    assert mail["From"].addresses[0].display_name == "Ostrey & Vale, Möbel"
    assert mail["Auto-Submitted"] == "auto-generated"  # nobody's holiday note answers us
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "örtlich" in plain.get_content()
    assert "<p>örtlich</p>" in html.get_content()


@pytest.mark.smtp
@pytest.mark.parametrize("stage", ["answer_rcpt", "answer_data"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("421 closing", Temporary),
        ("450 greylisted, come back", Temporary),
        ("452 mailbox full", Temporary),
        ("550 5.1.1 no such user", Refused),
        ("554 5.7.1 not wanted", Refused),
    ],
)
def test_not_now_and_never_are_told_apart(stage: str, answer: str, outcome: type[Exception]) -> None:
    inbox = Inbox(**{stage: lambda address: answer})
    with mail_server(inbox) as port, pytest.raises(outcome) as trouble:
        send(built(), port)
    assert answer[:3] in str(trouble.value)
    assert inbox.arrived == []


@pytest.mark.smtp
def test_a_server_that_is_not_there_means_later() -> None:
    with pytest.raises(Temporary):
        send(built(), free_port())


@pytest.mark.smtp
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailer, "TIMEOUT_SECONDS", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(Temporary):
            send(built(), silent.getsockname()[1])


@pytest.mark.smtp
def test_encryption_that_was_asked_for_is_never_done_without() -> None:
    inbox = Inbox()  # offers none
    with mail_server(inbox) as port, pytest.raises(Temporary):
        send(built(), port, smtp_tls=True)
    assert inbox.arrived == []


@pytest.mark.smtp
def test_a_wrong_password_is_our_mistake_and_not_the_recipients() -> None:
    """A server answers 535 to it, which must not be written on every person we tried to reach."""

    def answer(connection: socket.socket) -> None:
        stream = connection.makefile("rwb", buffering=0)
        stream.write(b"220 hello\r\n")
        for line in stream:
            said = {b"EHLO": b"250-x\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 5.7.8 wrong\r\n"}
            stream.write(said.get(line[:4].upper(), b"221 bye\r\n"))
            if line[:4].upper() == b"QUIT":
                break
        stream.close()
        connection.close()

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = threading.Thread(target=lambda: answer(listening.accept()[0]))
        server.start()
        with pytest.raises(Temporary, match="535"):
            send(built(), listening.getsockname()[1], smtp_user="portal", smtp_password="wrong")
        server.join(5)


@pytest.mark.parametrize("evil", ["a\r\nBcc: eve@evil.example", "a\nBcc: eve@evil.example", "a\x00b", "a\u2028Bcc: x"])
def test_nothing_that_was_typed_becomes_a_header(evil: str) -> None:
    """QUALITY S18."""
    mail = built(subject=evil, opts=replace(OPTIONS, portal_name=evil))
    parsed = message_from_bytes(mail.as_bytes(), policy=default)
    assert parsed["Bcc"] is None
    assert parsed["To"] == "ana@ostreyvale.example"
    assert "\n" not in str(parsed["Subject"]) + str(parsed["From"])


def test_a_recipient_with_a_line_break_is_not_sent_to() -> None:
    with pytest.raises(ValueError):
        built(to="ana@ostreyvale.example\r\nBcc: eve@evil.example")


def test_a_folder_gets_whole_files_once_for_each_mail(tmp_path: Path) -> None:
    for _ in range(2):
        send(built(), 0, folder=tmp_path / "mail", mail_mode="folder")
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == "Grüße"


def test_a_folder_that_cannot_be_written_means_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")
    with pytest.raises(Temporary):
        send(built(), 0, folder=tmp_path / "mail", mail_mode="folder")


def test_the_terminal_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    send(built("Choose a password: https://help.example/reset/x\n"), 0, mail_mode="console")
    told = capsys.readouterr().out
    assert "Mail to ana@ostreyvale.example: Grüße" in told
    assert "https://help.example/reset/x" in told
