"""The mails of a wave: written once for each language, filled in for each person as it leaves, and kept nowhere.

The Message-ID names the invitation and which of its mails it is, so a mail that is sent again after a crash is the same
mail to every inbox; a seal shows that it was ours when it comes back.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage

from flask_babel import force_locale
from markupsafe import escape

from portal.core.options import Options
from portal.notifications import letters, links, mailer
from portal.notifications.letters import Letter, one_line
from portal.notifications.models import OutboxMail
from portal.pulse import asking, news, tokens, wording
from portal.pulse.models import MailKind, Wave

NAME = "name-of-the-reader"
LINK = "https://link.invalid/"
CODE = "code-of-the-mail"
_MINE = re.compile(r"<?survey\.(\d+)\.(\d+)\.(invitation|reminder-1|reminder-2)\.([0-9a-f]{16})@")


@dataclass(frozen=True)
class Reader:
    """Whom a mail is for."""

    address: str
    first_name: str
    locale: str


@dataclass(frozen=True)
class Named:
    """The mail that a Message-ID names."""

    wave_id: int
    invitation_id: int
    kind: str
    seal: str

    @property
    def sealed(self) -> str:
        return f"{self.wave_id}.{self.invitation_id}.{self.kind}"


class Writer:
    """Writes the mails of one wave and kind. What asks the database is done by `prepare`, and nothing later."""

    def __init__(self, wave: Wave, kind: MailKind, opts: Options, *, is_test: bool = False) -> None:
        self._wave, self._kind, self._opts, self._is_test = wave, kind, opts, is_test
        self._sender, self._reply_to = wave.sender_name, wave.reply_to
        self._drafts: dict[str, Letter] = {}
        self._address = links.base() + "/survey"

    def prepare(self, locale: str) -> Letter:
        """Return the mail in a language, with the places that are filled in for each reader."""
        if locale not in self._drafts:
            kind = news.INVITATION if self._kind is MailKind.INVITATION else news.REMINDER
            self._drafts[locale] = letters.compose(kind, self._values(locale), locale=locale)
        return self._drafts[locale]

    def write(self, reader: Reader, *, token: str, message_id: str) -> EmailMessage:
        """Return the mail of one reader, whole; its language has been prepared."""
        draft = self._drafts[reader.locale]
        text, html = draft.text, draft.html
        for place, words in self._filling(reader, f"{self._address}#{token}", tokens.spelled(token)):
            text, html = text.replace(place, words), html.replace(place, str(escape(words)))
        mail = OutboxMail(message_id=message_id, to=reader.address, subject=draft.subject, reply_to=self._reply_to)
        built = mailer.message(mail, self._opts, text=text, html=html)
        del built["From"]
        built["From"] = Address(display_name=one_line(self._sender), addr_spec=one_line(self._opts.mail_from))
        if self._kind is not MailKind.INVITATION:
            built["List-Unsubscribe"] = f"<{links.base()}/account/notifications>"
        return built

    def shown(self, reader: Reader) -> Letter:
        """Return the mail as it will look, for a page; its code opens nothing."""
        draft = self.prepare(reader.locale)
        text = draft.text
        for place, words in self._filling(reader, self._address, tokens.spelled("0" * tokens.LENGTH)):
            text = text.replace(place, words)
        return Letter(draft.subject, text, "")

    @staticmethod
    def _filling(reader: Reader, link: str, code: str) -> tuple[tuple[str, str], ...]:
        return (NAME, reader.first_name), (LINK, link), (CODE, code)

    def _values(self, locale: str) -> dict[str, object]:
        wave = self._wave
        with force_locale(locale):
            asked = asking.questions(wave)
            return {
                "name": NAME,
                "url": LINK,
                "code": CODE,
                "address": self._address,
                "why": wave.why,
                "sender": wave.sender_name,
                "n_questions": asked.n_statements,
                "minutes": asked.minutes,
                "closes_on": wording.long_day(wave.closes_on),
                "threshold": wave.threshold,
                "comment_threshold": wave.comment_threshold,
                "is_last": self._kind.n_before == len(wave.reminder_days),
                "is_test": self._is_test,
            }


def message_id(key: bytes, *, wave_id: int, invitation_id: int, kind: str) -> str:
    """Return the name of a mail: the same however often it is sent."""
    name = f"{wave_id}.{invitation_id}.{kind}"
    return f"<survey.{name}.{_seal(key, name)}@{links.domain()}>"


def named(message_ids: Iterable[str]) -> Named | None:
    """Return which of our mails one of these is called after, if it looks like one."""
    found = next((found for each in message_ids if (found := _MINE.match(each.strip()))), None)
    return Named(int(found[1]), int(found[2]), found[3], found[4]) if found and len(found[2]) < 18 else None


def is_ours(key: bytes, name: Named) -> bool:
    """Say whether this portal gave a mail its name."""
    return hmac.compare_digest(name.seal, _seal(key, name.sealed))


def _seal(key: bytes, name: str) -> str:
    return hmac.digest(key, f"mail:{name}".encode(), "sha256").hex()[:16]
