"""What the roadmap tells people: what became of what they proposed, wanted or follow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.notifications.kinds import PORTAL, Kind

NEWS = (
    Kind(
        key="idea_answered",
        text=_l("An idea of mine, or one I want or follow, is answered"),
        line=_l("%(who)s answered the idea “%(title)s”"),
        template="emails/idea_answered.txt",
        icon="tip",
    ),
    Kind(
        key="idea_commented",
        text=_l("Somebody comments on an idea of mine"),
        line=_l("%(who)s commented on your idea “%(title)s”"),
        template="emails/idea_commented.txt",
        icon="question",
        channels=PORTAL,
    ),
    Kind(
        key="item_moved",
        text=_l("What I proposed, want or follow moves on the roadmap"),
        line=_l("“%(title)s” moved on the roadmap"),
        template="emails/item_moved.txt",
        icon="map",
        channels=PORTAL,
    ),
    Kind(
        key="item_proven",
        text=_l("What I proposed, want or follow was delivered and is proven"),
        line=_l("“%(title)s” was delivered, and the gap has closed"),
        template="emails/item_proven.txt",
        icon="check",
    ),
    Kind(
        key="item_unproven",
        text=_l("What I proposed, want or follow was delivered and is not proven"),
        line=_l("“%(title)s” was delivered; whether it helped is not proven"),
        template="emails/item_unproven.txt",
        icon="clock",
    ),
)
