"""The rules of METRICS 1.4 to 1.10 read slowly: plain Python over plain dicts, a sentence at a time.

It shares no line with the fast reading, and knows neither columns nor days. Where both agree on hundreds of random
tables, a mistake must have been made twice. `ratio` is the one thing taken from outside.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.fuzz import token_sort_ratio

Event = dict[str, Any]
Actor = tuple[str, ...]

ORDER = (
    *("search", "result_click", "view", "dwell", "helpful", "solved", "intent", "suggest_shown", "suggest_click"),
    *("form_start", "form_abandon", "form_submit", "ask", "answer", "accept", "vote", "share", "contribute", "flag"),
    *("assess_start", "assess_done", "campaign_exposed", "reward_granted"),
)
ASIDE = {
    *("suggest_shown", "answer", "vote", "share", "contribute", "flag"),
    *("assess_start", "assess_done", "campaign_exposed", "reward_granted"),
}
OPENING = {"result_click", "view", "suggest_click"}
ANSWER = {"solved", "helpful", "intent", "dwell", "accept"}
CONTENT = {None, "article", "question", "answer"}


def plain(text: str | None) -> str:
    """Rule 17: casefolded, accents and punctuation dropped."""
    out = ""
    for letter in unicodedata.normalize("NFKD", (text or "").casefold()):
        if unicodedata.category(letter)[0] in "MPS":
            continue
        out += letter
    return " ".join(out.split())


def similar(one: str, other: str) -> bool:
    """Rule 17: equal, or token-sort at least 60 and neither shorter than 5 characters."""
    if one == "" or other == "":
        return False
    return one == other or (len(one) >= 5 and len(other) >= 5 and token_sort_ratio(one, other) >= 60)


@dataclass
class Need:
    actor: Actor
    topic: str
    events: list[Event] = field(default_factory=list)
    outcome: str = ""
    tickets: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.events[0]["at"]

    @property
    def end(self) -> int:
        return self.events[-1]["at"]


@dataclass
class Slow:
    """Everything that was found out."""

    needs: list[Need]
    forms: list[Need]
    orphans: Counter[str]
    links: dict[str, tuple[Actor, str, int, str]]
    excluded: Counter[str]
    set_aside: int


def known(lines: Iterable[dict[str, Any]], as_of: int) -> list[Event]:
    """Rule 1: the first line of an id wins; what lies after as-of is ignored."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        if line["id"] in seen:
            continue
        seen.add(line["id"])
        if line["at"] <= as_of:
            kept.append(dict(line))
    return kept


def read(
    event_lines: Iterable[dict[str, Any]],
    ticket_lines: Iterable[dict[str, Any]],
    *,
    gap: int,
    window: int,
    as_of: int,
    reach: int | None = None,
) -> Slow:
    """Read both tables."""
    events = known(event_lines, as_of)
    events.sort(key=lambda e: (e["at"], ORDER.index(e["type"]), e.get("value") == "no", e["id"]))
    tickets = sorted(known(ticket_lines, as_of), key=lambda t: (t["at"], t["id"]))
    excluded: Counter[str] = Counter()
    set_aside = 0
    people: dict[Actor, list[Event]] = defaultdict(list)
    for event in events:
        if event["kind"] not in ("user", "anon"):
            excluded[event["kind"]] += 1
        elif is_aside(event):
            set_aside += 1
        elif event["kind"] == "user":
            people[("user", event["actor"])].append(event)
        else:
            people[("anon", event["actor"], event.get("session") or "")].append(event)
    needs, forms, orphans = [], [], Counter[str]()
    for actor, own in people.items():
        give_topics(own, gap, reach)
        by_topic: dict[str, list[Event]] = defaultdict(list)
        for event in own:
            by_topic[event["about"]].append(event)
        for topic, on_it in by_topic.items():
            for need in chained(actor, topic, on_it, gap, window, orphans):
                holds = any(e["type"] in OPENING | {"search", "ask"} for e in need.events)
                (needs if holds else forms).append(need)
    links = link(needs, tickets, window)
    judge(needs, tickets, links, window, as_of)
    return Slow(needs, forms, orphans, links, excluded, set_aside)


def is_aside(event: Event) -> bool:
    """Rule 3."""
    if event["type"] in ASIDE:
        return True
    kind = event.get("object_type")
    if event["type"] in OPENING:
        return kind not in CONTENT
    return event["type"] == "dwell" and kind not in CONTENT | {"snippet"}


# -- where things come from: rules 6 and 26 --------------------------------------------------------------------------


def find_searches(own: list[Event], gap: int, reach: int | None) -> None:
    """Give every search line its search, and every opening the search it came from."""
    by_id = {event["id"]: (place, event) for place, event in enumerate(own)}

    def named(event: Event) -> tuple[int, Event] | None:
        found = by_id.get(event.get("source") or "")
        if found and reach is not None and abs(found[1]["at"] - event["at"]) > reach:
            return None
        return found

    before: Event | None = None
    opened_since = False
    for place, event in enumerate(own):
        if event["type"] in OPENING:
            opened_since = True
        if event["type"] != "search":
            continue
        event["words"] = plain(event.get("query"))
        origin = named(event)
        event["page"] = bool(origin and origin[1]["type"] == "search" and origin[0] < place)
        if event["page"]:
            assert origin
            event["search"] = origin[1]["search"]
            if event.get("query") is None:
                event["words"] = origin[1]["words"]
        else:
            event["search"] = event["id"]
            if before is not None:
                passed = event["at"] - before["at"]
                typing = event["words"].startswith(before["words"]) and passed <= 5_000 and not opened_since
                again = set(event["words"].split()) == set(before["words"].split()) and passed <= 60_000
                if typing or again:
                    event["search"] = before["search"]
        before, opened_since = event, False

    def came_from(place: int, event: Event, path: frozenset[str]) -> str | None:
        if event["id"] in path:
            return None  # a circle
        on_box = event["type"] not in OPENING
        if event.get("source") is not None:
            found = named(event)
            if found is None:
                return None
            if found[1]["type"] == "search":
                return str(found[1]["search"])
            if found[1]["type"] in OPENING:
                return came_from(found[0], found[1], path | {event["id"]})
            return None
        if event.get("surface") != "search" and not on_box:
            return None
        for earlier in reversed(own[:place]):
            if event["at"] - earlier["at"] > gap:
                return None
            if earlier["type"] == "search":
                return str(earlier["search"])
        return None

    for place, event in enumerate(own):
        is_box = event["type"] in ANSWER and event.get("object_type") == "snippet"
        if event["type"] in OPENING or is_box:
            event["from"] = came_from(place, event, frozenset())


# -- what things are about: rules 7 to 10 ----------------------------------------------------------------------------


def give_topics(own: list[Event], gap: int, reach: int | None) -> None:
    find_searches(own, gap, reach)
    topics = topics_of_searches(own, gap)
    asked: dict[str, Event] = {}
    for event in own:
        event["about"] = event.get("topic")
        if event["type"] == "search":
            event["about"] = topics[event["search"]]
        elif event["type"] in OPENING and event["from"] is not None:
            event["about"] = topics[event["from"]]
        event["own"] = None
        if question_of(event) is not None:
            if question_of(event) in asked:
                event["own"] = asked[question_of(event) or ""]
            elif event["type"] == "ask":
                asked[question_of(event) or ""] = event
    for place, event in enumerate(own):
        if event["type"] not in ANSWER:
            continue
        if event.get("object_type") == "snippet":
            if event["from"] is not None:
                event["about"] = topics[event["from"]]
        elif event.get("object") is not None:
            for earlier in reversed(own[:place]):
                if earlier["type"] in OPENING and thing(earlier) == thing(event):
                    near = reach is None or event["at"] - earlier["at"] <= reach
                    if near and earlier["about"] is not None:
                        event["about"] = earlier["about"]
                    break
    for event in own:
        if event["own"] is not None and event["own"].get("topic") is not None:
            event["about"] = event["own"]["about"]
    fill(own, gap)
    for event in own:
        if event["own"] is not None:
            event["about"] = event["own"]["about"]


def thing(event: Event) -> tuple[str, str | None]:
    default = "question" if event["type"] in ("ask", "accept") else "article"
    return event.get("object_type") or default, event.get("object")


def question_of(event: Event) -> str | None:
    if event["type"] == "ask":
        return event.get("object")
    return thing(event)[1] if thing(event)[0] == "question" else None


def topics_of_searches(own: list[Event], gap: int) -> dict[str, str]:
    searches: dict[str, list[Event]] = {}
    for event in own:
        if event["type"] == "search":
            searches.setdefault(event["search"], []).append(event)
    order = list(searches)
    stands = {name: [e for e in lines if not e["page"]][-1] for name, lines in searches.items()}
    led: dict[str, str] = {}
    for event in own:
        if event["type"] in OPENING and event["from"] is not None and event.get("topic") is not None:
            led[event["from"]] = event["topic"]  # the last one stays
    quests: list[list[str]] = []
    for number, name in enumerate(order):
        if number and goes_on(own, searches, stands, order[number - 1], name, gap):
            quests[-1].append(name)
        else:
            quests.append([name])
    topics: dict[str, str] = {}
    for quest in quests:
        for number, name in enumerate(quest):
            later = [led[other] for other in quest[number:] if other in led]
            earlier = [led[other] for other in quest[:number] if other in led]
            if later:
                topics[name] = later[0]
            elif earlier:
                topics[name] = earlier[-1]
            else:
                topics[name] = lost(own, searches, stands, quest, gap)
    return topics


def goes_on(
    own: list[Event], searches: dict[str, list[Event]], stands: dict[str, Event], one: str, other: str, gap: int
) -> bool:
    begins = searches[other][0]
    lines = [event for event in own[: own.index(begins)] if event["type"] == "search"]
    if begins["at"] - lines[-1]["at"] > gap:
        return False
    few, many = stands[one]["words"], stands[other]["words"]
    inside = set(few.split()) <= set(many.split()) or set(many.split()) <= set(few.split())
    return inside or similar(few, many)


def lost(
    own: list[Event], searches: dict[str, list[Event]], stands: dict[str, Event], quest: list[str], gap: int
) -> str:
    """Rule 8, when none of the quest led to anything."""
    last = max((event for name in quest for event in searches[name]), key=own.index)
    for event in own[own.index(last) + 1 :]:
        if event["type"] == "search" or event["at"] - last["at"] > gap:
            break
        if event["type"] in ("form_start", "ask"):
            if event.get("topic") is not None:
                return str(event["topic"])
            break
    votes = [stands[name]["topic"] for name in quest if stands[name].get("topic") is not None]
    if votes:
        return str(votes[-1])
    return "q:" + " ".join(sorted(set(stands[quest[0]]["words"].split())))


def fill(own: list[Event], gap: int) -> None:
    """Rule 9."""
    for place, event in enumerate(own):
        if event["about"] is None and place and event["at"] - own[place - 1]["at"] <= gap:
            event["about"] = own[place - 1]["about"]
    for place in reversed(range(len(own) - 1)):
        if own[place]["about"] is None and own[place + 1]["at"] - own[place]["at"] <= gap:
            own[place]["about"] = own[place + 1]["about"]
    for event in own:
        if event["about"] is None:
            event["about"] = "none"


# -- needs: rules 10 to 12 -------------------------------------------------------------------------------------------


def chained(actor: Actor, topic: str, events: list[Event], gap: int, window: int, orphans: Counter[str]) -> list[Need]:
    needs: list[Need] = []
    for place, event in enumerate(events):
        comes_back = [
            later["own"]
            for later in events[place:]
            if later["own"] is not None and any(later["own"] is e for e in events)
        ]
        current = needs[-1] if needs else None
        # On the asker's way back to a question the running need holds, everything on the topic belongs to it.
        bridge = current is not None and any(any(ask is held for held in current.events) for ask in comes_back)
        near = current is not None and event["at"] - current.end <= max(gap, window)
        if current is not None and (near or bridge):
            current.events.append(event)
        elif event["type"] in ANSWER or event["type"] == "form_abandon":
            orphans[actor[0]] += 1
        else:
            needs.append(Need(actor, topic, [event]))
    return needs


# -- tickets: rules 13 to 17 -----------------------------------------------------------------------------------------


def tie(need: Need, ticket: dict[str, Any]) -> int | None:
    """Rule 14: 0 form, 1 agent, 2 topic, 3 met on the way, 4 similar."""
    if any(e["type"] == "form_submit" and e.get("object") == ticket["id"] for e in need.events):
        return 0
    related = ticket.get("related")
    if related is not None and any(e.get("need") == related for e in need.events):
        return 1
    if ticket.get("topic") is not None:
        if ticket["topic"] == need.topic:
            return 2
        if any(e.get("topic") == ticket["topic"] for e in need.events):
            return 3
    texts = [e.get("query") for e in need.events if e["type"] == "search"]
    texts += [e.get("title") for e in need.events if e["type"] in OPENING | {"ask"}]
    if any(similar(plain(ticket.get("subject")), plain(text)) for text in texts):
        return 4
    return None


def link(needs: list[Need], tickets: list[dict[str, Any]], window: int) -> dict[str, tuple[Actor, str, int, str]]:
    names = ("form", "agent", "topic", "met", "similar")
    links = {}
    for ticket in tickets:
        candidates = []
        for need in needs:
            if need.actor != ("user", ticket["requester"]):
                continue
            if need.start <= ticket["at"] <= need.end + window and (found := tie(need, ticket)) is not None:
                candidates.append((found, need))
        if candidates:
            best = min(found for found, _ in candidates)
            need = max((n for found, n in candidates if found == best), key=lambda n: (n.start, n.topic))
            need.tickets.append(ticket["id"])
            links[ticket["id"]] = (need.actor, need.topic, need.start, names[best])
    return links


# -- outcomes: rules 15, 16, 18 to 20 --------------------------------------------------------------------------------


def judge(
    needs: list[Need],
    tickets: list[dict[str, Any]],
    links: dict[str, tuple[Actor, str, int, str]],
    window: int,
    as_of: int,
) -> None:
    for need in needs:
        need.outcome = outcome(need, tickets, window, as_of)


def last_answer(need: Need) -> Event | None:
    """Rule 19."""
    said = [e for e in need.events if e["type"] == "solved" or (e["type"] == "accept" and e["own"] is not None)]
    return said[-1] if said else None


def outcome(need: Need, tickets: list[dict[str, Any]], window: int, as_of: int) -> str:
    if not as_of >= need.end + window:
        return "immature"
    if need.tickets or any(e["type"] == "form_submit" for e in need.events):
        return "escalated"
    for ticket in tickets:
        is_before = ticket["at"] < need.start <= ticket["at"] + window
        if is_before and need.actor == ("user", ticket["requester"]) and tie(need, ticket) is not None:
            return "after_ticket"
    answer = last_answer(need)
    if answer is not None:
        return "confirmed" if answer["type"] == "accept" or answer["value"] == "yes" else "failed"
    if content_read(need):
        return "averted" if any(e["type"] == "form_start" for e in need.events) else "presumed"
    return "abandoned"


def content_read(need: Need) -> bool:
    """Rule 20."""
    begun = [e["at"] for e in need.events if e["type"] in ("form_start", "ask")]
    since = max(begun) if begun else need.start
    for event in need.events:
        if event["at"] < since:
            continue
        if event["type"] == "dwell" and event.get("object_type") == "snippet" and (event.get("seconds") or 0) >= 10:
            return True
        if event["type"] not in OPENING:
            continue
        if event.get("object_type") == "question" and not (event.get("n_results") or 0) >= 1:
            continue
        looks = [
            e["seconds"]
            for e in need.events
            if e["type"] == "dwell"
            and e.get("seconds") is not None
            and e.get("object") is not None
            and thing(e) == thing(event)
        ]
        if not looks or max(looks) >= 10:
            return True
    return False
