"""Who may do what with notices and announcements. Used by services and templates, so that a button never lies."""

from __future__ import annotations

from portal.core.actor import Actor
from portal.core.permissions import Permission, Role
from portal.core.refs import Ref
from portal.home.models import Announcement, Incident


def can_declare(actor: Actor) -> bool:
    return actor.can(Permission.INCIDENT_DECLARE)


def can_change(actor: Actor, incident: Incident) -> bool:
    """Whoever may declare may also mend what a colleague declared; what is over stays as it was."""
    return can_declare(actor) and actor.sees(incident.access_key) and incident.is_up


def can_echo(actor: Actor) -> bool:
    return actor.is_signed_in and actor.can(Permission.INCIDENT_ECHO)


def can_announce(actor: Actor) -> bool:
    """Nobody announces in another's name: readers would take it for their word."""
    return announces(actor) and not actor.is_acting_for


def announces(actor: Actor) -> bool:
    """Whose part it is to announce things, whoever sits in their place."""
    return actor.is_signed_in and actor.can(Permission.ANNOUNCE)


def can_name(actor: Actor, sender: Ref) -> bool:
    """Whom somebody may name as the sender: themselves; HR and administrators also others, who are asked.

    HR speaks for its own department, administrators for any.
    """
    if sender == Ref("person", actor.person_id or 0):
        return True
    if sender.kind == "department":
        is_own = actor.department_id is not None and sender.id == actor.department_id
        return Role.ADMIN in actor.roles or (Role.ANALYST in actor.roles and is_own)
    return sender.kind == "person" and can_name_others(actor)


def can_name_others(actor: Actor) -> bool:
    return can_announce(actor) and bool({Role.ADMIN, Role.ANALYST} & actor.roles)


def sender_of(announcement: Announcement) -> Ref:
    if announcement.department_id is not None:
        return Ref("department", announcement.department_id)
    return Ref("person", announcement.sender_id or 0)


def can_see_early(actor: Actor, announcement: Announcement) -> bool:
    """Before it begins, and when it is over: who wrote it, its sender, and colleagues who announce things too."""
    if not actor.is_signed_in:
        return False
    is_own = actor.person_id in (announcement.created_by_id, announcement.sender_id)
    return is_own or (announces(actor) and actor.sees(announcement.access_key))


def can_change_announcement(actor: Actor, announcement: Announcement) -> bool:
    """Who wrote it, its sender, and who may speak for that sender; what is over stays as it was."""
    is_own = actor.person_id in (announcement.created_by_id, announcement.sender_id)
    may = is_own or (can_name(actor, sender_of(announcement)) and can_see_early(actor, announcement))
    return can_announce(actor) and may and announcement.state != "over"


def can_end(actor: Actor, announcement: Announcement) -> bool:
    """Whoever announces things may take one down that they see."""
    return announces(actor) and can_see_early(actor, announcement)


def can_answer(actor: Actor, announcement: Announcement) -> bool:
    """The sender, themselves: who acts for them does not agree in their name."""
    return actor.is_signed_in and not actor.is_acting_for and announcement.sender_id == actor.person_id
