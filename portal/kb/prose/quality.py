"""What makes an article good, as a list of checks. Pure: a text and what people searched for in, findings out.

Every rule here is a rule of the house, not a law: the weights can be changed, and a weight of nought turns a rule off.
A check that does not apply (no pictures, no links, no variants) is left out instead of being ticked for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from analytics.gaps import key as telling
from portal.core.markup import Rendered
from portal.kb.prose.readability import reading_ease

EASE_GOOD, EASE_FAIR = 60.0, 50.0
"""Flesch reading ease: plain English from 60 on (Flesch 1948), hard work for most below 50 (a rule of this house)."""
TITLE_WORDS = range(3, 13)
SUMMARY_LONGEST = 200
SHORTEST, LONGEST = 40, 900
"""Words of a text that helps: below it is a hint, above it two articles (a rule of this house)."""
SEARCHES_SHOWN = 3

_STEP = re.compile(r"^\d+\. ", re.MULTILINE)
_EXPECTED = re.compile(r"^\s+→ ", re.MULTILINE)
_PICTURE = re.compile(r"<img\b[^>]*>")
_DESCRIBED = re.compile(r'\balt="[^"]*\S')
_FAILS = re.compile(
    r"\b(?:not work|fails?|still|otherwise|trouble|wrong|instead|if (?:it|this|that|nothing|you)|no luck|stuck"
    r"|hand it over|service desk|call|does ?n.t|did not|help"
    # German, which the interface speaks too: what people write above such a section, in their words.
    r"|nicht (?:geht|hilft|klappt|funktioniert)|immer noch|weiterhin|trotzdem|hilfe|servicestelle|rufen|anrufen)\b",
    re.IGNORECASE,
)
_VARIANT = re.compile(r"^/{3,} ?(?:windows|macos|linux|phone|iphone|ipad|android|web)\b", re.MULTILINE)


class State(StrEnum):
    OK = "ok"
    PARTLY = "partly"
    MISSING = "missing"


class Key(StrEnum):
    """The rules, in the order in which they are shown."""

    TITLE = "title"
    WORDS = "words"
    SUMMARY = "summary"
    EASE = "ease"
    LENGTH = "length"
    STEPS = "steps"
    PICTURES = "pictures"
    LINKS = "links"
    VARIANTS = "variants"
    FAILS = "fails"
    VERIFIED = "verified"


WEIGHTS: Mapping[Key, int] = {
    Key.TITLE: 3,
    Key.WORDS: 3,
    Key.SUMMARY: 2,
    Key.EASE: 2,
    Key.LENGTH: 1,
    Key.STEPS: 3,
    Key.PICTURES: 2,
    Key.LINKS: 2,
    Key.VARIANTS: 2,
    Key.FAILS: 2,
    Key.VERIFIED: 1,
}
HEAVIEST = 5

WORDS: Mapping[Key, LazyString] = {
    Key.TITLE: _l("Title says the problem or task"),
    Key.WORDS: _l("Uses people’s own words"),
    Key.SUMMARY: _l("One-line summary"),
    Key.EASE: _l("Reads easily"),
    Key.LENGTH: _l("Long enough, and no longer"),
    Key.STEPS: _l("Steps are numbered and say what happens"),
    Key.PICTURES: _l("Pictures have a description"),
    Key.LINKS: _l("Links lead somewhere"),
    Key.VARIANTS: _l("Every device has its steps"),
    Key.FAILS: _l("What to do if it fails"),
    Key.VERIFIED: _l("Checked, and not overdue"),
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as it is judged."""

    title: str
    summary: str
    body: str
    made: Rendered
    tags: Sequence[str] = ()
    searches: Sequence[tuple[str, int]] = ()
    """What at least three people searched for who came here, or who found nothing and meant this; with how many."""
    is_english: bool = True
    """Reading ease is known for English only."""
    is_verified: bool | None = None
    """Whether it was checked and is not overdue; None for what was never published."""
    own: Written | None = None
    """The same without what is still the starting point's; None where nothing is."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule and how far the text keeps it. `mend` says what to do, `place` in which field of the form."""

    key: Key
    state: State
    mend: LazyString | str = ""
    place: str = "body"
    weight: int = 1

    @property
    def words(self) -> LazyString:
        return WORDS[self.key]

    @property
    def is_ok(self) -> bool:
        return self.state is State.OK


BORROWED = _l("Still the starting point’s words: put your own in their place.")
_POINTS: Mapping[State, float] = {State.OK: 1.0, State.PARTLY: 0.5, State.MISSING: 0.0}
Found = tuple[State, "LazyString | str", str] | None


def checks(written: Written, weights: Mapping[str, int] | None = None) -> list[Check]:
    """Return the rules that apply to this text, in their order; those with a weight of nought are left out."""
    given = {key: int((weights or {}).get(key, weight)) for key, weight in WEIGHTS.items()}
    made = []
    for key, judge in _JUDGES.items():
        found = judge(written) if given[key] > 0 else None
        if found is not None and written.own is not None:
            found = _as_own(found, judge(written.own))
        if found is not None:
            state, mend, place = found
            made.append(Check(key=key, state=state, mend=mend, place=place, weight=given[key]))
    return made


def _as_own(whole: tuple[State, LazyString | str, str], own: Found) -> Found:
    """Praise nobody for words that came with the starting point: what only they keep is not written yet."""
    if own is None:
        return State.MISSING, BORROWED, whole[2]
    return (own[0], BORROWED, own[2]) if _POINTS[own[0]] < _POINTS[whole[0]] else whole


def share(found: Sequence[Check]) -> float:
    """Return how much of the weight is kept, from 0 to 1; what is partly kept counts half.

    >>> share([Check(key=Key.TITLE, state=State.OK, weight=3), Check(key=Key.EASE, state=State.PARTLY, weight=2)])
    0.8
    """
    whole = sum(check.weight for check in found)
    return sum(_POINTS[check.state] * check.weight for check in found) / whole if whole else 1.0


def is_met(search: str, text: str) -> bool:
    """Return whether a text holds every telling word of a search, whatever its ending.

    >>> is_met("printers jammed", "Clear a jam in the printer"), is_met("vpn token", "VPN drops")
    (True, False)
    """
    return set(telling(search).split()) <= set(telling(text).split())


def _title(written: Written) -> Found:
    n = len(written.title.split())
    if n == 0:
        return State.MISSING, _l("Say in the title what goes wrong or what one wants to do."), "title"
    if n not in TITLE_WORDS:
        mend = _l("Name the thing and what is wrong with it.") if n < TITLE_WORDS.start else _l("Shorten the title.")
        return State.PARTLY, mend, "title"
    return State.OK, "", "title"


def _words(written: Written) -> Found:
    """Look for the searches where people look first: title, summary, headings and tags."""
    if not written.searches:
        return None
    headings = " ".join(heading.title for heading in written.made.headings)
    shown = f"{written.title} {written.summary} {headings} {' '.join(written.tags).replace('-', ' ')}"
    apart = [words for words, _n in written.searches if not is_met(words, shown)]
    if not apart:
        return State.OK, "", "summary"
    state = State.MISSING if len(apart) == len(written.searches) else State.PARTLY
    quoted = ", ".join(f"“{words}”" for words in apart[:SEARCHES_SHOWN])
    return (
        state,
        _l("People search for %(words)s. Say it so in the title, the summary or a tag.", words=quoted),
        "title",
    )


def _summary(written: Written) -> Found:
    if not written.summary.strip():
        return State.MISSING, _l("Say in one sentence what this gives."), "summary"
    if len(written.summary) > SUMMARY_LONGEST:
        return State.PARTLY, _l("Shorten the summary to one line."), "summary"
    return State.OK, "", "summary"


def _ease(written: Written) -> Found:
    if not written.is_english or not written.made.text.strip():
        return None
    ease = reading_ease(written.body)
    if ease >= EASE_GOOD:
        return State.OK, "", "body"
    return State.PARTLY if ease >= EASE_FAIR else State.MISSING, _l("Shorter sentences, shorter words."), "body"


def _length(written: Written) -> Found:
    n = len(written.made.text.split())
    if n < SHORTEST:
        return (State.PARTLY if n else State.MISSING), _l("Write at least a few sentences."), "body"
    if n > LONGEST:
        return State.PARTLY, _l("Split it: one problem, one article."), "body"
    return State.OK, "", "body"


def _steps(written: Written) -> Found:
    if not written.made.steps:
        return State.MISSING, _l("Number what one has to do: 1. 2. 3."), "body"
    n_steps, n_expected = len(_STEP.findall(written.body)), len(_EXPECTED.findall(written.body))
    if n_expected == 0 and n_steps > 1:
        return State.PARTLY, _l("Say below a step what one should see then, beginning with “→”."), "body"
    return State.OK, "", "body"


def _pictures(written: Written) -> Found:
    pictures = _PICTURE.findall(written.made.html)
    if not pictures and not _kinds(written, "dead-image", "no-alternative", "foreign-image"):
        return None
    n_bare = sum(not _DESCRIBED.search(one) for one in pictures)
    if n_bare or _kinds(written, "no-alternative"):
        state = State.PARTLY if 0 < n_bare < len(pictures) else State.MISSING
        return state, _l("Say in words what each picture shows, between its square brackets."), "body"
    if _kinds(written, "dead-image", "foreign-image"):
        return State.PARTLY, _l("A picture is not shown: upload it here."), "body"
    return State.OK, "", "body"


def _links(written: Written) -> Found:
    if not (written.made.links or written.made.external or _kinds(written, "dead-link", "relative-link")):
        return None
    dead = [finding.detail for finding in written.made.warnings if finding.kind in ("dead-link", "relative-link")]
    if dead:
        named = ", ".join(f"“{one}”" for one in dead[:SEARCHES_SHOWN])
        return State.MISSING, _l("Mend or remove: %(links)s.", links=named), "body"
    return State.OK, "", "body"


def _variants(written: Written) -> Found:
    if len(written.made.platforms) < 2 and not _VARIANT.search(written.body):
        return None
    with_steps = written.made.steps_by_platform
    bare = [name for name in written.made.platforms if name not in with_steps]
    if bare and set(with_steps) - {""}:
        return State.PARTLY, _l("No steps yet for %(devices)s.", devices=", ".join(bare)), "body"
    return State.OK, "", "body"


def _fails(written: Written) -> Found:
    """Look for a way on in the last heading or the last passage; where it stands last it is found."""
    headings, passages = written.made.headings, written.made.passages
    last = f"{headings[-1].title if headings else ''} {passages[-1].text if passages else ''}"
    if _FAILS.search(last):
        return State.OK, "", "body"
    return State.MISSING, _l("Add a last section: “If it still does not work”."), "body"


def _verified(written: Written) -> Found:
    if written.is_verified is None:
        return None
    mend = _l("Once it is published, say on its page that it is right as it stands.")
    return (State.OK, "", "") if written.is_verified else (State.MISSING, mend, "")


def _kinds(written: Written, *kinds: str) -> bool:
    return any(finding.kind in kinds for finding in written.made.warnings)


_JUDGES: Mapping[Key, Callable[[Written], Found]] = {
    Key.TITLE: _title,
    Key.WORDS: _words,
    Key.SUMMARY: _summary,
    Key.EASE: _ease,
    Key.LENGTH: _length,
    Key.STEPS: _steps,
    Key.PICTURES: _pictures,
    Key.LINKS: _links,
    Key.VARIANTS: _variants,
    Key.FAILS: _fails,
    Key.VERIFIED: _verified,
}
