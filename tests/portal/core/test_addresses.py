"""Mail addresses are taken as organisations have them, and nothing else is."""

from __future__ import annotations

import pytest

from portal.core import addresses
from portal.core.errors import Invalid

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("typed", [" ana@ostreyvale.example", "ana@corp.local", "ana@xn--bcher-kva.example"])
def test_an_address_is_one_inside_an_organisation_too(typed: str) -> None:
    assert addresses.mail(typed, field="email").startswith("ana@")


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "ana@localhost", "ana@x.example\nBcc: x@y.example"])
def test_what_is_none_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.mail(typed, field="reply_to")
    assert refused.value.field == "reply_to"


def test_the_portals_own_mail_may_stay_on_its_machine() -> None:
    assert addresses.mail("portal@localhost", field="mail_from", is_local_too=True) == "portal@localhost"
