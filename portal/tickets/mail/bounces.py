"""Mail that came back: what a server says of a mail it did not deliver, in the standard form and in others'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from portal.tickets.mail import charsets

LOOKED_AT = 300_000
_SENDERS = re.compile(r"(?:mailer-?daemon|postmaster|mail delivery (?:sub)?system|bounce[sd]?\b)", re.IGNORECASE)
_SUBJECTS = re.compile(
    r"(?:undeliver|un(?:able|successful).{0,20}deliver|deliver\w* (?:status|fail|report|problem|has failed)"
    r"|(?:mail|message) (?:delivery )?(?:fail|returned)|returned mail|failure notice|unzustellbar|nicht zugestellt"
    r"|non remis|échec de (?:la )?remise|no se (?:pudo|puede) entregar|mancata consegna|niet (?:be|af)geleverd)",
    re.IGNORECASE,
)
_ID = re.compile(r"<[^<>\s]{1,290}>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ANSWER = re.compile(
    r"^[^\n]{0,200}\b([45]\d\d)[ -](?:#?[245]\.\d{1,3}\.\d{1,3}[ :]|[A-Za-z<])[^\n]{0,250}", re.MULTILINE
)


@dataclass(frozen=True)
class Bounce:
    """What a server said of mail that it did not deliver."""

    ids: tuple[str, ...]
    """Message-IDs that it names; one of them may be ours."""
    code: str
    words: str
    is_final: bool
    """Not merely late."""


def read(message: Message, headers: dict[str, list[str]], raw: bytes) -> Bounce | None:
    """Return what came back, None for any other mail."""
    status = _report(message)
    if status is None and not _looks_like_one(headers):
        return None
    text = charsets.clean(raw[:LOOKED_AT].decode("utf-8", "replace"))
    body = text.partition("\n\n")[2]
    told = status if status is not None else body
    code = _code(told) or _code(body)
    action = re.search(r"^action:\s*(\w+)", told, re.IGNORECASE | re.MULTILINE)
    is_final = action[1].lower() == "failed" if action else not code.startswith("4")
    return Bounce(tuple(dict.fromkeys(_ID.findall(body)))[:200], code, _words(told) or _words(body), is_final)


def _report(message: Message) -> str | None:
    """Return the part for machines of a report in the standard form."""
    for part in list(message.walk())[:50]:
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            pieces = [str(block) for block in blocks] if isinstance(blocks, list) else [str(blocks)]
            return charsets.clean("\n".join(pieces))[:LOOKED_AT]
    return None


def _looks_like_one(headers: dict[str, list[str]]) -> bool:
    """Say whether it says so in its subject, and a mail system rather than a person wrote it."""
    sender, subject = headers.get("from", [""])[0], headers.get("subject", [""])[0]
    is_nobodys = "<>" in [value.strip() for value in headers.get("return-path", [])[:1]]
    is_failure = bool(_SUBJECTS.search(subject)) or "x-failed-recipients" in headers
    return is_failure and (is_nobodys or bool(_SENDERS.search(sender)))


def _code(text: str) -> str:
    if found := re.search(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", text, re.IGNORECASE | re.MULTILINE):
        return found[1]
    if found := _STATUS.search(text):
        return found[0]
    return found[1] if (found := _ANSWER.search(text)) else ""


def _words(text: str) -> str:
    """Return the line in which the other server says why."""
    if found := re.search(
        r"^diagnostic-code:\s*(.{1,600}?)(?=\n\S|\n\n|\Z)", text, re.IGNORECASE | re.MULTILINE | re.DOTALL
    ):
        return " ".join(found[1].partition(";")[2].split() or found[1].split())[:300]
    found = _ANSWER.search(text)
    return " ".join(found[0].split())[:300] if found else ""
