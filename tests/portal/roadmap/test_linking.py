"""Evidence leads to what stands behind it, and only those are led there who may see it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.permissions import Role
from portal.roadmap import linking
from portal.roadmap.models import Evidence
from tests.factories import community, kb, people, read_waves, roadmap

pytestmark = pytest.mark.usefixtures("app", "stopped_clock")
STAFF = {"Sales": (37, 32, 3.4), "Workshop": (44, 36, 2.9)}


def test_an_address_is_known_by_what_it_leads_to_whatever_stands_behind_it(app: Any) -> None:
    eli = people.actor("Robin Example", Role.ANALYST)
    question, article = community.question(), kb.article()
    wave, _kept = read_waves.closed(STAFF)
    idea, ticketless = roadmap.idea(), roadmap.item()
    with app.test_request_context():
        for address, ref in (
            (f"/questions/{question.id}", question.ref),
            (f"https://help.example/questions/{question.id}-why-is-it-so?show=all#answer-3", question.ref),
            (f" /kb/{article.slug}#first-step ", article.ref),
            (f"/surveys/{wave.id}/reading", wave.ref),
            (f"/ideas/{idea.id}/", idea.ref),
            ("", ""),
            ("   ", ""),
        ):
            assert linking.named(eli, address) == str(ref)
        for wrong in ("/questions/999", f"/roadmap/items/{ticketless.id}", "/kb/none-such", "the survey", "https://"):
            if wrong == "https://":
                assert linking.named(eli, wrong) == ""
                continue
            with pytest.raises(Invalid) as refusal:
                linking.named(eli, wrong)
            assert refusal.value.field == "link"


def test_what_somebody_may_not_see_is_neither_found_nor_shown_to_them(app: Any) -> None:
    ana, eli = people.actor("Ana Ruiz"), people.actor("Robin Example", Role.ANALYST)
    wave, _kept = read_waves.closed(STAFF)
    row = roadmap.evidence(roadmap.item(), link=str(wave.ref))
    with app.test_request_context():
        with pytest.raises(Invalid):
            linking.named(ana, f"/surveys/{wave.id}")
        assert linking.behind(ana, [row]) == {}
        assert linking.behind(eli, [row])[row.link].ref == wave.ref
        wave.published_at = clock.now()
        db.session.flush()
        assert linking.behind(ana, [row])[row.link].ref.kind == "outcome"
        assert linking.behind(eli, [row])[row.link].ref == wave.ref


def test_a_link_is_pasted_where_a_figure_is_tied_and_shown_beside_it(ana: Any, eli: Any) -> None:
    question = community.question("Why is half of the label missing?")
    item = roadmap.item(state="planned")
    db.session.commit()
    where, here = f"/roadmap/items/{item.id}/evidence", f"/roadmap/items/{item.id}"
    asked = {"measure": "zero_result_rate", "comparison": ">", "threshold": "10", "days": "28", "minimum_n": "50"}
    refused = eli.submit(where, where, **asked, link="Mia told me")
    assert refused.status_code == 422
    assert "Paste the address of an answer" in refused.text
    assert "Mia told me" in refused.text
    assert eli.submit(where, where, **asked, link=f"/questions/{question.id}").status_code == 303
    assert db.session.execute(select(Evidence.link)).scalar_one() == str(question.ref)
    assert ana.page(here).links["Why is half of the label missing?"].startswith(f"/questions/{question.id}")
