"""What the community tells people. Nobody is told because they were merely named."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.notifications.kinds import PORTAL, Kind

NEWS = (
    Kind(
        key="question_answered",
        text=_l("Somebody answers a question of mine"),
        line=_l("%(who)s answered “%(title)s”"),
        template="emails/question_answered.txt",
        icon="answer",
    ),
    Kind(
        key="answer_accepted",
        text=_l("An answer of mine solved it"),
        line=_l("Your answer to “%(title)s” solved it for %(who)s"),
        template="emails/answer_accepted.txt",
        icon="check",
    ),
    Kind(
        key="post_commented",
        text=_l("Somebody comments on a question or an answer of mine"),
        line=_l("%(who)s commented below “%(title)s”"),
        template="emails/post_commented.txt",
        icon="question",
        channels=PORTAL,
    ),
    Kind(
        key="followed_answered",
        text=_l("A question I follow gets an answer"),
        line=_l("%(who)s answered “%(title)s”, which you follow"),
        template="emails/followed_answered.txt",
        icon="answer",
        channels=PORTAL,
    ),
    Kind(
        key="followed_solved",
        text=_l("A question I follow is solved"),
        line=_l("“%(title)s”, which you follow, is solved"),
        template="emails/followed_solved.txt",
        icon="check",
        channels=PORTAL,
    ),
    Kind(
        key="question_duplicate",
        text=_l("A question of mine was asked before"),
        line=_l("%(who)s says that your question was asked before: “%(title)s”"),
        template="emails/question_duplicate.txt",
        icon="question",
        channels=PORTAL,
    ),
    Kind(
        key="question_invited",
        text=_l("Somebody asks me by name to answer a question"),
        line=_l("%(who)s asks you to answer “%(title)s”"),
        template="emails/question_invited.txt",
        icon="people",
    ),
    Kind(
        key="invitation_declined",
        text=_l("Somebody I asked to answer cannot help"),
        line=_l("%(who)s cannot help with “%(title)s”. %(reason)s"),
        template="emails/invitation_declined.txt",
        icon="people",
        channels=PORTAL,
    ),
    Kind(
        key="tip_thanked",
        text=_l("Somebody thanks me for a tip"),
        line=_l("%(who)s thanks you for “%(title)s”"),
        template="emails/tip_thanked.txt",
        icon="heart",
        channels=PORTAL,
    ),
    Kind(
        key="post_taken_away",
        text=_l("An editor takes away what I wrote"),
        line=_l("%(who)s took away what you wrote: “%(title)s”"),
        template="emails/post_taken_away.txt",
        icon="trash",
    ),
    Kind(
        key="flag_decided",
        text=_l("An editor decides about something I flagged"),
        line=_l("%(who)s looked at what you flagged. %(reply)s"),
        template="emails/flag_decided.txt",
        icon="flag",
    ),
    Kind(
        key="question_waits",
        text=_l("A question about what I know waits for an answer"),
        line=_l("Nobody has answered “%(title)s” yet"),
        template="emails/question_waits.txt",
        icon="question",
        channels=PORTAL,
    ),
)
