"""From news to a mail: subject, text, and simple HTML made from the same words.

A template is a text. Its first line is the subject; blank lines part paragraphs; a paragraph of the form
`Words: https://…` becomes a link with these words in the HTML; one whose lines begin with `>` is a quotation.
What somebody wrote goes into a letter as nothing else (`quoted`), so it cannot pose as the letter's own link. So
nobody keeps two versions of one letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale

from portal.core import options
from portal.notifications import links
from portal.notifications.kinds import Kind

SECRET_LINK = "https://secret.invalid/"  # noqa: S105 - the opposite of a secret
"""Stands where a one-time address will be; filled in when the mail leaves."""
LOGO = "logo"
"""Under this name the logo travels within the mail: a picture from elsewhere would tell when it is read."""

_ACTION = re.compile(r"(?P<words>[^\n]+?): (?P<url>https?://\S+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the HTML form; with a `url` it is a link."""

    text: str
    url: str = ""
    is_quote: bool = False


@dataclass(frozen=True)
class Letter:
    """What is stored in the outbox."""

    subject: str
    text: str
    html: str


def compose(kind: Kind, values: Mapping[str, Any], *, locale: str) -> Letter:
    """Write the letter in the reader's language. Works without a request, hence without what pages are given."""
    env, opts = current_app.jinja_env, options.get()
    with force_locale(locale):
        frame = {
            "portal_name": opts.portal_name,
            "home_url": links.base() + "/",
            "is_account_matter": kind.is_account_matter,
            "quoted": quoted,
            "logo": LOGO if opts.logo else "",
            "logo_alt": opts.logo_alt,
        }
        written = env.get_template(kind.template).render({**frame, **values})
        subject, _, body = written.strip().partition("\n")
        body = re.sub(r"\n\s*\n\s*", "\n\n", body.strip())
        paragraphs = [_paragraph(text) for text in body.split("\n\n")]
        text = env.get_template("emails/frame.txt").render(frame, body=body)
        html = env.get_template("emails/frame.html").render(
            frame, subject=subject, paragraphs=paragraphs, locale=locale
        )
    return Letter(one_line(subject)[:200], text.strip() + "\n", html)


def quoted(words: str) -> str:
    """Return what somebody wrote as one paragraph of a letter, each of its lines marked as theirs."""
    return "\n".join(f"> {_CONTROL.sub(' ', line)}".rstrip() for line in words.strip().splitlines())


def _paragraph(text: str) -> Paragraph:
    lines = text.split("\n")
    if all(line.startswith(">") for line in lines):
        return Paragraph("\n".join(line[2:] for line in lines), is_quote=True)
    if found := _ACTION.fullmatch(text):
        return Paragraph(found["words"], found["url"])
    return Paragraph(text)


def one_line(text: str) -> str:
    """Return a text fit for a header: no line breaks, no control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())
