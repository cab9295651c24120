"""Accounts: who may enter, and who did."""

from analytics.facts import anything, change, flag, looking, maybe, number, text, texts

SESSION = number("id of the session")

option_changed = change(
    "An administrator saved an option of the portal with a new value; one fact for each option that differs.",
    about="nothing",
    audit=True,
    option=text("name of the option"),
    before=anything("the old value; left out where the option is a secret"),
    after=anything("the new value; left out where the option is a secret"),
)

password_changed = change(
    "A signed-in person replaced the own password, the current one having been asked for.",
    about="person",
    audit=True,
    sessions_ended=maybe(number("how many other sessions ended with it")),
)

password_reset = change(
    "A link from a reset mail was used up and a new password set.",
    about="person",
    audit=True,
    sessions_ended=maybe(number("how many sessions ended with it")),
)

password_reset_requested = change(
    "A reset mail was put in the outbox for an account that exists. Asking for an unknown address writes nothing.",
    about="person",
    audit=True,
    by=maybe(text("who asked", "self", "admin")),
)

permission_denied = looking(
    "Somebody asked for what they may not do and was refused with 403. What they may not know of (404) is"
    " not recorded: most of those are mistyped addresses.",
    about="the thing refused, where there is one",
    audit=True,
    permission=maybe(text("the permission that was missing")),
    endpoint=maybe(text("name of the route")),
)

service_token_created = change(
    "An administrator made a token for a service, a program that is nobody's; its text was shown once.",
    about="service_token",
    audit=True,
    label=text("name of the service"),
    roles=texts("the roles it acts with"),
    scopes=texts("what it is good for"),
    expires_on=maybe(text("last day it works, as YYYY-MM-DD; left out: until revoked")),
)

service_token_revoked = change(
    "An administrator made a service's token useless.",
    about="service_token",
    audit=True,
    label=text("name of the service"),
)

session_ended = change(
    "A session was ended on the server by somebody's act. One that merely runs out writes nothing.",
    about="person",
    audit=True,
    session=maybe(SESSION),
    reason=text(
        "why it ended",
        "signed_out",
        "ended_elsewhere",
        "password_changed",
        "roles_changed",
        "deactivated",
    ),
)

session_started = change(
    "Somebody signed in and a session row was written.",
    about="person",
    audit=True,
    session=maybe(SESSION),
    method=text("how they proved who they are", "password", "setup", "invitation", "reset", "demo"),
    is_remembered=maybe(flag("whether they asked to stay signed in")),
)

setup_completed = change(
    "The first administrator was created on the set-up page and the page closed for good.",
    about="person",
    audit=True,
    is_public=maybe(flag("whether everybody may read without signing in")),
)

sign_in_failed = change(
    "A sign-in was refused. What was typed is never kept; the subject is the person only where the address is"
    " that of an account.",
    about="person, where the account exists",
    audit=True,
    reason=text("why it was refused", "wrong_password", "unknown", "inactive", "too_many"),
)

token_created = change(
    "Somebody made a token for programs; its text was shown once.",
    about="person",
    audit=True,
    token=number("id of the token"),
    label=maybe(text("the name they gave it")),
    scopes=maybe(texts("what it is good for")),
    expires_on=maybe(text("last day it works, as YYYY-MM-DD")),
)

token_revoked = change(
    "A token stopped working because somebody revoked it or its owner was deactivated.",
    about="person",
    audit=True,
    token=number("id of the token"),
)
