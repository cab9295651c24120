"""The vocabulary: names, props, and the page that is written from them."""

import re

import pytest

from analytics.events import AUDIT, GROUPS, Name, Undocumented, check
from tools.docs import events as events_page

VALID = {
    Name.SEARCH_PERFORMED: {"search": "k1", "query": "vpn", "n_results": 0, "surface": "home"},
    Name.SOLUTION_MARKED: {"solved": False, "reason": "out_of_date", "version": 2},
    Name.ROLES_CHANGED: {"added": ["editor"], "removed": []},
}


@pytest.mark.parametrize("name", Name)
def test_every_name_is_a_noun_and_a_past_verb(name: Name) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)?\.[a-z]+(_[a-z]+)?", name)


@pytest.mark.parametrize("name", Name)
def test_every_name_says_when_it_is_written(name: Name) -> None:
    assert name.__doc__ is not None
    assert name.__doc__.endswith((".", "”"))


def test_names_stand_in_alphabetical_order_within_their_group() -> None:
    for group in GROUPS:
        own = [name.name for name in Name if getattr(group, name.name.lower(), None) is name.fact]
        assert own, f"{group.__name__} has no names"
        assert own == sorted(own)


@pytest.mark.parametrize(("name", "props"), VALID.items())
def test_documented_props_pass(name: Name, props: dict[str, object]) -> None:
    check(name, props)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"mood": "bad"}, "mood is not documented"),
        ({"query": None}, "query is missing"),
        ({"n_results": "3"}, "n_results must be a whole number"),
        ({"n_results": True}, "n_results must be a whole number"),
        ({"surface": "toaster"}, "surface must be one of home, search"),
        ({"filters": ["tag:phone", 7]}, "filters must be a list of texts"),
        ({"is_relaxed": 1}, "is_relaxed must be a yes or no"),
    ],
)
def test_other_props_are_refused_by_name(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(Undocumented, match=complaint):
        check(Name.SEARCH_PERFORMED, VALID[Name.SEARCH_PERFORMED] | change)


def test_all_complaints_are_made_at_once() -> None:
    with pytest.raises(Undocumented, match=r"search\.performed: mood .*; search .*; query is missing"):
        check(Name.SEARCH_PERFORMED, {"mood": "bad", "n_results": 1, "surface": "home"})


def test_an_option_may_have_any_plain_value() -> None:
    check(Name.OPTION_CHANGED, {"option": "public_reading", "before": False, "after": True})


def test_the_exchange_format_is_a_projection_of_the_names() -> None:
    assert {str(name): name.exchange_type for name in Name if name.exchange_type} == {
        "search.performed": "search",
        "search.result_opened": "result_click",
        "suggestion.shown": "suggest_shown",
        "suggestion.opened": "suggest_click",
        "article.viewed": "view",
        "article.read": "dwell",
        "solution.marked": "solved",
        "intent.stated": "intent",
        "draft.started": "form_start",
        "draft.abandoned": "form_abandon",
        "ticket.opened": "form_submit",
        "ticket.linked": "share",
        "question.asked": "ask",
        "question.viewed": "view",
        "answer.given": "answer",
        "answer.accepted": "accept",
        "tip.viewed": "view",
        "vote.cast": "vote",
        "thing.flagged": "flag",
    }


def test_reading_is_observed_and_never_audited() -> None:
    looking = {name for name in Name if not name.is_change}
    assert {Name.ARTICLE_VIEWED, Name.SEARCH_PERFORMED, Name.SUGGESTION_SHOWN} <= looking
    assert looking & AUDIT == {Name.PERMISSION_DENIED}


def test_what_decides_who_may_do_what_is_audited() -> None:
    assert {
        Name.ROLES_CHANGED,
        Name.PERSON_DEACTIVATED,
        Name.TOKEN_CREATED,
        Name.OPTION_CHANGED,
        Name.SIGN_IN_FAILED,
        Name.PASSWORD_RESET,
    } <= AUDIT


def test_the_page_about_events_is_fresh() -> None:
    assert events_page.PATH.read_text(encoding="utf-8") == events_page.page(), (
        "docs/events.md is stale: python -m tools.docs.events"
    )


def test_the_page_names_every_event_and_prop() -> None:
    page = events_page.page()
    for name in Name:
        assert f"### `{name}`" in page
        assert all(f"| `{prop}`" in page for prop in name.fact.props)
