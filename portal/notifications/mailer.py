"""The seam to the world's mail: a server, a folder of files, or the terminal.

Three outcomes and no others: it returned (the other side has the mail), `Temporary` (try again later) or `Refused`
(this address will not take it, ever).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import click

from portal.core import clock
from portal.core.options import Options
from portal.notifications.letters import LOGO, one_line
from portal.notifications.models import OutboxMail

TIMEOUT_SECONDS = 20.0

Mailer = Callable[[EmailMessage], None]


class Temporary(Exception):
    """Not now: the server is away, busy, or wrongly set up."""


class Refused(Exception):
    """Never: the server answered for good that it does not take this mail for this address."""

    def __init__(self, code: int, text: str, *, is_of_address: bool = True) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.is_of_address = is_of_address
        """Said of the address; otherwise of the mail, so that another one may be taken."""


def message(mail: OutboxMail, opts: Options, *, text: str, html: str, logo: Path | None = None) -> EmailMessage:
    """Build the mail; header values are single lines whatever the options hold. The logo travels within it."""
    built = EmailMessage(policy=SMTP)
    built["Message-ID"] = mail.message_id
    built["Date"] = format_datetime(clock.now())
    built["From"] = Address(display_name=one_line(opts.portal_name), addr_spec=one_line(opts.mail_from))
    built["To"] = Address(addr_spec=mail.to)
    built["Subject"] = one_line(mail.subject)
    if mail.reply_to:
        built["Reply-To"] = Address(addr_spec=one_line(mail.reply_to))
    if mail.refers_to:
        built["In-Reply-To"] = one_line(mail.refers_to).rpartition(" ")[2]
        built["References"] = one_line(mail.refers_to)
    built["Auto-Submitted"] = "auto-generated"
    built["X-Auto-Response-Suppress"] = "All"
    built.set_content(text)
    built.add_alternative(html, subtype="html")
    if logo is not None and logo.is_file() and f"cid:{LOGO}" in html:
        page = built.get_body(("html",))
        subtype = {"jpg": "jpeg"}.get(logo.suffix[1:], logo.suffix[1:])
        if isinstance(page, EmailMessage):
            page.add_related(logo.read_bytes(), "image", subtype, cid=f"<{LOGO}>", disposition="inline")
    return built


def mailer(opts: Options, *, folder: Path, helo: str) -> Mailer:
    """Return the way mail leaves, by the administrator's options."""
    if opts.mail_mode == "smtp":
        return lambda mail: _by_server(mail, opts, helo)
    if opts.mail_mode == "folder":
        return lambda mail: _into_folder(mail, folder)
    return _to_terminal


@contextmanager
def kept_open(opts: Options, *, folder: Path, helo: str) -> Iterator[Mailer]:
    """Yield the same way for many mails: over one connection, made when first needed and anew after trouble."""
    if opts.mail_mode != "smtp":
        yield mailer(opts, folder=folder, helo=helo)
        return
    line = _Line(opts, helo)
    try:
        yield line.send
    finally:
        line.close()


class _Line:
    """A connection that lasts."""

    def __init__(self, opts: Options, helo: str) -> None:
        self._opts, self._helo = opts, helo
        self._server: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage) -> None:
        try:
            self._server = self._server or _connect(self._opts, self._helo)
            _hand_over(self._server, mail)
        except (Refused, Temporary):  # an answer; the server hangs up after some of them
            if self._server is not None and self._server.sock is None:
                self._server = None
            raise
        except (smtplib.SMTPException, OSError, ValueError) as trouble:
            self.close(is_broken=True)
            raise Temporary(f"{type(trouble).__name__}: {trouble}"[:500]) from None

    def close(self, *, is_broken: bool = False) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            if not is_broken:
                server.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            server.close()


def _by_server(mail: EmailMessage, opts: Options, helo: str) -> None:
    try:
        with _connect(opts, helo) as server:
            _hand_over(server, mail)
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        # A wrong password or sender is answered with 5xx as well, but it is our mistake, not the recipient's.
        raise Temporary(f"{type(trouble).__name__}: {trouble}"[:500]) from None


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, text = next(iter(refusal.recipients.values()))
        raise _judge(code, text) from None
    except smtplib.SMTPDataError as refusal:
        raise _judge(refusal.smtp_code, refusal.smtp_error, is_of_address=False) from None
    except smtplib.SMTPNotSupportedError as trouble:  # an address with letters this server cannot read
        raise Refused(553, str(trouble)) from None


def _judge(code: int, text: bytes | str, *, is_of_address: bool = True) -> Temporary | Refused:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    words = one_line(words)[:300]
    if 500 <= code < 600:
        return Refused(code, words, is_of_address=is_of_address)
    return Temporary(f"{code} {words}")


def _connect(opts: Options, helo: str) -> smtplib.SMTP:
    if opts.smtp_tls and opts.smtp_port == 465:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            opts.smtp_host, opts.smtp_port, helo, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(opts.smtp_host, opts.smtp_port, helo, timeout=TIMEOUT_SECONDS)
    try:
        if opts.smtp_tls and opts.smtp_port != 465:
            server.starttls(context=ssl.create_default_context())
        if opts.smtp_user:
            server.login(opts.smtp_user, opts.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _into_folder(mail: EmailMessage, folder: Path) -> None:
    """Write a file named by the Message-ID, so that sending again replaces it; whole or not at all."""
    name = mail["Message-ID"].strip("<>").partition("@")[0]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.part"
        draft.write_bytes(mail.as_bytes())
        draft.chmod(0o600)
        os.replace(draft, folder / f"{name}.eml")
    except OSError as trouble:
        raise Temporary(str(trouble)) from None


def _to_terminal(mail: EmailMessage) -> None:
    body = mail.get_body(("plain",))
    words = body.get_content() if body is not None else ""
    click.echo(f"\nMail to {mail['To']}: {mail['Subject']}\n\n{words}")
