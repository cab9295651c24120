"""What tickets keep about people: what they handed over, what they wrote on it, and their work at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.core.personal import PersonPlace, contributed, handled, private
from portal.tickets import models as models  # its tables are what is declared here
from portal.tickets.mail import keeping

PERSONAL = (
    contributed(
        "ticket.requester_id",
        _l("Tickets"),
        given=(
            *("id", "subject", "source", "status", "priority", "given", "opened_at", "resolved_at", "closed_at"),
            *("rating", "rating_comment", "rated_at"),
        ),
        words=("subject", "given", "rating_comment"),
    ),
    handled("ticket.opened_by_id", _l("Tickets they logged for somebody"), "id", "opened_at", "source"),
    handled("ticket.assignee_id", _l("Tickets they work on"), "id", "status"),
    handled("ticket.resolved_by_id", _l("Tickets they resolved"), "id", "resolved_at"),
    contributed("ticket_message.author_id", _l("What they wrote on tickets"), withheld=("html",)),
    private("ticket_person.person_id", _l("Tickets they were added to")),
    handled("ticket_person.added_by_id", _l("Colleagues they added to tickets"), "ticket_id", "at"),
    handled("ticket_article.person_id", _l("Articles they tied to tickets"), "ticket_id", "subject", "kind", "at"),
    private("hand_over.person_id", _l("Tickets they began to write")),
    private("ticket_presence.person_id", _l("Tickets they have open"), given=()),
    private("queue_member.person_id", _l("Queues they work")),
    private("saved_reply.person_id", _l("Their prepared replies")),
    private("saved_view.person_id", _l("Their views of the queue")),
    private("desk_habit.person_id", _l("How they work the queue")),
    private("out_of_office.person_id", _l("When they are away")),
    handled("out_of_office.stand_in_id", _l("Whom they stand in for"), "starts_at", "ends_at"),
    PersonPlace(
        name="mail-to-the-desk",
        label=_l("Mail they sent to the service desk"),
        export=keeping.told,
        count=keeping.n_from,
        erase=keeping.forget_from,
        files=keeping.letters,
    ),
    handled("incoming_mail.handled_by_id", _l("Mails they sorted"), "id", "outcome", "handled_at"),
)
