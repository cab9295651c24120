"""Tickets with what is said on them, the desk that works them, and the hours it promises."""

from portal.tickets.models.desk import OutOfOffice, Queue, QueueMember, RequestTemplate, SavedReply
from portal.tickets.models.hours import BusinessHours, Holiday, ServiceLevel
from portal.tickets.models.incoming import IncomingMail
from portal.tickets.models.tickets import (
    OPEN,
    HandOver,
    Knowledge,
    Link,
    Message,
    MessageKind,
    Presence,
    Priority,
    Source,
    Status,
    Ticket,
    TicketArticle,
    TicketPause,
    TicketPerson,
    TrailItem,
    TrailKind,
)

__all__ = [
    "OPEN",
    "BusinessHours",
    "HandOver",
    "Holiday",
    "IncomingMail",
    "Knowledge",
    "Link",
    "Message",
    "MessageKind",
    "OutOfOffice",
    "Presence",
    "Priority",
    "Queue",
    "QueueMember",
    "RequestTemplate",
    "SavedReply",
    "ServiceLevel",
    "Source",
    "Status",
    "Ticket",
    "TicketArticle",
    "TicketPause",
    "TicketPerson",
    "TrailItem",
    "TrailKind",
]
