"""What our own mail server found out about a sender, if it is named in the options. Nobody else's word counts."""

from __future__ import annotations

import re

from portal.tickets.mail.reading import Mail

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)


def is_forged(mail: Mail, judge: str) -> bool:
    """Say whether our server says that the mail is not from who it names.

    Only headers above the first foreign one are its own: a sender can write any below.
    """
    judge = judge.strip().lower()
    if not judge:
        return False
    found: dict[str, set[str]] = {}
    for header in mail.verdicts:
        server, _semicolon, results = _COMMENT.sub(" ", header).partition(";")
        if (server.split() or [""])[0].lower() != judge:
            break
        for method, result in _RESULT.findall(results):
            found.setdefault(method.lower(), set()).add(result.lower())
    if found.get("dmarc"):
        return "fail" in found["dmarc"] and "pass" not in found["dmarc"]
    return "fail" in found.get("spf", ()) and "pass" not in found.get("dkim", ())
