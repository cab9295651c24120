"""What the knowledge base tells people about looking after articles and about what readers suggest."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.notifications.kinds import PORTAL, Kind

NEWS = (
    Kind(
        key="article_given",
        text=_l("I am to look after an article"),
        line=_l("%(who)s asks you to look after “%(title)s”"),
        template="emails/article_given.txt",
        icon="user",
    ),
    Kind(
        key="articles_given",
        text=_l("I am to look after several articles"),
        line=_l("%(who)s asks you to look after %(n)s articles"),
        template="emails/articles_given.txt",
        icon="user",
    ),
    Kind(
        key="articles_taken",
        text=_l("Somebody else takes over my articles"),
        line=_l("%(heirs)s looks after %(n)s articles of yours from now on"),
        template="emails/articles_taken.txt",
        icon="user",
        channels=PORTAL,
    ),
    Kind(
        key="checks_due",
        text=_l("Articles I look after are to be checked again"),
        line=_l("Articles wait for your check: %(n)s"),
        template="emails/checks_due.txt",
        icon="clock",
    ),
    Kind(
        key="desk_row_given",
        text=_l("I am to see to something on the editors’ desk"),
        line=_l("%(who)s asks you: %(title)s"),
        template="emails/desk_row_given.txt",
        icon="pencil",
    ),
    Kind(
        key="now_an_answer",
        text=_l("What I asked about has become an answer"),
        line=_l("What you asked about is now an answer: “%(title)s”"),
        template="emails/now_an_answer.txt",
        icon="answer",
    ),
    Kind(
        key="suggestion",
        text=_l("Somebody suggests a change to an article of mine"),
        line=_l("%(who)s suggests a change to “%(title)s”"),
        template="emails/suggestion.txt",
        icon="pencil",
    ),
    Kind(
        key="suggestion_taken",
        text=_l("My suggestion is taken up"),
        line=_l("%(who)s takes up what you suggested for “%(title)s”"),
        template="emails/suggestion_taken.txt",
        icon="check",
        channels=PORTAL,
    ),
    Kind(
        key="suggestion_declined",
        text=_l("My suggestion is not taken up"),
        line=_l("%(who)s answered what you suggested for “%(title)s”"),
        template="emails/suggestion_declined.txt",
        icon="answer",
    ),
    Kind(
        key="suggestion_closed",
        text=_l("An article I suggested a change to is archived"),
        line=_l("“%(title)s” was archived, so your suggestion is closed"),
        template="emails/suggestion_closed.txt",
        icon="info",
        channels=PORTAL,
    ),
    Kind(
        key="suggestion_published",
        text=_l("My suggestion is in the article"),
        line=_l("Your suggestion is in “%(title)s” now"),
        template="emails/suggestion_published.txt",
        icon="check",
    ),
)
