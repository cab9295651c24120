"""What editors do with articles beside writing them, and who follows what."""

from analytics.facts import change, flag, maybe, number, text
from analytics.vocabulary.shared import VERSION

_DRAFT = number("row of the draft")

article_submitted = change(
    "A draft was sent to review. Sending it again to another person writes it again.",
    about="article",
    draft=_DRAFT,
    is_asked=flag("whether somebody was asked by name"),
)

article_review_withdrawn = change(
    "A draft was taken back from review by somebody who may write it.",
    about="article",
    draft=_DRAFT,
)

article_review_commented = change(
    "A reviewer's or author's remark on a draft was stored.",
    about="article",
    draft=_DRAFT,
    comment=number("row of the remark"),
)

article_changes_requested = change(
    "A reviewer sent a draft back to its authors.",
    about="article",
    audit=True,
    draft=_DRAFT,
    hours=maybe(number("whole hours it had waited")),
)

article_approved = change(
    "A reviewer who had not written it said that a draft is right. A later change of its text makes this void.",
    about="article",
    audit=True,
    draft=_DRAFT,
    hours=maybe(number("whole hours it had waited")),
)

article_scheduled = change(
    "A draft was given a time at which it is published.",
    about="article",
    draft=_DRAFT,
    publish_at=text("the time in UTC, in ISO 8601"),
)

article_unscheduled = change(
    "A draft lost its time: somebody called it off, or it could not be published when the time had come.",
    about="article",
    draft=_DRAFT,
    is_failure=flag("whether publishing was tried and refused"),
)

article_looked_at = change(
    "An editor looked at changes that readers of a wiki topic had published.",
    about="article",
    revision=number("the last one they looked at"),
)

article_renamed = change(
    "An article got another title or address; its old address leads to it.",
    about="article",
    audit=True,
    before=text("title and address before"),
    after=text("title and address now"),
)

article_moved = change(
    "An article was filed under another topic.",
    about="article",
    audit=True,
    before=text("the topic it was filed under"),
    after=text("the topic it is filed under now"),
    version=maybe(VERSION),
)

article_merged = change(
    "An article was taken off the shelves because another says the same; its addresses lead there.",
    about="article",
    audit=True,
    into=text("the article that stays"),
)

article_split = change(
    "Parts of an article became the draft of another, and a draft without them that of the article.",
    about="article",
    audit=True,
    into=text("the article that was begun"),
    headings=number("how many parts were taken out"),
)

article_restored = change(
    "An archived article came back onto the shelves.",
    about="article",
    audit=True,
    version=maybe(VERSION),
)

article_redirected = change(
    "An editor let an address lead to an article.",
    about="article",
    audit=True,
    slug=text("the address"),
)

ROW = text("the row of the desk, as kind and number")

desk_row_assigned = change(
    "Somebody is to see to a row of the editors' desk from now on, or nobody in particular any more.",
    about="the row",
    row=ROW,
    before=maybe(number("id of the person who was to")),
    after=maybe(number("id of the person who is to now")),
)

desk_row_brought_back = change(
    "A row of the editors' desk that was put aside stands on it again. One whose time is over comes back by itself"
    " and writes nothing.",
    about="the row",
    row=ROW,
)

desk_row_put_aside = change(
    "An editor put a row of the desk out of sight, for everybody.",
    about="the row",
    row=ROW,
    reason=text("why", "later", "answered", "not_ours", "fine", "other"),
    until=maybe(text("until when, as YYYY-MM-DD; left out: until twice as many people meet it")),
)

follow_started = change(
    "Somebody chose to hear of changes of a thing. Following by writing or owning writes nothing.",
    about="the thing that is followed",
)

follow_ended = change(
    "Somebody chose not to hear of changes of a thing any more.",
    about="the thing that was followed",
)
