"""What programs may ask about people: who the token stands for, and for administrators everybody's accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import services as accounts
from portal.core.actor import Actor
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.operations import cursors
from portal.core.operations.operation import PREFIX, Call, Operation, Reply
from portal.core.operations.shapes import choice, many, maybe, moment, page_of, text, thing, whole, yes_no
from portal.core.permissions import Permission, Role
from portal.core.scopes import Scope
from portal.people import services
from portal.people.models import Department, Person, Site

GROUP = "People"
ROLES = many(choice(*(role.value for role in Role if role is not Role.READER)), "Beyond reading, which is everybody's.")

ME = thing(
    "Me",
    "Whom the token stands for, and what it is good for.",
    needed={
        "kind": choice("person", "service", about="Somebody, or a program that is nobody's."),
        "id": maybe(whole("Of the person; null for a service.")),
        "name": text(),
        "roles": many(choice(*(role.value for role in Role))),
        "scopes": many(choice(*(scope.value for scope in Scope)), "What the token is good for."),
        "locale": text(),
        "timezone": text(),
    },
)
PERSON = thing(
    "Person",
    needed={
        "id": whole(),
        "name": text(),
        "email": text(),
        "staff_number": maybe(text()),
        "department": maybe(text("Short name of the department.")),
        "site": maybe(text("Short name of the site.")),
        "roles": ROLES,
        "is_active": yes_no("False: deactivated."),
        "created_at": moment(),
        "deactivated_at": maybe(moment()),
    },
)
NAME = text(least=1, most=120, example="Tom Reed")
EMAIL = text(least=3, most=254, example="tom@ostreyvale.example")
PLACES = {
    "department": maybe(text("Short name of the department; null for none.", most=64)),
    "site": maybe(text("Short name of the site; null for none.", most=64)),
}
AT = {"id": whole("Number of the person.", least=1)}


def me(call: Call) -> Reply:
    who = call.actor
    return Reply(
        body={
            "kind": "person" if who.person_id is not None else "service",
            "id": who.person_id,
            "name": who.name,
            "roles": sorted(role.value for role in who.roles),
            "scopes": sorted(scope.value for scope in who.scopes or ()),
            "locale": who.locale,
            "timezone": who.timezone,
        }
    )


def people(call: Call) -> Reply:
    call.actor.require(Permission.PERSON_MANAGE)
    after, limit = cursors.after("people", call.query), call.query.get("limit", cursors.USUAL)
    query = select(Person).options(selectinload(Person.roles), joinedload(Person.department), joinedload(Person.site))
    if after is not None:
        query = query.where(Person.id > after[0])
    if "is_active" in call.query:
        query = query.where(Person.is_active.is_(call.query["is_active"]))
    if "email" in call.query:
        query = query.where(Person.email == call.query["email"].strip().lower())
    if "q" in call.query:
        words = call.query["q"]
        query = query.where(
            Person.name.icontains(words, autoescape=True) | Person.email.icontains(words, autoescape=True)
        )
    rows = list(db.session.execute(query.order_by(Person.id).limit(limit + 1)).scalars())
    more = cursors.make("people", call.query, rows[limit - 1].id) if len(rows) > limit else None
    return Reply(body={"items": [shown(row) for row in rows[:limit]], "next": more})


def shown(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "staff_number": person.staff_number,
        "department": person.department.slug if person.department else None,
        "site": person.site.slug if person.site else None,
        "roles": sorted(row.role for row in person.roles),
        "is_active": person.is_active,
        "created_at": person.created_at.isoformat(),
        "deactivated_at": person.deactivated_at.isoformat() if person.deactivated_at else None,
    }


def _found(call: Call) -> tuple[Actor, Person]:
    call.actor.require(Permission.PERSON_MANAGE)
    return call.actor, services.get_person(call.path["id"])


def person(call: Call) -> Reply:
    return Reply(body=shown(_found(call)[1]))


def add_person(call: Call) -> Reply:
    who, sent = call.actor, call.body
    who.require(Permission.PERSON_MANAGE)
    added = services.add_person(
        who,
        email=sent["email"],
        name=sent["name"],
        department=_unit(Department, sent, "department"),
        site=_unit(Site, sent, "site"),
        roles={Role(role) for role in sent.get("roles", ())},
        by="admin",
    )
    if sent.get("invite"):
        accounts.invite(who, added)
    db.session.commit()
    where = f"{request.script_root}{PREFIX}/people/{added.id}"
    return Reply(body=shown(added), status=201, location=where)


def _unit(model: type[Any], sent: Mapping[str, Any], name: str) -> Any:
    """Return the department or site of a short name; refuses one that nobody has (Invalid)."""
    if sent.get(name) is None:
        return None
    found = db.session.execute(select(model).where(model.slug == sent[name])).scalar_one_or_none()
    if found is None:
        raise Invalid(_("Nobody knows this short name."), field=name)
    return found


def change_person(call: Call) -> Reply:
    who, found = _found(call)
    sent = call.body
    department, site = found.department_id, found.site_id
    if "department" in sent:
        department = _id(_unit(Department, sent, "department"))
    if "site" in sent:
        site = _id(_unit(Site, sent, "site"))
    name, email = sent.get("name", found.name), sent.get("email", found.email)
    services.change_person(who, found, name=name, email=email, department_id=department, site_id=site)
    if "roles" in sent:
        accounts.set_roles(who, found, {Role(role) for role in sent["roles"]})
    db.session.commit()
    return Reply(body=shown(found))


def _id(row: Any) -> int | None:
    return row.id if row is not None else None


def deactivate(call: Call) -> Reply:
    who, found = _found(call)
    accounts.deactivate(who, found)
    db.session.commit()
    return Reply(body=shown(found))


OPERATIONS = (
    Operation(
        name="me",
        method="GET",
        path="/me",
        group="Token",
        summary="Whom the token stands for",
        about="The first thing to try with a new token.",
        scope=None,
        run=me,
        answer=ME,
        is_single=True,
    ),
    Operation(
        name="people",
        method="GET",
        path="/people",
        group=GROUP,
        summary="Everybody with an account",
        about="In the order in which they came, so that a list read to its end misses nobody.",
        scope=Scope.PEOPLE,
        run=people,
        query={
            "q": text("Part of a name or an address.", least=1, most=120),
            "email": text("Exactly this address.", most=254),
            "is_active": yes_no("Only active people, or only deactivated ones."),
            **cursors.PARAMETERS,
        },
        answer=page_of(PERSON),
    ),
    Operation(
        name="person",
        method="GET",
        path="/people/{id}",
        group=GROUP,
        summary="One person",
        scope=Scope.PEOPLE,
        run=person,
        at=AT,
        answer=PERSON,
        is_single=True,
    ),
    Operation(
        name="add_person",
        method="POST",
        path="/people",
        group=GROUP,
        summary="Add somebody",
        about="An address can have one account; a second one is refused. With `invite` they get a mail to choose a"
        " password, without they can be invited later.",
        scope=Scope.PEOPLE,
        run=add_person,
        body=thing(
            "NewPerson",
            needed={"name": NAME, "email": EMAIL},
            extra={**PLACES, "roles": ROLES, "invite": yes_no("Send an invitation by mail.")},
        ),
        example={"name": "Tom Reed", "email": "tom@ostreyvale.example", "roles": ["agent"]},
        answer=PERSON,
        status=201,
    ),
    Operation(
        name="change_person",
        method="PATCH",
        path="/people/{id}",
        group=GROUP,
        summary="Change somebody",
        about="What is not sent stays as it is. Other roles than before end the person's sessions.",
        scope=Scope.PEOPLE,
        run=change_person,
        at=AT,
        body=thing("PersonChange", needed={}, extra={"name": NAME, "email": EMAIL, **PLACES, "roles": ROLES}),
        example={"department": None, "roles": ["agent"]},
        answer=PERSON,
    ),
    Operation(
        name="deactivate_person",
        method="POST",
        path="/people/{id}/deactivate",
        group=GROUP,
        summary="Shut somebody out",
        about="Sessions, tokens and open links end at once. What they wrote stays. Doing it again changes nothing.",
        scope=Scope.PEOPLE,
        run=deactivate,
        at=AT,
        answer=PERSON,
    ),
)
