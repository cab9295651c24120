"""What people can be told, as data. A feature declares its own kinds where it is wired into the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.core.refs import Ref
from portal.notifications.models import Channel

BOTH = frozenset({Channel.PORTAL, Channel.MAIL})
PORTAL = frozenset({Channel.PORTAL})
MAIL = frozenset({Channel.MAIL})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of news.

    `line` may name %(who)s (who did it), %(title)s (of the thing, as this reader may see it) and words of the data.
    `template` is a text whose first line is the subject; it gets the same words, and `url`.
    """

    key: str
    text: LazyString | str
    """How the preferences page names it: "Somebody answers my feedback"."""
    line: LazyString | str
    template: str
    icon: str = "bell"
    channels: frozenset[Channel] = BOTH
    """How people are told who chose nothing."""
    is_account_matter: bool = False
    """About the account itself: always sent, at once, also to whoever caused it; no preference, no quiet hours."""
    tells_doer: bool = False
    """Also for whoever caused it: a receipt."""
    secret_link: Callable[[Ref], str] | None = None
    """Makes the one-time address for the mail when it leaves, so that no copy of it is stored (see `mailer`)."""


KINDS: dict[str, Kind] = {}


def declare(*kinds: Kind) -> None:
    """Make kinds known; the same twice is harmless (tests build many apps), another under a known key is not."""
    for kind in kinds:
        known = KINDS.setdefault(kind.key, kind)
        if known.template != kind.template:
            raise ValueError(f"two kinds of news are called {kind.key!r}")


def get(key: str) -> Kind:
    """Return the kind; one nobody declared is a mistake in the code (LookupError)."""
    try:
        return KINDS[key]
    except KeyError:
        raise LookupError(f"no feature declares news of the kind {key!r}") from None


def chosen() -> list[Kind]:
    """Return the kinds people can choose about, as the preferences page lists them."""
    return [kind for kind in KINDS.values() if not kind.is_account_matter]


def words(kind: Kind, values: Mapping[str, str]) -> str:
    """Return the kind's line with its words filled in; a word that is missing stays empty."""
    return str(kind.line) % _Gaps(values)


class _Gaps(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


declare(
    Kind(
        key="article_feedback",
        text=_l("Somebody says what was missing in an article of mine"),
        line=_l("%(who)s told you what was missing in “%(title)s”"),
        template="emails/article_feedback.txt",
        icon="flag",
    ),
    Kind(
        key="article_note",
        text=_l("Somebody leaves a note below an article of mine"),
        line=_l("%(who)s left a note below “%(title)s”"),
        template="emails/article_note.txt",
        icon="question",
        channels=PORTAL,
    ),
    Kind(
        key="feedback_reply",
        text=_l("Somebody answers my feedback"),
        line=_l("%(who)s answered what you said about “%(title)s”"),
        template="emails/feedback_reply.txt",
        icon="answer",
    ),
    Kind(
        key="mail_test",
        text=_l("A test mail"),
        line=_l("A test mail was sent to you"),
        template="emails/mail_test.txt",
        icon="mail",
        channels=MAIL,
        is_account_matter=True,
    ),
)
