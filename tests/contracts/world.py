"""A small house in which every route can be tried: people of each role, and things that are theirs, open or hidden.

`OBJECTS` says on what a route is tried: the values of its address for each word that `roles.toml` uses behind the
endpoint. A new kind of thing is one entry here; a new route on a known kind needs none.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.accounts import erasing, links, sessions, tokens
from portal.accounts.models import Purpose
from portal.accounts.services import set_password
from portal.adoption import interventions
from portal.community import answers, duplicates, inviting, questions, removing, things, tips
from portal.core import clock, options
from portal.core.actor import system
from portal.core.backup import copy_sqlite
from portal.core.database import db
from portal.core.scopes import Scope
from portal.files import services as files
from portal.files.models import Attachment
from portal.imports import services as imports
from portal.jobs import services as jobs
from portal.kb import texts
from portal.kb.models import Article, Draft, TagAlias
from portal.kb.reviewing import reviews
from portal.measures import fold
from portal.measures.models import ChangeDate, FoldState
from portal.notifications import services as notifications
from portal.notifications.models import Notification, OutboxMail
from portal.people import audiences
from portal.people.models import Person
from portal.people.services import actor_of
from portal.pulse import outcomes
from portal.pulse import tokens as codes
from portal.search import jobs as search
from portal.search.models import JudgedQuery
from portal.talk import comments, flags, solutions
from portal.tickets import lifecycle
from portal.tickets.desk import keeping, prepared
from portal.tickets.desk.listing import Wanted
from portal.tickets.models import Queue, RequestTemplate, SavedReply
from portal.webhooks import services as webhooks
from portal.weblogs import services as weblogs
from tests.factories import adoption, community, home, kb, letters, people, pulse, read_waves, roadmap, tickets
from tests.factories import taskforce as work
from tests.factories.files import picture
from tests.factories.weblogs import a_day, log
from tests.people import ADA, ANA, BEN, CLEO, DARA, ZOE, Someone, Visitor, settle
from tools.docs.routes import COLUMNS, Row

PEOPLE: dict[str, Someone | None] = dict(zip(COLUMNS, (None, None, ANA, BEN, CLEO, DARA, ADA), strict=True))
UNKNOWN = 999_999
API = "api."
CODE = "7K3F9QWX2HTBM0ND4CPZXV8ERJ"
PASSWORD = "five calm herons stand in the reed"
MARKS = {"own": "quincunx", "hidden": "xerophyte"}
"""Words in everything that is Ana's alone, and in everything that is nobody's."""
SOUGHT = "zebrafish"
"""A word in the text of every article."""
Objects = dict[str, dict[str, dict[str, Any]]]


def outcome(response: TestResponse, sign_in: str) -> str:
    """Return what a person met, as roles.toml says it."""
    status = response.status_code
    if status == 401 or (300 <= status < 400 and urlsplit(response.headers.get("Location", "")).path == sign_in):
        return "sign-in"
    if status < 400 or status in (409, 412, 422):  # what was sent is looked at, so they got there
        return "yes"
    return {403: "no", 404: "none"}.get(status, str(status))


class World:
    """The house, and a visitor for each column; what one visit changes is undone before the next."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.test_request_context():
            self.objects = build()
            db.session.commit()
        search.rebuild({})
        db.session.commit()
        self.visitors = {column: self._visitor(who) for column, who in PEOPLE.items()}
        self._cookies = {column: self._cookie(visitor) for column, visitor in self.visitors.items()}
        self._tokens = {column: self._token(visitor) for column, visitor in self.visitors.items()}
        db.session.commit()
        self._database = Path(db.engine.url.database or "")
        self._stands: bool | None = None
        self._put_back_at = 0
        self._private = self._keep("private")
        options.change(system("tests"), public_reading=True)
        db.session.commit()
        self._public = self._keep("public")
        with app.test_request_context():
            self.sign_in = app.url_map.bind("localhost").build("accounts.sign_in")

    def _visitor(self, who: Someone | None) -> Visitor:
        if who is None:
            return Visitor(self.app)
        visitor = Visitor(self.app, who, settle(who).id)
        visitor.sign_in()
        return visitor

    def _token(self, visitor: Visitor) -> str | None:
        """Return a token by which a program does everything its owner may."""
        if visitor.who is None:
            return None
        who = visitor.actor
        return tokens.make(who, label="Script of everybody", days=30, scopes=tokens.offered_to(who))[1]

    def _cookie(self, visitor: Visitor) -> str | None:
        found = visitor.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return found.value if found else None

    def _keep(self, name: str) -> Path:
        """Copy the database file as it is now, with everything in it."""
        db.session.remove()
        db.engine.dispose()
        kept = self._database.with_name(f"{name}.copy")
        copy_sqlite(self._database, kept)
        with closing(sqlite3.connect(kept)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # as the portal has it, so that opening it changes nothing
        self._stands = None
        return kept

    @property
    def is_changed(self) -> bool:
        """Whether anything was committed since the house was put back: into the log, or from there into the file."""
        log = self._database.with_name(f"{self._database.name}-wal")
        return (log.exists() and log.stat().st_size > 0) or self._database.stat().st_mtime_ns != self._put_back_at

    def rewind(self, *, is_public: bool = False) -> None:
        """Put the house back as it was built; where nobody wrote anything, it still is."""
        if self._stands != is_public or self.is_changed:
            self._put_back(is_public=is_public)
        for column, value in self._cookies.items():
            self.visitors[column].client = self.app.test_client()
            if value is not None:
                self.visitors[column].client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], value)

    def _put_back(self, *, is_public: bool) -> None:
        db.session.remove()
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self._database.with_name(self._database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._public if is_public else self._private, self._database)
        self._stands, self._put_back_at = is_public, self._database.stat().st_mtime_ns

    def address(self, row: Row, rules: dict[tuple[str, str], Rule]) -> str:
        """Return where a row of roles.toml leads; a word that OBJECTS does not know is a mistake (KeyError)."""
        rule = rules[row.route]
        wanted = {name: value for name, value in self.arguments_of(row).items() if name in rule.arguments}
        address: str = self.app.url_map.bind("localhost").build(row.endpoint, wanted, method=row.method)
        return f"{address}?{row.query}" if row.query else address

    def arguments_of(self, row: Row) -> dict[str, Any]:
        """Return what stands for the row's object; nothing for a row without one."""
        if not row.object:
            return {}
        for key in (row.endpoint, row.endpoint.split(".")[0]):
            if row.object in self.objects.get(key, {}):
                return self.objects[key][row.object]
        raise KeyError(f"roles.toml tries {row.endpoint} on {row.object!r}, which tests/contracts/world.py has not")

    def visit(self, row: Row, column: str, address: str) -> str:
        """Send somebody there and return what they met."""
        self.rewind(is_public=column == "public")
        response = self.send(row, column, address)
        response.close()
        return outcome(response, self.sign_in)

    def send(self, row: Row, column: str, address: str) -> TestResponse:
        """Send what the row says, as a browser sends it; to the API as a program does, with a token of that person."""
        visitor = self.visitors[column]
        if row.endpoint.startswith(API):
            token = self._tokens[column]
            headers = {"If-Match": '"revision-0"'} | ({"Authorization": f"Bearer {token}"} if token else {})
            sent = {"json": json.loads(row.body)} if row.body else {}
            return Visitor(self.app).open(address, method=row.method, headers=headers, **sent)
        if row.method == "GET":
            return visitor.get(address)
        return visitor.post(address, dict(parse_qsl(row.body, keep_blank_values=True)))


def build() -> Objects:
    """Fill the house."""
    ana, ben, zoe = settle(ANA), settle(BEN), settle(ZOE)
    for someone in (ana, ben, *(settle(one) for one in (CLEO, DARA, ADA))):
        set_password(someone, PASSWORD)
    keys = {"open": "signed-in", "public": "public", "own": _key("Ana alone", ana), "hidden": _key("Zoe alone", zoe)}
    return {
        **_answers(keys, ana, ben),
        **_community(keys, ana, ben),
        **_own_things(ana),
        **_doors(zoe),
        **_notices(keys),
        **_figures(),
        **_announcements(keys, ana),
        **_words(),
        **_roadmap(keys, ana),
        **_task_force(ana, ben),
        **_tickets(ana, ben, zoe),
        **_surveys(),
        **_steered(),
        **_for_administrators(ben, zoe),
        **_answered(ana),
    }


def _answered(ana: Person) -> Objects:
    """A survey that runs, and the code by which Ana answers it: whoever holds it is let in, and nobody else."""
    _, (invited,) = pulse.open_wave([ana])
    invited.invitation.token_hash = codes.digest(CODE)
    return {}


def _steered() -> Objects:
    """A goal; an intervention that is planned, and one whose end was told."""
    ada = actor_of(settle(ADA))
    goal = adoption.goal(ada)
    unit = people.department("Kitchen")
    with clock.frozen(clock.now() - dt.timedelta(days=60)):
        told = adoption.intervention(ada, {unit: 7}, title="Posters", stop_on=clock.today() + dt.timedelta(days=30))
    interventions.publish(ada, told, readout="People liked them.")
    made = {"open": adoption.intervention(ada, {unit: 7}), "told": told}
    return {
        "goals": {"open": {"goal_id": goal.id}, "unknown": {"goal_id": UNKNOWN}},
        f"{API}goal": {"open": {"number": goal.id}, "unknown": {"number": UNKNOWN}},
        f"{API}intervention": {word: {"number": one.id} for word, one in made.items()}
        | {"unknown": {"number": UNKNOWN}},
        "interventions": {word: {"intervention_id": one.id} for word, one in made.items()}
        | {"unknown": {"intervention_id": UNKNOWN}},
    }


def _task_force(ana: Person, ben: Person) -> Objects:
    """An increment everybody sees and one that only the task force does, a gate, minutes, and an action of Ana's."""
    ada = actor_of(settle(ADA))
    shown, draft = (work.increment(ada, is_public=is_public) for is_public in (True, False))
    inside = {word: work.filled(ada, one) for word, one in (("open", shown), ("draft", draft))}
    gone = dict.fromkeys(inside["open"], UNKNOWN) | {"increment_id": shown.id}
    nowhere = {"increment_id": UNKNOWN}
    gate, decided = work.decided_gate(ada)
    figure, hand = (work.condition(gate, kind) for kind in ("measure", "hand"))
    at_gate = {"gate_id": gate.id, "condition_id": figure.id, "decision_id": decided.id}
    sat, meeting, own, other = work.sitting(ada, ben, owner=ana)
    at_table = {"member_id": sat.id, "minutes_id": meeting.id, "action_id": own.id}
    return {
        "increments": {**inside, "lost": gone, "unknown": {**gone, **nowhere}},
        "increment_work": {**inside, "lost": gone, "unknown": {**gone, **nowhere}},
        "gates": {
            "open": at_gate,
            "hand": {**at_gate, "condition_id": hand.id},
            "lost": {"gate_id": gate.id, "condition_id": UNKNOWN, "decision_id": UNKNOWN},
            "unknown": dict.fromkeys(at_gate, UNKNOWN),
        },
        "taskforce": {
            "own": at_table,
            "other": {**at_table, "action_id": other.id},
            "unknown": dict.fromkeys(at_table, UNKNOWN),
        },
    }


def _surveys() -> Objects:
    """A wave that is planned, one that runs, and one that is closed, with a sentence of what was done."""
    drafted, (running, _invited) = pulse.wave(), pulse.open_wave(6)
    closed, _kept = read_waves.closed({"Press": (8, 7, 3.5)})
    sentence = outcomes.write(system("tests"), closed, outcomes.Sentence(said="Too slow.", done="A second server."))
    waves = {word: {"wave_id": one.id} for word, one in (("draft", drafted), ("open", running), ("closed", closed))}
    waves["unknown"] = {"wave_id": UNKNOWN}
    return {
        "surveys": {word: {**one, "sentence_id": sentence.id} for word, one in waves.items()},
        "surveys.sentence": (
            said := {
                "closed": {**waves["closed"], "sentence_id": sentence.id},
                "unknown": {**waves["closed"], "sentence_id": UNKNOWN},
            }
        ),
        "surveys.change_sentence": said,
        "surveys.remove_sentence": said,
        "api.survey": {word: {"number": one["wave_id"]} for word, one in waves.items()},
    }


def _roadmap(keys: dict[str, str], ana: Person) -> Objects:
    """Ideas of Ana's with a comment each, one of them taken back; items on the roadmap and in triage."""
    topics = {word: kb.category(access_key=keys[word]) for word in ("open", "own", "hidden")}
    made = {word: roadmap.idea(f"Scan it {MARKS.get(word, '')}", ana, category=topic) for word, topic in topics.items()}
    gone = {"removed_at": clock.now(), "removed_by_id": ana.id}
    made["gone"] = roadmap.idea("Scan it twice", ana, category=topics["open"], **gone)
    notes = {word: comments.add(actor_of(ana), idea.ref, body="Daily.").id for word, idea in made.items()}
    numbers = {word: {"idea_id": idea.id} for word, idea in made.items()} | {"unknown": {"idea_id": UNKNOWN}}
    tried = {word: {**numbers[word], "comment_id": note} for word, note in notes.items()}
    foreign = {**numbers["open"], "comment_id": notes["hidden"]}
    stand = {
        word: roadmap.item(f"Do it {MARKS.get(word, '')}", state="planned", category=topic)
        for word, topic in topics.items()
    }
    stand["draft"] = roadmap.item("Think of it")
    ties = {word: roadmap.evidence(item).id for word, item in stand.items()}
    items = {word: {"item_id": item.id, "evidence_id": ties[word]} for word, item in stand.items()}
    return {
        "ideas": numbers,
        "ideas.remove_comment": {**tried, "foreign": foreign, "unknown": {**numbers["open"], "comment_id": UNKNOWN}},
        "roadmap": {**items, "unknown": {"item_id": UNKNOWN, "evidence_id": UNKNOWN}},
        "roadmap.answer": numbers,
        "roadmap.give_answer": numbers,
        "api.idea": {word: {"number": ids["idea_id"]} for word, ids in numbers.items()},
    }


def _kept_by(agent: Person) -> Objects:
    """What an agent keeps for themselves."""
    view = keeping.keep_view(actor_of(agent), name="Hot", wanted=Wanted(view="all"))
    reply = prepared.keep(actor_of(agent), None, title="Hello", body="Hello {name}")
    return {"queue.drop": {"own": {"view_id": view.id}}, "own_desk": {"own": {"reply_id": reply.id}}}


def _tickets(ana: Person, ben: Person, zoe: Person) -> Objects:
    """Ana's tickets: one Ben was added to, with files; one in a queue nobody works; one that is solved. And Zoe's."""
    desk, nobodys = tickets.queue("Service desk", settle(CLEO), is_default=True), tickets.queue("Others")
    made = {
        "open": tickets.ticket(ana, queue=desk, people=[ben]),
        "own": tickets.ticket(ana, queue=nobodys),
        "resolved": tickets.ticket(ana, queue=desk),
        "foreign": tickets.ticket(zoe, queue=nobodys),
    }
    lifecycle.resolve(actor_of(settle(CLEO)), made["resolved"])
    said = lifecycle.reply(actor_of(ana), made["open"], body="Here it is.")
    noted = lifecycle.note(actor_of(settle(CLEO)), made["open"], body="Again.")
    stored = {
        word: files.store(actor_of(settle(CLEO)), io.BytesIO(picture()), "drawing.png", on=on.ref)
        for word, on in (("ticket", said), ("note", noted))
    }
    named = {word: {"ticket_id": one.id, "person_id": ben.id} for word, one in made.items()}
    offer = {"kind": "article", "thing_id": kb.article(title="Restart the VPN app").id}
    mails = {word: letters.waiting(queue) for word, queue in (("open", desk), ("foreign", nobodys))}
    hung = {word: {"attachment_id": one.id, "name": one.download_name} for word, one in stored.items()}
    return {
        "tickets": (known := {**named, "unknown": {"ticket_id": UNKNOWN, "person_id": UNKNOWN}}),
        "giving_back": (numbers := {word: {"ticket_id": ids["ticket_id"]} for word, ids in known.items()}),
        "working": numbers,
        **{
            f"api.{name}": {word: {"number": ids["ticket_id"]} for word, ids in numbers.items()}
            for name in ("ticket", "reply_on_ticket", "resolve_ticket", "assign_ticket")
        },
        "joining": numbers,
        **_kept_by(settle(CLEO)),
        "offered": {word: {**ids, **offer} for word, ids in numbers.items()},
        "triage": {word: {"mail_id": one.id} for word, one in mails.items()} | {"unknown": {"mail_id": UNKNOWN}},
        "files.download": hung,
        **_of_the_desk(desk),
    }


def _of_the_desk(queue: Queue) -> Objects:
    """What is set up at the desk."""
    request = RequestTemplate(slug="software", title="Software", fields=[])
    reply = SavedReply(title="Restart", body="Please restart it.")
    db.session.add_all([request, reply])
    db.session.flush()
    return {
        "desk_queues": {"open": {"queue_id": queue.id}, "unknown": {"queue_id": UNKNOWN}},
        "desk_hours": {"open": {"hours_id": tickets.hours().id}, "unknown": {"hours_id": UNKNOWN}},
        "desk_requests": {
            "open": {"template_id": request.id, "reply_id": reply.id},
            "unknown": {"template_id": UNKNOWN, "reply_id": UNKNOWN},
        },
    }


def _key(name: str, person: Person) -> str:
    """Return the access key of things that are one person's alone; Zoe has left, so hers are nobody's."""
    return audiences.key_for([[people.audience(name, ("person", str(person.id))).id]])


def _answers(keys: dict[str, str], ana: Person, ben: Person) -> Objects:
    """Articles, with notes, feedback and files on them."""
    articles = {word: kb.article(access_key=key) for word, key in keys.items()}
    articles["draft"] = kb.article(status="draft")
    categories = {word: kb.category(access_key=key, slug=f"shelf-{word}") for word, key in keys.items()}
    notes = {word: comments.add(actor_of(ana), a.ref, body="It helped.") for word, a in articles.items()}
    said = {
        word: solutions.mark(
            actor_of(ben), a.ref, version=a.version, solved=False, reason="did_not_work", via="article"
        )
        for word, a in articles.items()
    }
    asked = solutions.mark(actor_of(ana), articles["open"].ref, version=1, solved=True)
    asked.is_intent_asked = True
    stored = {word: _file(ana, articles[word]) for word in ("open", "public", "own")}
    stored["hidden"] = _file(ana, articles["own"])
    stored["hidden"].subject = str(articles["hidden"].ref)
    drafts = _drafts(keys)
    slugs = {word: {"slug": a.slug} for word, a in articles.items()} | {"unknown": {"slug": "no-such-article"}}
    return {
        "kb": slugs,
        "api": slugs,
        "reference": {"open": {"name": "search"}, "unknown": {"name": "none"}},
        "languages": slugs,
        "desk.draft_checklist": drafts,
        "shelf": slugs,
        "suggestions": slugs,
        **_suggestions(articles, ana, ben),
        **_reviews(drafts, ana),
        **_histories(articles, slugs),
        "editing": drafts,
        "writing": drafts,
        "editing.of": {word: slugs[word] for word in ("open", "own", "hidden", "unknown")},
        "kb.category": {word: {"slug": c.slug} for word, c in categories.items()} | {"unknown": {"slug": "no-such"}},
        "topics": {word: {"topic_id": c.id} for word, c in categories.items()} | {"unknown": {"topic_id": UNKNOWN}},
        "kb.asset": {"unknown": {"name": "no-such.png"}},
        "kb.intent": {"own": slugs["open"], "hidden": slugs["hidden"], "unknown": slugs["unknown"]},
        "kb.remove_note": {
            "own": {**slugs["open"], "note_id": notes["open"].id},
            "foreign": {**slugs["open"], "note_id": notes["hidden"].id},
            "hidden": {**slugs["hidden"], "note_id": notes["hidden"].id},
            "unknown": {**slugs["open"], "note_id": UNKNOWN},
        },
        "kb.reply": {word: {"solution_id": one.id} for word, one in said.items()}
        | {"unknown": {"solution_id": UNKNOWN}},
        "files": {word: {"attachment_id": one.id, "name": one.download_name} for word, one in stored.items()}
        | {"unknown": {"attachment_id": UNKNOWN, "name": "a.png"}},
    }


def _drafts(keys: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Drafts: of an open article, of one in a wiki topic that is Ana's alone, of one that nobody sees."""
    being_written = {word: _article(word, keys[word]) for word in ("open", "own", "hidden")}
    being_written["own"].category = kb.category(access_key=keys["own"], mode="wiki")
    drafts = {word: {"draft_id": kb.draft(article).id} for word, article in being_written.items()}
    return {**drafts, "unknown": {"draft_id": UNKNOWN}}


def _reviews(drafts: dict[str, dict[str, Any]], ana: Person) -> Objects:
    """Each draft with a remark of Ana's; the remark on another draft than the address names is not there."""
    remarks = {
        word: reviews.comment(actor_of(ana), db.session.get_one(Draft, one["draft_id"]), words="Which one?").id
        for word, one in drafts.items()
        if word != "unknown"
    }
    tried = {word: {**drafts[word], "comment_id": remark} for word, remark in remarks.items()}
    foreign = {**drafts["open"], "comment_id": remarks["hidden"]}
    unknown = {**drafts["unknown"], "comment_id": UNKNOWN}
    return {"review": drafts, "review.resolve": {**tried, "foreign": foreign, "unknown": unknown}}


def _histories(articles: dict[str, Article], slugs: dict[str, dict[str, str]]) -> Objects:
    """Articles with two revisions each, to be read, compared, brought back, and followed."""
    for article in articles.values():
        for _n in range(2):
            texts.keep_revision(article, system("tests"))
    tried = {word: {**slugs[word], "n": 1} for word in slugs}
    return {"history": slugs, "history.show": tried, "history.restore": tried, "arranging": slugs, "following": slugs}


def _suggestions(articles: dict[str, Article], ana: Person, ben: Person) -> Objects:
    """What Ana suggested of each article; the hidden one was hidden since. A leaver's articles, open and hidden."""
    zoe, tom = settle(ZOE), people.person("Tom Reed", is_active=False)
    kb.article(owner_id=zoe.id)
    kb.article(owner_id=tom.id, access_key=articles["hidden"].access_key)
    made = {word: kb.suggestion(articles[word], ana) for word in ("open", "own")}
    made["hidden"] = kb.suggestion(articles["hidden"], ben)
    tried = {word: {"suggestion_id": one.id} for word, one in made.items()} | {"unknown": {"suggestion_id": UNKNOWN}}
    leavers = {"left": {"person_id": zoe.id}, "hidden": {"person_id": tom.id}, "unknown": {"person_id": UNKNOWN}}
    rows = {word: {"kind": "suggestion", "number": one["suggestion_id"]} for word, one in tried.items()}
    return {
        **{"suggestions.one": tried, "suggestions.decide": tried, "desk_rows": rows},
        **{"shelf.hand_over": leavers, "shelf.give": leavers},
    }


def _article(word: str, key: str) -> Article:
    """An article whose title says how far it may travel, and whose text everybody could search for."""
    mark = MARKS.get(word, word)
    return kb.article(
        f"Answer {mark}", access_key=key, body=f"{kb.BODY}\n\n{SOUGHT} {mark}", summary=f"In short {mark}"
    )


def _community(keys: dict[str, str], ana: Person, ben: Person) -> Objects:
    """Questions of Ana's with answers of Ben's, and tips of hers: open, in topics of one person, taken away."""
    asker, helper = actor_of(ana), actor_of(ben)
    asked, answered, noted, told = {}, {}, {}, {}
    for word, key in {**keys, "gone": "signed-in"}.items():
        topic, mark = kb.category(access_key=key), MARKS.get(word, word)
        whose = ben if word == "public" else ana
        asked[word] = community.question(f"Half of the label {mark}", category=topic, asker_id=whose.id)
        answered[word] = community.answer(asked[word], f"Push the roll {mark}.", author_id=ben.id)
        noted[word] = comments.add(asker, asked[word].ref, body="Which roll?").id
        told[word] = community.tip(f"Rolls of labels {mark}", category=topic, author_id=ana.id)
    under = comments.add(asker, answered["open"].ref, body="Which side?").id
    below = comments.add(asker, answered["hidden"].ref, body="Which side?").id
    questions.edit(asker, asked["open"], version=1, title="Half of the label is missing", body="Still.", tags="labels")
    answers.edit(helper, answered["open"], version=1, body="Push the roll to the left.")
    tips.edit(asker, told["open"], version=1, title="Rolls of labels and how", body="So.", tags="labels")
    said = solutions.mark(asker, asked["public"].ref, version=0, solved=True)
    said.is_intent_asked = True
    lost = community.answer(asked["open"], "Never mind.", author_id=ben.id)
    removing.remove(helper, lost)
    for gone in (asked["gone"], told["gone"]):
        removing.remove(asker, gone)
    # The address of a page stands on it, also where it says that there is none: so no word of what is hidden.
    neutral = dict.fromkeys(MARKS, "half")
    words = {
        word: {"question_id": one.id, "words": neutral.get(word) or things.words_of(one.title)}
        for word, one in asked.items()
    }
    words["unknown"] = {"question_id": UNKNOWN, "words": "none"}
    pointed = community.question("Half a label again", category=asked["open"].category, asker_id=ana.id)
    community.answer(pointed, "As ever.", author_id=ben.id)
    duplicates.point(asker, pointed, to=asked["open"])
    solved = community.question("Which roll fits", category=asked["open"].category, asker_id=ana.id)
    answers.accept(asker, community.answer(solved, "The large one.", author_id=ben.id))
    inviting.invite(asker, asked["open"], settle(CLEO).email)
    replies = {word: {**words[word], "answer_id": one.id} for word, one in answered.items()}
    replies |= {
        "gone": {**words["open"], "answer_id": lost.id},
        "foreign": {**words["open"], "answer_id": answered["hidden"].id},
        "unknown": {**words["open"], "answer_id": UNKNOWN},
    }
    notes = {word: {**words[word], "comment_id": note} for word, note in noted.items()}
    notes |= {"foreign": {**words["open"], "comment_id": below}, "unknown": {**words["open"], "comment_id": UNKNOWN}}
    lines = {
        "open": {**replies["open"], "comment_id": under},
        "foreign": {**replies["open"], "comment_id": noted["open"]},
        "hidden": {**replies["hidden"], "comment_id": below},
        "unknown": {**replies["open"], "comment_id": UNKNOWN},
    }
    lost_note, lost_line = (comments.add(asker, row.ref, body="No.") for row in (asked["open"], answered["open"]))
    removing.remove_comment(asker, asked["open"], lost_note.id)
    removing.remove_comment(asker, answered["open"], lost_line.id)
    flagged = {word: {"kind": "question", "post_id": one.id} for word, one in asked.items()}
    flagged["unknown"] = {"kind": "answer", "post_id": UNKNOWN}
    flags.flag(helper, asked["open"].ref, reason="wrong", comment="It tears.")
    of_answers = ("edit_answer", "change_answer", "show_answer_history", "find_useful", "accept", "remove_answer")
    of_answers += ("restore_answer", "add_answer_comment")
    return {
        "flags": flagged,
        "questions": words
        | {"pointed": {"question_id": pointed.id}, "invited": words["open"], "solved": {"question_id": solved.id}},
        "questions.remove_comment": notes,
        "questions.restore_comment": notes | {"gone": {**words["open"], "comment_id": lost_note.id}},
        "questions.restore_answer_comment": lines | {"gone": {**replies["open"], "comment_id": lost_line.id}},
        **{f"questions.{name}": replies for name in of_answers},
        **_by_program(words, replies),
        "questions.remove_answer_comment": lines,
        "tips": {
            word: {"tip_id": one.id, "words": neutral.get(word) or things.words_of(one.title)}
            for word, one in told.items()
        }
        | {"unknown": {"tip_id": UNKNOWN, "words": "none"}},
    }


def _by_program(words: dict[str, dict[str, Any]], replies: dict[str, dict[str, Any]]) -> Objects:
    """The same questions and answers by the names programs have for them."""
    asked = {word: {"number": one["question_id"]} for word, one in words.items()}
    said = {word: {"number": one["question_id"], "answer": one["answer_id"]} for word, one in replies.items()}
    of_questions, of_answers = ("question", "answer_question"), ("accept_answer", "vote_for_answer")
    return {
        **{f"{API}{name}": asked for name in of_questions},
        **{f"{API}{name}": said for name in of_answers},
    }


def _file(owner: Person, article: Article) -> Attachment:
    made = files.store(actor_of(owner), io.BytesIO(picture()), "drawing.png", on=article.ref)
    article.body += f"\n\n![A drawing](file:{made.id})"
    return made


def _own_things(ana: Person) -> Objects:
    """What is Ana's and nobody else's business."""
    session, _name = sessions.open_session(ana.id)
    token, _text = tokens.make(actor_of(ana), label="Her script", days=30)
    notifications.tell([ana], "feedback_reply", actor=system("tests"))
    mine = select(Notification.id).where(Notification.person_id == ana.id).order_by(Notification.id.desc())
    news_id = db.session.execute(mine.limit(1)).scalar_one()
    return {
        "accounts.end_session": {"own": {"session_id": session.id}, "unknown": {"session_id": UNKNOWN}},
        "accounts.revoke_token": {"own": {"token_id": token.id}, "unknown": {"token_id": UNKNOWN}},
        "notifications": {"own": {"news_id": news_id}, "unknown": {"news_id": UNKNOWN}},
    }


def _doors(zoe: Person) -> Objects:
    """Links from mails: whoever holds one may use it, once. Zoe's went with her."""
    newcomer = people.person("Nia Holm")
    found: Objects = {}
    for name, purpose in (("reset", Purpose.RESET), ("invitation", Purpose.INVITATION)):
        held = {"open": links.make(purpose, person=newcomer), "hidden": links.make(purpose, person=zoe)}
        tried = {word: {"token": links.address(link.ref).rsplit("/", 1)[1]} for word, link in held.items()}
        found[f"accounts.{name}"] = {**tried, "unknown": {"token": "no-such-token"}}
    return {
        **found,
        "accounts.setup": {"unknown": {"token": "no-such-token"}},
        "links.outside": {"on": {"state": "on"}},
    }


def _figures() -> Objects:
    """Figures of a portal in which days were counted and nothing happened, and a date on their charts."""
    db.session.add(FoldState(id=1, folded_until=clock.today(), version=fold.VERSION))
    row = ChangeDate(on=clock.today(), text="New phones")
    db.session.add(row)
    db.session.flush()
    return {
        "insights": {"open": {"date_id": row.id}, "unknown": {"date_id": UNKNOWN}},
        "insights.table": {"open": {"page": "index", "name": "needs"}, "unknown": {"page": "index", "name": "nothing"}},
        **_weblogs(),
    }


def _weblogs() -> Objects:
    """A log of a web server of which a day was read."""
    web = weblogs.add(system("tests"), weblogs.About(name="Intranet"))
    web.path = "/var/log/nginx/access.log"
    with tempfile.TemporaryDirectory() as folder:
        weblogs.fill(system("tests"), web, log(Path(folder) / "access.log", a_day()))
    opened = {"log_id": web.id, "state": "off"}
    here = {"open": opened, "unknown": {"log_id": UNKNOWN}}
    names = ("edit", "change", "read", "remove", "switch")
    table = {"open": {"name": "pages"}, "unknown": {"name": "addresses"}}
    return {"insights.logs_table": table, **{f"insights.logs_{name}": here for name in names}}


def _notices(keys: dict[str, str]) -> Objects:
    notices = {word: home.incident(f"Notice {MARKS.get(word, word)}", access_key=key) for word, key in keys.items()}
    tried = {word: {"incident_id": one.id} for word, one in notices.items()}
    return {"incidents": {**tried, "unknown": {"incident_id": UNKNOWN}}}


def _announcements(keys: dict[str, str], ana: Person) -> Objects:
    """One for everybody by Dara, one that Ana is asked to say, one that is nobody's."""
    dara = settle(DARA)
    rows = {
        "open": home.announcement("Closing day", sender_id=dara.id, created_by_id=dara.id),
        "own": home.announcement(f"Asked {MARKS['own']}", access_key=keys["own"], sender_id=ana.id, agreed_at=None),
        "hidden": home.announcement(f"Asked {MARKS['hidden']}", access_key=keys["hidden"]),
    }
    tried = {word: {"announcement_id": one.id} for word, one in rows.items()}
    return {"announcements": {**tried, "unknown": {"announcement_id": UNKNOWN}}}


def _words() -> Objects:
    """A question with its answer, and a tag that is called otherwise now."""
    judged = JudgedQuery(query="train vpn", answers=["article:1"])
    db.session.add_all([judged, TagAlias(tag="former", becomes="vpn")])
    db.session.flush()
    return {"words": {"open": {"question_id": judged.id}, "unknown": {"question_id": UNKNOWN}}}


def _import() -> int:
    """An import of people that waits to be looked at."""
    listed = io.BytesIO(b"Name,Mail\nTom Reed,tom@ostreyvale.example\n")
    return imports.bring(system("tests"), "people", listed, name="people.csv").id


def _for_administrators(ben: Person, zoe: Person) -> Objects:
    """People, a failed job and a failed mail."""
    zoe.is_active = False
    job = jobs.enqueue("search.update", {"refs": []})
    assert job is not None
    job.state = "dead"
    notifications.tell([ben], "mail_test", actor=system("tests"))
    his = select(OutboxMail).where(OutboxMail.person_id == ben.id).order_by(OutboxMail.id.desc())
    mail = db.session.execute(his.limit(1)).scalar_one()
    notifications.give_up(mail, code=550, error="550 no such mailbox")
    empty = {
        "department_id": people.department("Empty").id,
        "site_id": people.site("Empty").id,
        "audience_id": people.audience("Nothing is for them", ("person", str(ben.id))).id,
        "erasure_id": erasing.plan(zoe).id,
    }
    return {
        "admin": {
            "open": {"person_id": ben.id, **empty},
            "left": {"person_id": zoe.id},
            "unknown": dict.fromkeys(("person_id", *empty), UNKNOWN),
        },
        "api.person": {"open": {"id": ben.id}, "left": {"id": zoe.id}, "unknown": {"id": UNKNOWN}},
        "api.change_person": {"open": {"id": ben.id}, "unknown": {"id": UNKNOWN}},
        "api.deactivate_person": {"open": {"id": ben.id}, "unknown": {"id": UNKNOWN}},
        "accounts.revoke_program": {"open": {"token_id": _service()}, "unknown": {"token_id": UNKNOWN}},
        **_webhooks(),
        "brand": {"open": {"digest": "0000000000000000"}, "unknown": {"name": "0000000000000000.png"}},
        "admin.retry_job": {"open": {"job_id": job.id}, "unknown": {"job_id": UNKNOWN}},
        "admin.retry_mail": {"open": {"mail_id": mail.id}, "unknown": {"mail_id": UNKNOWN}},
        "imports.bring": {"articles": {"kind": "articles"}, "unknown": {"kind": "no-such"}},
        "imports.export": {"people": {"kind": "people"}, "unknown": {"kind": "no-such"}},
        "imports": {"open": {"run_id": _import()}, "unknown": {"run_id": UNKNOWN}},
        "demo": {"open": {"mail_id": mail.id}, "unknown": {"mail_id": UNKNOWN, "name": "survey.9.9.invitation.none"}},
    }


def _service() -> int:
    token, _text = tokens.make_service(system("tests"), label="Their directory", days=0, roles=[], scopes={Scope.READ})
    return token.id


def _webhooks() -> Objects:
    """Two webhooks, each with a delivery."""
    made = [
        webhooks.add(system("tests"), label=name, url=f"https://{name}.example.org/", chosen=["article.changed"])[0]
        for name in ("first", "second")
    ]
    deliveries = [webhooks.deliver(one, {"event": "test"}) for one in made]
    first = {"webhook_id": made[0].id}
    single = {
        "open": {**first, "delivery_id": deliveries[0].id},
        "foreign": {**first, "delivery_id": deliveries[1].id},
        "unknown": {"webhook_id": UNKNOWN, "delivery_id": UNKNOWN},
    }
    return {
        "webhooks": {"open": first, "unknown": {"webhook_id": UNKNOWN}},
        "webhooks.delivery": single,
        "webhooks.send_again": single,
    }
