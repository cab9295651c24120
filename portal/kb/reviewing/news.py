"""What the knowledge base tells people about reviews, publishing and changes of what they follow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.notifications.kinds import PORTAL, Kind

NEWS = (
    Kind(
        key="review_asked",
        text=_l("Somebody asks me to look at a text"),
        line=_l("%(who)s asks you to look at “%(title)s”"),
        template="emails/review_asked.txt",
        icon="eye",
    ),
    Kind(
        key="review_waits",
        text=_l("A text waits until some editor has looked at it"),
        line=_l("%(who)s would like an editor to look at “%(title)s”"),
        template="emails/review_asked.txt",
        icon="eye",
        channels=PORTAL,
    ),
    Kind(
        key="changes_requested",
        text=_l("A text of mine is to be changed before it is published"),
        line=_l("%(who)s asks for changes in “%(title)s”"),
        template="emails/changes_requested.txt",
        icon="pencil",
    ),
    Kind(
        key="draft_approved",
        text=_l("A text of mine is approved"),
        line=_l("%(who)s approved “%(title)s”"),
        template="emails/draft_approved.txt",
        icon="check",
    ),
    Kind(
        key="draft_published",
        text=_l("A text of mine is published"),
        line=_l("%(who)s published “%(title)s”"),
        template="emails/draft_published.txt",
        icon="check",
    ),
    Kind(
        key="publish_failed",
        text=_l("A text could not be published at the time I set"),
        line=_l("“%(title)s” could not be published at its time"),
        template="emails/publish_failed.txt",
        icon="warning",
    ),
    Kind(
        key="text_put_back",
        text=_l("An editor puts the former text back after my change"),
        line=_l("%(who)s put back the former text of “%(title)s”"),
        template="emails/text_put_back.txt",
        icon="undo",
    ),
    Kind(
        key="article_changed",
        text=_l("An article I follow changes"),
        line=_l("%(who)s changed “%(title)s”"),
        template="emails/article_changed.txt",
        icon="pencil",
    ),
    Kind(
        key="article_mended",
        text=_l("An article that did not help me is rewritten"),
        line=_l("“%(title)s” did not help you; %(who)s has rewritten it"),
        template="emails/article_mended.txt",
        icon="refresh",
    ),
)
