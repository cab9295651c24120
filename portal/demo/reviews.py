"""What the editors did beside writing: texts that changed, one that waits for Dara, one that was sent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from portal.core import clock
from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.jobs.models import Job
from portal.kb import texts
from portal.kb.caring import arranging
from portal.kb.models import Article, Category, Draft, Mode
from portal.kb.prose import paragraphs
from portal.kb.reviewing import reviews
from portal.kb.shelving import topics
from portal.kb.writing import drafts, publishing
from portal.talk import follows

WIKI = "meetings"
"""The topic whose articles everybody edits."""
HEADSETS = "There are four for loan at the foreman's office at Old Mill."
MORE_HEADSETS = "There are six for loan: four at the foreman's office at Old Mill, two at the gate of Northgate."
FLICKERS = "turn it off when the sound stutters."
COUNT = "3. Count to thirty."
WAIT = "3. Count slowly to thirty. The dock keeps a little power, and only forgets its trouble when that is gone."
DOCK_LIGHT = "4. Plug the power in and wait until the light on the dock is steady."
STEADY = "4. Plug the power in again. Wait until the light on the dock is steady, about ten seconds."
ABROAD = """Up to four weeks a year, from a country of the European Union. Outside of it, talk to HR before you book.

## Before you go

1. Ask your manager, and say from when until when.
2. Fill in the form for the social insurance of the country. HR sends it to you within two days.
3. Try the VPN once at home, so that it does not surprise you abroad.

## While you are there

Keep your laptop with you. In a hotel, use the VPN for everything, also for reading mail.

## If that did not help

Write to HR with the country and the dates. They answer on the same day.
"""


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield when who did what at the editors' desk, for a story that ends at `at`."""

    def days(n: int) -> dt.datetime:
        return min(story.days_before(at, n, hour=10), at - dt.timedelta(hours=30))

    yield days(60), partial(_open_wiki, cast)
    change = partial(_change, cast, "noise-and-background")
    yield days(40), partial(change, "dev", HEADSETS, MORE_HEADSETS, kind="minor", note="Two more headsets")
    yield days(12), partial(change, "dev", FLICKERS, FLICKERS.replace("turn", "switch"), kind="typo", note="")
    yield days(30), partial(_follow, cast, ("ana", "noise-and-background"), ("ana", "expenses-with-receipts"))
    yield days(20), partial(_redirect, cast, "dock-dead", "docking-station")
    yield days(2), partial(_send_back, cast)
    yield at - dt.timedelta(hours=26), partial(_write_abroad, cast)
    yield at - dt.timedelta(hours=5), partial(_edit_wiki, cast)
    yield at - dt.timedelta(hours=4), partial(_plan_printers, cast)
    yield at - dt.timedelta(hours=3), partial(_ask_dara, cast)


def _open_wiki(cast: Cast) -> None:
    topic = db.session.execute(select(Category).where(Category.slug == WIKI)).scalar_one()
    topics.change(cast.actor("dara"), topic, topics.as_wanted(topic, mode=Mode.WIKI.value))


def _article(cast: Cast, slug: str) -> Article:
    return db.session.get_one(Article, cast.ref(f"article:{slug}").id)


def _written(cast: Cast, slug: str, who: str, words: str, by: str, **more: str) -> Draft:
    """Let somebody write other words in an article; words that are not there are a mistake in the story (KeyError)."""
    article, actor = _article(cast, slug), cast.actor(who)
    if words not in article.body:
        raise KeyError(f"{slug} does not say “{words}”")
    draft = drafts.edit(actor, article)
    return drafts.save(actor, draft, {"body": article.body.replace(words, by, 1), **more}, lock=draft.lock)


def _change(cast: Cast, slug: str, who: str, words: str, by: str, *, kind: str, note: str) -> None:
    draft = _written(cast, slug, who, words, by, change=kind, note=note)
    publishing.publish(cast.actor(who), draft)
    told = select(Job).where(Job.kind == publishing.TELL)
    for job in db.session.execute(told).scalars():  # at this time of the story, not when the demo starts
        news = dict(job.payload)
        publishing.tell_changed(news.pop("article"), **news)
        db.session.delete(job)


def _follow(cast: Cast, *pairs: tuple[str, str]) -> None:
    for who, slug in pairs:
        article = _article(cast, slug)
        follows.follow(cast.actor(who), article.ref, topic=article.category.ref)


def _redirect(cast: Cast, slug: str, target: str) -> None:
    arranging.add_redirect(cast.actor("dara"), slug=slug, article=_article(cast, target))


def _send_back(cast: Cast) -> None:
    """Dara's text about the office Wi-Fi: Sam was asked, and found a step that is out of date."""
    dara, sam = cast.actor("dara"), cast.actor("sam")
    words = "3. Type your full work address and your password."
    draft = _written(cast, "office-wifi", "dara", words, f"{words} The address is the long one, with the @.")
    reviews.submit(dara, draft, reviewer_id=sam.person_id, note="The address is what most people get wrong")
    text = paragraphs.split(texts.render(draft.body, files=texts.picture(draft.article, draft)).html)
    about = next(one for one in text if one.text.startswith("Check that the name reads"))
    reviews.comment(sam, draft, words="Since the summer it is the **second** line of the window.", paragraph=about)
    reviews.request_changes(sam, draft, words="One step is out of date, see there. The rest is right.")


def _write_abroad(cast: Cast) -> None:
    mariam = cast.actor("mariam")
    topic = db.session.execute(select(Category).where(Category.slug == "people")).scalar_one()
    draft = drafts.begin(mariam, category=topic, title="Work from another country for a few weeks")
    summary = "Four weeks a year are possible; ask three weeks before, and take the VPN along."
    drafts.save(mariam, draft, {"body": ABROAD, "summary": summary, "tags": ["travel", "vpn"]}, lock=draft.lock)
    reviews.submit(mariam, draft, note="Asked of HR every week in summer")


def _edit_wiki(cast: Cast) -> None:
    words = "5. Press **Stop sharing** when you are done."
    text = f"{words} Or press ++ctrl+shift+e++ once more."
    _change(cast, "share-your-screen", "ben", words, text, kind="minor", note="The keys also stop it")


def _plan_printers(cast: Cast) -> None:
    """Piotr's text appears when the new printers do: on the next Monday morning but one."""
    words = "Be on OV-Staff, on a cable or on the VPN."
    text = f"{words} From that Monday on, every printer of Harbour House has a new name."
    draft = _written(cast, "add-a-printer", "piotr", words, text, change="minor", note="New names of the printers")
    monday = clock.now() + dt.timedelta(days=14 - clock.now().weekday())
    publishing.schedule(cast.actor("piotr"), draft, monday.replace(hour=7, minute=0, second=0, microsecond=0))


def _ask_dara(cast: Cast) -> None:
    dev, dara = cast.actor("dev"), cast.actor("dara")
    draft = _written(cast, "docking-station", "dev", COUNT, WAIT, change="minor")
    body = draft.body.replace(DOCK_LIGHT, STEADY, 1)
    drafts.save(dev, draft, {"body": body}, lock=draft.lock)
    reviews.submit(dev, draft, reviewer_id=dara.person_id, note="Three people pulled the plug for a second only")
