"""The home page, one's own things, and the doors to those who help. A GET only looks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import actor as actors
from portal.core import clock, options
from portal.core.access import public
from portal.core.actor import Actor
from portal.core.arguments import number
from portal.core.permissions import Permission
from portal.core.refs import Ref
from portal.core.registry import load_things
from portal.home import announced, doors, popular, presenting, queries
from portal.kb.reading import arrivals, outline
from portal.kb.reading import feedback as kb_feedback
from portal.kb.reading import queries as kb
from portal.talk import queries as talk

bp = Blueprint("home", __name__, template_folder="../templates")

OWN_SHOWN = 4
LATELY = dt.timedelta(days=7)
"""How long an editor's answer stays among one's own things on the home page; `/mine` keeps it."""


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """The greeting, the one box, one's own things; below the fold what others read and what is new."""
    who = actors.current()
    if current_app.config["DITY"].demo and not who.is_signed_in:
        return redirect(url_for("accounts.sign_in"))  # the demo begins with whom one would like to be
    told_here = announced.current(who)
    n_new = g.get("n_new", 0)  # counted for the bell by the query that loaded the session
    told = presenting.once(queries.unread(who, limit=3 * OWN_SHOWN))[:OWN_SHOWN] if n_new else []
    if told_here:  # what stands above is not told again below it
        above = {one.ref for one in told_here}
        told = [(row, name) for row, name in told if row.subject not in above]
    replies = _replies(who)
    department, everybody = popular.counts(who)
    answered = {Ref("reply", row.id): row for row in replies}
    refs = [row.subject for row, _name in told if row.subject and row.subject not in answered]
    refs += [Ref.parse(row.subject) for row in replies]
    refs += [ref for ref, _n in (*department.rows, *everybody.rows)]
    things = load_things(who, refs)
    articles = {ref: things.get(Ref.parse(row.subject)) for ref, row in answered.items()}
    things |= {ref: kb_feedback.reply_thing(answered[ref], about) for ref, about in articles.items() if about}
    # Owners are told of each reader who waits, so nobody else needs to be counted here.
    is_asked = any(row.kind == "article_feedback" for row, _name in told)
    n_waiting = _n_waiting(who) if is_asked or who.can(Permission.FEEDBACK_REPLY) else 0
    own = [presenting.waiting(n_waiting)] if n_waiting else []
    # Each of the readers who wait was told as news too; here one line for all of them is enough.
    told = [(row, name) for row, name in told if not (n_waiting and row.kind == "article_feedback")]
    own += [line for row, name in told if (line := presenting.told(row, name, things))]
    spoken_of = {row.subject for row, _name in told if row.kind == "feedback_reply"}
    unspoken = [row for ref, row in answered.items() if ref not in spoken_of]
    own += [line for row in unspoken if (line := presenting.answered(row, things))]
    return render_template(
        "home/index.html",
        greeting=presenting.greeting(who),
        own=own[:OWN_SHOWN],
        n_new=n_new,
        announced=told_here,
        popular=popular.choose(department, everybody, things),
        latest=arrivals.lines(outline.latest(who, limit=5), via="home"),
    )


def _replies(who: Actor) -> list[Any]:
    if who.person_id is None:
        return []
    return talk.answered_for(who.person_id, since=clock.now() - LATELY, limit=OWN_SHOWN)


def _n_waiting(who: Actor) -> int:
    """Return how many readers of articles this person owns wait for an answer."""
    own = kb.owned_by(who.person_id) if who.person_id is not None else []
    return talk.n_open(own) if own else 0


@bp.get("/mine")
def mine() -> str:
    """What is new for me, what I said, what I wrote."""
    who = actors.current()
    told = presenting.once(queries.unread(who, limit=queries.PAGE))
    said = queries.said_by(who.person_id or 0, before_id=number("said_before"))
    notes = queries.notes_by(who.person_id or 0, before_id=number("notes_before"))
    refs = [row.subject for row, _name in told if row.subject]
    refs += [Ref.parse(subject) for subject in (*(row.subject for row in said), *(row.subject for row in notes))]
    things = load_things(who, refs)
    n_waiting = _n_waiting(who)
    news = [presenting.waiting(n_waiting)] if n_waiting else []
    return render_template(
        "home/mine.html",
        news=news + [line for row, name in told if (line := presenting.told(row, name, things))],
        said=[(row, things.get(Ref.parse(row.subject))) for row in said],
        notes=[(row, things.get(Ref.parse(row.subject))) for row in notes],
        older_said=said[-1].id if len(said) == queries.PAGE else None,
        older_notes=notes[-1].id if len(notes) == queries.PAGE else None,
    )


@bp.get("/ask")
@public
def ask() -> ResponseReturnValue:
    """Lead to where colleagues are asked; the words go along."""
    words = doors.clean(request.args.get("q", ""))
    return redirect(url_for("questions.new", q=words or None, s=request.args.get("s", "")[:16] or None))


@bp.get("/hand-over")
@public
def hand_over() -> ResponseReturnValue:
    """Lead to the form; the words and what was tried go along. Who is not signed in gets them as a letter."""
    words, tried = doors.clean(request.args.get("q", "")), request.args.getlist("tried")[: queries.PAGE]
    search = request.args.get("s", "")[:16]
    form = url_for("handing_over.new", q=words or None, tried=tried or None, s=search or None)
    if actors.current().person_id is not None:
        return redirect(form)
    return render_template("home/hand_over.html", sign_in=url_for("accounts.sign_in", next=form), **_letter())


def _letter() -> dict[str, Any]:
    who, opts = actors.current(), options.get()
    words = doors.clean(request.args.get("q", ""))
    tried = queries.by_slug(who, request.args.getlist("tried"))
    text = doors.letter(words, tried, name=who.name)
    looser = doors.looser(words)
    return {
        "words": words,
        "tried": tried,
        "text": text,
        "mail": doors.mail_to(opts.desk_mail, words=words, text=text) if opts.desk_mail else "",
        "mail_anybody": doors.mail_to("", words=words, text=text),
        "phone": opts.desk_phone,
        "call": doors.call(opts.desk_phone),
        "looser": looser,
        "looser_url": url_for("search.results", q=looser, relaxed="1"),
    }
