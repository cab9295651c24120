"""Changes to people: what they refuse and what they record."""

from __future__ import annotations

import pytest

from analytics.events import Name
from portal.core.actor import system
from portal.core.database import db
from portal.core.errors import Forbidden, Invalid
from portal.core.permissions import Role
from portal.people import services
from tests.factories.facts import entries
from tests.factories.people import actor, person

pytestmark = pytest.mark.usefixtures("app")


def test_one_address_has_one_account() -> None:
    services.add_person(system("test"), email="Ana@OstreyVale.example", name="Ana Ruiz")
    with pytest.raises(Invalid) as refusal:
        services.add_person(system("test"), email="ana@ostreyvale.example ", name="Another Ana")
    assert refusal.value.field == "email"


@pytest.mark.parametrize("email", ["", "ana", "ana@", "ana@x y.example", "ana@example.com\nBcc: x@example.com"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        services.clean_email(email)


def test_addresses_inside_a_company_are_fine() -> None:
    assert services.clean_email("Ana@corp.local") == "ana@corp.local"


def test_only_administrators_manage_people() -> None:
    ben = person("Ben Kaya")
    for role in (Role.EDITOR, Role.AGENT, Role.MANAGER):
        with pytest.raises(Forbidden):
            services.set_roles(actor("Somebody", role), ben, [Role.ADMIN])


def test_a_role_is_recorded_with_what_was_gained_and_lost() -> None:
    ben = person("Ben Kaya", Role.AGENT)
    services.set_roles(system("test"), ben, [Role.EDITOR])
    (entry,) = entries(Name.ROLES_CHANGED)
    assert entry.subject == str(ben.ref)
    assert entry.props == {"added": ["editor"], "removed": ["agent"]}


def test_the_last_administrator_stays() -> None:
    ada = person("Ada Demir", Role.ADMIN)
    with pytest.raises(Forbidden):
        services.set_roles(system("test"), ada, [])
    with pytest.raises(Forbidden):
        services.deactivate(system("test"), ada)
    person("Second", Role.ADMIN)
    services.deactivate(system("test"), ada)
    assert not ada.is_active


def test_somebody_deactivated_acts_no_more() -> None:
    zoe = person("Zoe Hart")
    assert services.actor_for(zoe.id) is not None
    services.deactivate(system("test"), zoe)
    assert services.actor_for(zoe.id) is None


def test_a_change_is_recorded_with_what_was_there_before() -> None:
    ana = actor()
    services.change_profile(ana, name="Ana  Maria Ruiz", locale="en", timezone="Europe/Berlin", theme="dark")
    (entry,) = entries(Name.PERSON_CHANGED)
    assert entry.props == {
        "fields": ["locale", "name", "theme", "timezone"],
        "before": ["", "Ana Ruiz", "auto", ""],
        "after": ["en", "Ana Maria Ruiz", "dark", "Europe/Berlin"],
    }


@pytest.mark.parametrize(("field", "value"), [("timezone", "Mars/Base"), ("theme", "pink"), ("name", "  ")])
def test_a_profile_refuses_what_it_does_not_know(field: str, value: str) -> None:
    values = {"name": "Ana", "locale": "", "timezone": "", "theme": "auto"} | {field: value}
    with pytest.raises(Invalid) as refusal:
        services.change_profile(actor(), **values)
    assert refusal.value.field == field


def test_pictures_of_people_cost_no_query_while_nobody_changes(queries) -> None:  # noqa: ANN001
    ana = person()
    db.session.commit()
    services.actor_for(ana.id)
    with queries() as seen:
        services.actor_for(ana.id)
    assert len(seen) <= 2, "outside a request the options are read, nothing else"
