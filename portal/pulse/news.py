"""What waves tell people. An invitation reaches everybody; what else there is can be chosen away like other news."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.notifications.kinds import MAIL, PORTAL, Kind

INVITATION = Kind(
    key="survey_invitation",
    text=_l("An invitation to a survey"),
    line="",
    template="emails/survey_invitation.txt",
    channels=MAIL,
    is_account_matter=True,
)
"""Not declared, so that nobody chooses it away unawares: it is sent once a wave, and past the outbox."""

REMINDER = Kind(
    key="survey_reminder",
    text=_l("A reminder of a survey I have not answered, twice at most"),
    line=_l("A survey you have not answered closes soon"),
    template="emails/survey_reminder.txt",
    icon="clock",
    channels=MAIL,
)

OUTCOME = Kind(
    key="survey_outcome",
    text=_l("What came of a survey is published"),
    line=_l("What came of “%(title)s”: you said, we did"),
    template="emails/survey_outcome.txt",
    icon="answer",
    channels=PORTAL,
)

NEWS = (REMINDER, OUTCOME)
