"""Every page in a real browser: axe finds nothing, a phone shows it whole, the policy refuses nothing, nothing leaves
the machine."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser.conftest import Open
from tests.browser.watching import COLOURS, sideways, small_targets, violations
from tests.people import ADA, ANA, BEN, CLEO, DARA, ELI, Someone

pytestmark = pytest.mark.slow

PAGES: dict[str, Someone | None] = {
    "/sign-in": None,
    "/reset": None,
    "/reset-sent": None,
    "/reset/{reset}": None,
    "/reset/used-before": None,
    "/invitation/{invitation}": None,
    "/": ANA,
    "/search": ANA,
    "/search?q=cant conect to vpn from home": ANA,
    "/search?q=printer&platform=windows&page=2": ANA,
    "/search?q=zzzz-nothing": ANA,
    "/kb/": ANA,
    "/kb/topics/{topic}": ANA,
    "/kb/{article}": ANA,
    "/kb/paper-jam#solved": BEN,
    "/mine": BEN,
    "/ask?q=vpn": ANA,
    "/questions/": ANA,
    "/questions/?show=for-me": BEN,
    "/questions/new?q=label printer": ANA,
    "/questions/{question}": ANA,
    "/questions/{question}/edit": DARA,
    "/questions/{question}/answers/{answer}/edit": DARA,
    "/questions/{question}/history": DARA,
    "/questions/{answered}/article": DARA,
    "/questions/{waiting_question}/experts": DARA,
    "/questions/{question}/duplicate": DARA,
    "/tips/": BEN,
    "/tips/new": BEN,
    "/tips/{tip}": BEN,
    "/tips/{tip}/edit": DARA,
    "/hand-over?q=vpn&tried=vpn-drops": ANA,
    "/hand-over?q=vpn": None,
    "/help-me?q=vpn": ANA,
    "/tickets/": ANA,
    "/tickets/{ticket}": ANA,
    "/tickets/{solved_ticket}": ANA,
    "/tickets/new?request=laptop": ANA,
    "/notifications/": DARA,
    "/queue": CLEO,
    "/queue/call": CLEO,
    "/queue/debt": CLEO,
    "/queue/keys": CLEO,
    "/queue/replies": CLEO,
    "/queue/away": CLEO,
    "/queue/triage": CLEO,
    "/queue/triage/{came_in}": CLEO,
    "/queue/tickets/{desk_ticket}": CLEO,
    "/queue/tickets/{desk_ticket}/solve": CLEO,
    "/queue/tickets/{owing}/knowledge": CLEO,
    "/insights/": ELI,
    "/insights/adoption": ELI,
    "/insights/search": ELI,
    "/insights/tickets": ELI,
    "/insights/knowledge": ELI,
    "/insights/needs": ELI,
    "/insights/dates": ELI,
    "/insights/logs": ELI,
    "/insights/logs/files": ADA,
    "/insights/logs/files/{log}": ADA,
    "/insights/tickets/rows": ELI,
    "/insights/assumptions": ELI,
    "/insights/how": ELI,
    "/surveys/5/reading": ELI,
    "/surveys/5/reading/statements": ELI,
    "/surveys/5/reading/comments": ELI,
    "/surveys/5/outcome": ELI,
    "/surveys/6/close": ELI,
    "/surveys/outcomes": ANA,
    "/insights/say-and-do": ELI,
    "/survey": None,
    "/surveys/": ELI,
    "/surveys/new": ELI,
    "/surveys/6": ELI,
    "/surveys/6/end": ELI,
    "/surveys/7": ELI,
    "/surveys/7/questions": ELI,
    "/surveys/7/people": ELI,
    "/surveys/7/mail": ELI,
    "/surveys/7/preview": ELI,
    "/surveys/7/try": ELI,
    "/surveys/7/launch": ELI,
    "/surveys/5/outcome/1": ELI,
    "/ideas/": BEN,
    "/ideas/1": ANA,
    "/ideas/new": ANA,
    "/ideas/{own_idea}/edit": ANA,
    "/roadmap/": ANA,
    "/roadmap/changelog": ANA,
    "/roadmap/items/1": ANA,
    "/roadmap/items/2": ELI,
    "/roadmap/items/2/edit": ELI,
    "/roadmap/items/2/evidence": ELI,
    "/roadmap/items/2/score": ELI,
    "/roadmap/items/{going_item}/place": ELI,
    "/roadmap/items/new": ELI,
    "/roadmap/triage": ELI,
    "/roadmap/triage/ideas/1": ELI,
    "/roadmap/order": ELI,
    "/roadmap/order?by=hand": ELI,
    "/roadmap/calibration": ELI,
    "/roadmap/increments/": ANA,
    "/roadmap/increments/2": ANA,
    "/roadmap/increments/2/work": ELI,
    "/roadmap/increments/2/items": ELI,
    "/roadmap/increments/2/edit": ELI,
    "/roadmap/increments/2/move": ELI,
    "/roadmap/increments/2/milestones/2": ELI,
    "/roadmap/increments/2/milestones/new": ELI,
    "/roadmap/increments/2/requirements/2": ELI,
    "/roadmap/increments/2/requirements/new": ELI,
    "/roadmap/increments/2/sessions/2": ELI,
    "/roadmap/increments/2/sessions/new": ELI,
    "/roadmap/increments/2/messages/new": ELI,
    "/roadmap/increments/new": ELI,
    "/roadmap/gates/": ADA,
    "/roadmap/gates/2": ADA,
    "/roadmap/gates/2/decisions/2": ADA,
    "/roadmap/gates/2/conditions/{by_hand}": ELI,
    "/roadmap/gates/1/conditions/{by_figure}": ELI,
    "/roadmap/gates/1/conditions/{by_figure}/drop": ELI,
    "/roadmap/gates/2/conditions/new": ELI,
    "/roadmap/gates/new": ELI,
    "/taskforce/": ELI,
    "/taskforce/members": ELI,
    "/taskforce/minutes": ELI,
    "/taskforce/minutes/1": ELI,
    "/taskforce/minutes/1/edit": ELI,
    "/taskforce/minutes/1/decisions/new": ELI,
    "/taskforce/minutes/new": ELI,
    "/taskforce/actions/new": ELI,
    "/taskforce/actions/{action}/done": ELI,
    "/taskforce/factors": ELI,
    "/goals/": ELI,
    "/goals/1": ELI,
    "/goals/1/change": ELI,
    "/goals/new": ELI,
    "/interventions/": ELI,
    "/interventions/1": BEN,
    "/interventions/2": ELI,
    "/interventions/2/change": ELI,
    "/interventions/new?flaw=not_able": ELI,
    "/desk/flags": DARA,
    "/flag/question/{question}": BEN,
    "/account": ANA,
    "/account/sessions": ANA,
    "/account/notifications": ANA,
    "/account/password": ANA,
    "/account/tokens": ANA,
    "/account/data": ANA,
    "/announcements/{announcement}": ANA,
    "/kb/following": ANA,
    "/kb/{article}/suggest": ANA,
    "/kb/{changed}/history": DARA,
    "/kb/{changed}/history/1": DARA,
    "/kb/{changed}/history/compare?old=1&new=3": DARA,
    "/kb/{changed}/history/compare?old=1&new=3&view=split": DARA,
    "/kb/{changed}/manage": DARA,
    "/demo/mail": ANA,
    "/demo/mail/{mail}": ANA,
    "/styleguide": DARA,
    "/kb/feedback?scope=all&state=all": DARA,
    "/desk/": DARA,
    "/desk/announcements/": ELI,
    "/desk/announcements/{announcement}": ELI,
    "/desk/articles": DARA,
    "/desk/articles/{changed}": DARA,
    "/desk/checklist": DARA,
    "/desk/drafts/{draft}": DARA,
    "/desk/drafts/new": DARA,
    "/desk/drafts/how-to-write": DARA,
    "/desk/hand-over": DARA,
    "/desk/hand-over/{dara}": DARA,
    "/desk/links/": DARA,
    "/desk/redirects": DARA,
    "/desk/changed/": DARA,
    "/desk/written": DARA,
    "/desk/rows/": DARA,
    "/desk/rows/gap/{gap}": DARA,
    "/desk/reviews/": DARA,
    "/desk/reviews/{review}": DARA,
    "/desk/reviews/{draft}/finish": DARA,
    "/desk/suggestions": DARA,
    "/desk/suggestions/{suggestion}": DARA,
    "/desk/tags/": DARA,
    "/desk/topics/": DARA,
    "/desk/topics/{topic_id}": DARA,
    "/desk/translations/": DARA,
    "/desk/words/": DARA,
    "/desk/words/questions?question=cant hear anyone": DARA,
    "/desk/words/try?op=off&key=near:hide": DARA,
    "/api/v1/": DARA,
    "/api/v1/operations/change_article": DARA,
    "/incidents/": CLEO,
    "/incidents/{incident}": CLEO,
    "/admin/": ADA,
    "/admin/people": ADA,
    "/admin/people/new": ADA,
    "/admin/people/{person}": ADA,
    "/admin/people/{person}/erase": ADA,
    "/admin/people/{person}/merge": ADA,
    "/admin/people/invite": ADA,
    "/admin/erasures/{erasure}": ADA,
    "/admin/roles": ADA,
    "/admin/structure": ADA,
    "/admin/departments/{department}": ADA,
    "/admin/departments/new": ADA,
    "/admin/sites/{site}": ADA,
    "/admin/sites/new": ADA,
    "/admin/audiences": ADA,
    "/admin/audiences/{audience}": ADA,
    "/admin/look": ADA,
    "/admin/hours": ADA,
    "/admin/hours/{hours}": ADA,
    "/admin/hours/new": ADA,
    "/admin/queues": ADA,
    "/admin/queues/{queue}": ADA,
    "/admin/queues/new": ADA,
    "/admin/requests": ADA,
    "/admin/requests/{request}": ADA,
    "/admin/requests/new": ADA,
    "/admin/saved-replies": ADA,
    "/admin/imports": ADA,
    "/admin/imports/{import_run}": ADA,
    "/admin/programs": ADA,
    "/admin/webhooks/": ADA,
    "/admin/webhooks/{webhook}": ADA,
    "/admin/webhooks/{webhook}/deliveries/{delivery}": ADA,
    "/admin/webhooks/new": ADA,
    "/admin/backups": ADA,
    "/admin/retention": ADA,
    "/admin/storage": ADA,
    "/admin/versions": ADA,
    "/admin/options": ADA,
    "/admin/jobs": ADA,
    "/admin/outbox": ADA,
    "/admin/search-index": ADA,
    "/admin/audit": ADA,
    "/no/such/page": ANA,
    "/admin/jobs?as=ana": ANA,
}
"""Addresses and who looks at them; words in braces come from the demo."""
EXPECTED = {"/no/such/page": 404, "/reset/used-before": 404, "/admin/jobs?as=ana": 403}
NARROW = (1024, 768, 390)
"""A tablet either way, and a phone."""
NO_PAGES = {
    "demo.read_survey_mail": "the page of a mail, with another one in it",
    "static": "a file",
    "files.download": "a file",
    "kb.asset": "a file",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "health.metrics_page": "for machines",
    "brand.stylesheet": "a file",
    "brand.logo": "a file",
    "imports.report": "a file",
    "admin.audit_table": "a file",
    "admin.audience_members": "a piece of a page, fetched while rules are chosen",
    "admin.judge_look": "a piece of a page, fetched while a colour is typed",
    "admin.people_options": "names for a field",
    "desk.draft_checklist": "a piece of a page, fetched after a save",
    "reference.document": "for machines",
    "search.suggest": "a piece of a page; test_find opens it",
    "home.ask": "leads to the form for questions",
    "questions.show": "looked at by its number, which leads there",
    "questions.show_answer_history": "as the history of a question",
    "questions.suggestions": "a piece of a page; test_ask opens it",
    "tips.show": "looked at by its number, which leads there",
    "tips.show_history": "as the history of a question",
    "calling.people": "names for a field",
    "desk_requests.saved_reply": "as the form for a new one",
    "giving_back.found": "a piece of a page, fetched while words are typed",
    "insights.logs_table": "a file",
    "insights.say_and_do_table": "a file",
    "interventions.panel": "a file",
    "surveys.comments_table": "a file",
    "surveys.reading_table": "a file",
    "surveys.read": "leads to the results of the survey that was chosen",
    "ideas.alike": "a piece of a page, fetched while a title is typed",
    "insights.report": "a file",
    "insights.table": "a file",
    "offered.show": "led to by a mail with a receipt; tests of incoming mail open it",
    "own_desk.reply": "as the form for a new one",
    "working.beside": "a piece of a page; test_queue opens it",
    "working.preview": "a piece of a page; test_queue opens it",
    "working.suggestions": "a piece of a page; test_queue opens it",
    "queue.choose": "a piece of a page, fetched when tickets are ticked; test_queue opens it",
    "handing_over.suggestions": "a piece of a page; test_hand_over opens it",
    "writing.links": "a piece of a page; test_write opens it",
    "accounts.setup": "test_first_start looks at it: the demo is set up",
    "accounts.setup_start": "test_first_start looks at it",
}
"""What answers a GET and is not looked at here, each with the reason."""
NAMED = (
    "/sign-in",
    "/",
    "/search?q=cant conect to vpn from home",
    "/search?q=zzzz-nothing",
    "/kb/",
    "/kb/topics/{topic}",
    "/kb/{article}",
    "/mine",
    "/hand-over?q=vpn&tried=vpn-drops",
    "/questions/{question}",
    "/tickets/{ticket}",
    "/account/notifications",
    "/kb/feedback?scope=all&state=all",
    "/desk/drafts/{draft}",
    "/incidents/{incident}",
    "/admin/people",
)
"""Those that are also looked at by axe on a phone, from right to left, and without script."""


@pytest.fixture(scope="session")
def places(portal: Flask) -> dict[str, str]:
    """Return what stands in the braces: of articles the one with the most steps, of mails the latest."""
    from portal.accounts import erasing
    from portal.accounts.models import Purpose
    from portal.community.models import Question, Tip
    from portal.core.database import db
    from portal.home.models import Announcement, Incident
    from portal.imports.models import ImportRun
    from portal.kb.models import Article, Draft, SearchFinding, State, Suggestion
    from portal.notifications.models import OutboxMail
    from portal.people.models import Audience, Person, Site
    from portal.roadmap.gates.models import Condition
    from portal.roadmap.models import Idea, Item
    from portal.roadmap.taskforce.models import Action
    from portal.tickets.models import BusinessHours, IncomingMail, Queue, QueueMember, RequestTemplate, Ticket
    from portal.webhooks.models import Delivery
    from portal.weblogs.models import WebLog
    from tests.factories import accounts, people

    def newest(column: Any, *where: Any) -> Any:
        return db.session.scalars(select(column).where(*where).order_by(column.desc())).first()

    with portal.app_context(), portal.test_request_context():
        readable = select(Article).where(Article.access_key == "signed-in", Article.status == "published")
        article = db.session.scalars(readable.order_by(-Article.n_steps)).first()
        ben = db.session.scalars(select(Person).where(Person.email == BEN.email)).one()
        ana = db.session.scalars(select(Person).where(Person.email == ANA.email)).one()
        eli = db.session.scalars(select(Person).where(Person.email == ELI.email)).one()
        cleo = db.session.scalars(select(Person).where(Person.email == CLEO.email)).one()
        worked = select(QueueMember.queue_id).where(QueueMember.person_id == cleo.id)
        newcomer = people.person("Kit Larsen", email="kit@ostreyvale.example", department_id=ben.department_id)
        leaver = people.person("Pat Moor", email="pat@ostreyvale.example", department_id=ben.department_id)
        changed = db.session.scalars(readable.order_by(-Article.n_revisions)).first()
        delivery = db.session.scalars(select(Delivery).order_by(-Delivery.id)).first()
        assert article is not None
        assert changed is not None
        assert delivery is not None
        found = {
            "article": article.slug,
            "changed": changed.slug,
            "topic": article.category.slug,
            "topic_id": article.category_id,
            "draft": newest(Draft.id, Draft.is_open.is_(True), Draft.state == State.WRITING),
            "review": newest(Draft.id, Draft.state == State.IN_REVIEW),
            "suggestion": newest(Suggestion.id),
            "gap": newest(SearchFinding.id, SearchFinding.article_id.is_(None)),
            "announcement": newest(
                Announcement.id, Announcement.told_at.is_not(None), Announcement.created_by_id == eli.id
            ),
            "incident": newest(Incident.id, Incident.ended_at.is_(None)),
            "mail": newest(OutboxMail.id),
            "question": newest(Question.id, Question.version > 1),
            "waiting_question": newest(Question.id, Question.state == "open", Question.removed_at.is_(None)),
            "answer": newest(Question.accepted_answer_id, Question.version > 1),
            "answered": newest(Question.id, Question.accepted_answer_id.is_not(None), Question.article_id.is_(None)),
            "own_idea": newest(Idea.id, Idea.person_id == ana.id, Idea.state == "proposed", Idea.removed_at.is_(None)),
            "going_item": newest(Item.id, Item.state == "planned"),
            "action": newest(Action.id, Action.done_at.is_(None)),
            "by_hand": newest(Condition.id, Condition.gate_id == 2, Condition.kind == "hand"),
            "by_figure": newest(Condition.id, Condition.gate_id == 1, Condition.threshold.is_not(None)),
            "log": newest(WebLog.id),
            "tip": newest(Tip.id),
            "ticket": newest(Ticket.id, Ticket.requester_id == ana.id, Ticket.status == "waiting"),
            "solved_ticket": newest(Ticket.id, Ticket.requester_id == ana.id, Ticket.status == "resolved"),
            "desk_ticket": newest(Ticket.id, Ticket.status == "open", Ticket.queue_id.in_(worked)),
            "owing": newest(
                Ticket.id, Ticket.status == "resolved", Ticket.knowledge.is_(None), Ticket.queue_id.in_(worked)
            ),
            "came_in": newest(IncomingMail.id, IncomingMail.outcome == "triage"),
            "hours": newest(BusinessHours.id),
            "queue": newest(Queue.id),
            "request": newest(RequestTemplate.id),
            "person": ben.id,
            "dara": newest(Person.id, Person.email == DARA.email),
            "department": ben.department_id,
            "site": newest(Site.id),
            "audience": newest(Audience.id),
            "erasure": erasing.plan(leaver).id,
            "import_run": newest(ImportRun.id),
            "webhook": delivery.webhook_id,
            "delivery": delivery.id,
            "reset": accounts.link(Purpose.RESET, ben),
            "invitation": accounts.link(Purpose.INVITATION, newcomer),
        }
        db.session.commit()
    return {name: str(value) for name, value in found.items()}


def look(window: Page, path: str, places: dict[str, str]) -> None:
    status = EXPECTED.get(path, 200)
    if status != 200:
        window.watch.expect(f"status of {status}")  # type: ignore[attr-defined]
    response = window.goto(path.format(**places), wait_until="load")
    assert response is not None
    assert response.status == status


def test_every_page_there_is_is_looked_at(portal: Flask, places: dict[str, str]) -> None:
    adapter = portal.url_map.bind("localhost")
    paths = [path.format(**places).partition("?")[0].partition("#")[0] for path in PAGES]
    seen = {adapter.match(path, "GET")[0] for path in paths if adapter.test(path, "GET")}
    there = {rule.endpoint for rule in portal.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for_programs = {endpoint for endpoint in there if endpoint.startswith("api.")}
    assert sorted(there - seen - for_programs - set(NO_PAGES)) == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_a_narrow_window_shows_everything(
    browse: Open, places: dict[str, str], path: str
) -> None:
    """Of each page once: in light all there is to find, in dark what colours can break, then ever narrower."""
    window = browse(PAGES[path])
    look(window, path, places)
    assert violations(window) == []
    window.emulate_media(color_scheme="dark")
    assert violations(window, only=COLOURS) == []
    for width in NARROW:
        window.set_viewport_size({"width": width, "height": 844})
        assert (width, sideways(window)) == (width, [])
    assert small_targets(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_a_phone_shows_everything_and_a_finger_hits_it(browse: Open, places: dict[str, str], path: str) -> None:
    window = browse(PAGES[path], phone=True)
    look(window, path, places)
    assert sideways(window) == []
    assert small_targets(window) == []
    assert violations(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_longer_words_from_right_to_left_fit_too(browse: Open, places: dict[str, str], path: str) -> None:
    window = browse(PAGES[path], phone=True, rtl=True, long=PAGES[path] is not None)
    look(window, path, places)
    assert window.locator("html").get_attribute("dir") == "rtl"
    assert sideways(window) == []
    assert violations(window) == []


@pytest.mark.parametrize("path", NAMED)
def test_without_script_nothing_waits_for_it(browse: Open, places: dict[str, str], path: str) -> None:
    """What only script could do is not shown; what is shown works."""
    window = browse(PAGES[path], script=False)
    look(window, path, places)
    assert violations(window) == []
    waiting = window.evaluate(
        """() => [...document.querySelectorAll("button")]
            .filter((button) => button.checkVisibility() && (!button.form || button.type === "button"))
            .map((button) => button.textContent.trim())"""
    )
    assert waiting == []


def test_the_watch_sees_what_it_is_there_for(browse: Open) -> None:
    """A page that breaks the rules is noticed: inline script, a call elsewhere, an error."""
    window: Any = browse()
    window.goto("/sign-in")
    window.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.planted = true";
            document.head.append(script);
            const image = new Image();
            image.src = "http://elsewhere.example/pixel.png";
            setTimeout(() => { throw new Error("planted"); });
        }"""
    )
    window.wait_for_timeout(300)
    seen = "\n".join(window.watch.problems())
    for expected in ("CSP refused script-src", "CSP refused img-src", "uncaught: planted"):
        assert expected in seen
    assert window.evaluate("() => window.planted") is None
    window.watch.expect(".")


def test_what_is_too_small_or_too_wide_is_seen(browse: Open) -> None:
    window = browse(phone=True)
    window.goto("/sign-in")
    window.evaluate(
        """() => {
            const wide = document.createElement("div");
            wide.textContent = "x".repeat(400);
            wide.style.minWidth = "600px";
            const small = document.createElement("button");
            small.textContent = "x";
            Object.assign(small.style, { width: "16px", height: "16px", padding: 0, minHeight: 0 });
            document.querySelector("main").append(wide, small);
        }"""
    )
    assert sideways(window)
    assert small_targets(window)
