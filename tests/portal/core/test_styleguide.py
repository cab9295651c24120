"""The look: colours that can be read, components that are drawn, markup that the content policy allows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from markupsafe import Markup

from portal.core import assets, styleguide
from portal.core.actor import ANONYMOUS, Actor
from portal.core.feature import NavItem
from tests.pages import Page, words

TOKENS = (assets.STATIC / "css/tokens.css").read_text(encoding="utf-8")
TEMPLATES = assets.PORTAL / "templates"
THEMES = ("light", "dark")

PROSE = 7.0
"""AAA: running text is read for minutes."""
TEXT = 4.5
"""AA: words that are looked at."""
DRAWN = 3.0
"""Edges of what can be pressed, and the focus ring."""

PAIRS = [
    *[("ink", ground, PROSE) for ground in ("paper", "surface", "sunken", "brand-soft", "accent-soft", "danger-soft")],
    *[("ink", ground, PROSE) for ground in ("info-soft", "good-soft", "mark")],
    *[("ink-2", ground, PROSE) for ground in ("paper", "surface", "sunken", "brand-soft")],
    *[("muted", ground, TEXT) for ground in ("paper", "surface", "sunken", "brand-soft")],
    *[("brand", ground, TEXT) for ground in ("paper", "surface", "sunken", "brand-soft", "good-soft")],
    *[("brand-hover", ground, TEXT) for ground in ("paper", "surface", "sunken", "brand-soft")],
    ("brand-ink", "brand", TEXT),
    ("brand-ink", "brand-hover", TEXT),
    ("paper", "ink", TEXT),
    *[("accent-text", ground, TEXT) for ground in ("paper", "surface", "sunken", "accent-soft")],
    *[("danger", ground, TEXT) for ground in ("paper", "surface", "danger-soft", "sunken")],
    *[("danger-hover", ground, TEXT) for ground in ("surface", "danger-soft")],
    *[("info", ground, TEXT) for ground in ("paper", "surface", "info-soft", "sunken")],
    *[("good", ground, TEXT) for ground in ("paper", "surface", "good-soft", "brand-soft", "sunken")],
    *[("ink", ground, TEXT) for ground in ("heat-risk", "heat-sound", "heat-strong")],
    ("heat-barrier-ink", "heat-barrier", TEXT),
    *[("edge", ground, DRAWN) for ground in ("paper", "surface")],
    *[("focus", ground, DRAWN) for ground in ("paper", "surface", "sunken", "brand-soft")],
    *[("accent", ground, DRAWN) for ground in ("paper", "surface")],
]


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of one theme as tokens.css states them."""
    pattern = r"\[data-bs-theme=\"auto\"\] \{(.*?)\}" if theme == "light" else r"\[data-bs-theme=\"dark\"\] \{(.*?)\}"
    block = re.search(pattern, TOKENS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(theme: str, text: str, ground: str, least: float) -> None:
    colours = tokens(theme)
    assert contrast(colours[text], colours[ground]) >= least


def test_black_on_white_is_as_far_apart_as_colours_can_be() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_initials_can_be_read_on_their_ground() -> None:
    css = (assets.STATIC / "css/components/avatar.css").read_text(encoding="utf-8")
    pairs = re.findall(r"\.avatar-\d \{ background: (#\w{6}); color: (#\w{6});", css)
    assert len(pairs) == 9
    assert min(contrast(ground, text) for ground, text in pairs) >= TEXT


def test_both_themes_state_the_same_tokens() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


def sheets() -> Iterator[tuple[str, str]]:
    for path in sorted((assets.STATIC / "css").rglob("*.css")):
        yield path.name, re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_colours_come_from_the_tokens() -> None:
    own = {"tokens.css", "avatar.css", "print.css"}
    found = {name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s),])", css) for name, css in sheets() if name not in own}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_sheets_know_no_left_and_right() -> None:
    named = r"(?:margin|padding|border)-(?:left|right)|left|right"
    physical = rf"(?:^|[;{{\s])((?:(?:{named}) *:)|(?:(?:text-align|float|clear): *(?:left|right)))"
    found = {name: re.findall(physical, css) for name, css in sheets()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_token_that_is_used_exists() -> None:
    everything = "".join(css for _, css in sheets())
    bootstrap = next(assets.STATIC.glob("vendor/bootstrap@*/bootstrap.min.css")).read_text(encoding="utf-8")
    known = set(re.findall(r"(--[\w-]+):", everything + bootstrap))
    assert set(re.findall(r"var\((--[\w-]+)", everything)) - known == set()


ANA = Actor(person_id=9, name="Ana Ruiz", email="ana@ostreyvale.example")
MENU = [
    NavItem(label="Home", endpoint="home.index", icon="home"),
    NavItem(label="Mine", endpoint="home.mine", icon="inbox"),
]
PIECES = {"hint_line", "notes", "choices", "door", "theme_choice", "theme_menu", "account_menu", "tab_bar"}
"""Macros that only others of their own file, or the frame, put to use."""
SHOWN_BY_FEATURES = {"hidden_fields", "solved_bar", "drawing", "twin"}
"""What says nothing without the figures or the answers of a page."""


@pytest.fixture
def draw() -> Callable[..., str]:
    """Draw a template in a house that has nothing but the frame's addresses, so that no feature is needed."""
    app = Flask("portal", static_folder=None, root_path=str(assets.PORTAL))
    app.config.update(SECRET_KEY="for tests", DITY=SimpleNamespace(home=None))
    app.jinja_env.undefined = StrictUndefined
    CSRFProtect(app)
    Babel(app)
    assets.install(app)
    for place in ("home.index", "home.mine", "search.results", "accounts.sign_in", "accounts.sign_out"):
        app.add_url_rule(f"/{place}", place, lambda: "")
    app.add_url_rule("/theme", "accounts.set_theme", lambda: "", methods=["POST"])
    app.register_blueprint(Blueprint("home", __name__))

    def render(template: str, path: str = "/home.index", **given: Any) -> str:
        frame = {
            "actor": ANA,
            "nav": {"main": MENU, "account": [], "admin": []},
            "panels": lambda slot, **context: Markup(),
            "options": SimpleNamespace(portal_name="Ostrey & Vale"),
            "theme": "auto",
            "locale": "en_GB",
            "text_direction": "ltr",
        }
        with app.test_request_context(path, **given.pop("environment", {})):
            return app.jinja_env.get_template(template).render(**frame | given)

    return render


@pytest.fixture
def guide(draw: Callable[..., str]) -> Page:
    return Page(draw("styleguide.html", **styleguide.guide()))


def test_the_guide_has_no_style_and_no_script_in_its_markup(guide: Page) -> None:
    forbidden = [
        (element.tag, name)
        for element in guide.root.iter()
        for name in element.attrib
        if name == "style" or name.startswith("on")
    ]
    assert forbidden == []
    assert [s for s in guide.all("script") if not s.get("src")] == []
    assert guide.all("style") == []


def test_ids_are_unique_on_a_page_with_everything_on_it_twice(guide: Page) -> None:
    assert [name for name, n in Counter(guide.ids()).items() if n > 1] == []


def test_what_points_at_an_id_finds_it(guide: Page) -> None:
    ids = set(guide.ids())
    pointers = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
    pointed = {i for e in guide.root.iter() for a in pointers for i in (e.get(a) or "").split()}
    assert pointed - ids == set()


def test_every_field_has_a_name_people_can_hear(guide: Page) -> None:
    labelled = {label.get("for") for label in guide.all("label")}
    nameless = [
        field.attrib
        for tag in ("input", "select", "textarea")
        for field in guide.all(tag)
        if field.get("type") not in ("hidden", "submit")
        if field.get("id") not in labelled and not field.get("aria-label") and not field.get("aria-labelledby")
    ]
    assert nameless == []


def test_every_button_and_link_has_words(guide: Page) -> None:
    silent = [
        element.attrib
        for tag in ("a", "button", "summary")
        for element in guide.all(tag)
        if not words(element) and not any(child.get("aria-label") for child in element.iter())
    ]
    assert silent == []


def test_every_drawing_that_is_asked_for_exists(guide: Page) -> None:
    asked = {use.get("href", "").partition("#")[2] for use in guide.all("use")}
    assert asked - set(styleguide.icon_names()) == set()


def test_a_broken_field_says_what_is_wrong_where_it_is_wrong(guide: Page) -> None:
    field = guide.one("input", id="light-phone")
    assert field.get("aria-invalid") == "true"
    hint, error = (guide.root.find(f".//*[@id='{name}']") for name in field.get("aria-describedby", "").split())
    assert words(hint) == "So that we can call you back"
    assert words(error).startswith("A phone number has only digits")


def macros(path: str) -> set[str]:
    return set(re.findall(r"macro (\w+)\(", (TEMPLATES / path).read_text(encoding="utf-8")))


@pytest.mark.parametrize("component", sorted(p.name for p in (TEMPLATES / "components").glob("*.html")))
def test_every_component_is_shown_by_the_guide_or_by_the_frame(component: str) -> None:
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in [*TEMPLATES.rglob("*.html")]
        if path.name != component or path.parent.name != "components"
    )
    unseen = {name for name in macros(f"components/{component}") if not re.search(rf"\b{name}\(", shown)}
    assert unseen - PIECES - SHOWN_BY_FEATURES == set()


@pytest.mark.parametrize("component", sorted(p.name for p in (TEMPLATES / "components").glob("*.html")))
def test_every_macro_is_documented_where_it_stands(component: str) -> None:
    text = (TEMPLATES / "components" / component).read_text(encoding="utf-8")
    comments = " ".join(re.findall(r"\{#(.*?)#\}", text, re.DOTALL))
    undocumented = {name for name in macros(f"components/{component}") if f"{name}(" not in comments}
    assert undocumented - PIECES == set()


def test_the_menu_lights_the_entry_one_is_at_and_no_other(draw: Callable[..., str]) -> None:
    page = Page(draw("layouts/narrow.html", path="/home.mine"))
    lit = [words(link) for link in page.all("a", aria_current="page")]
    assert lit == ["Mine", "Mine"]  # in the header and in the phone's tab bar


def test_the_page_states_language_direction_and_theme(draw: Callable[..., str]) -> None:
    html = Page(draw("layouts/narrow.html", text_direction="rtl", theme="dark")).one("html")
    assert (html.get("lang"), html.get("dir"), html.get("data-bs-theme")) == ("en-GB", "rtl", "dark")


def test_pages_read_from_right_to_left_get_their_own_sheet(draw: Callable[..., str]) -> None:
    assert "/static/css/app.rtl." in draw("layouts/narrow.html", text_direction="rtl")


def test_somebody_not_signed_in_is_offered_to_sign_in(draw: Callable[..., str]) -> None:
    assert Page(draw("layouts/page.html", actor=ANONYMOUS)).links["Sign in"] == "/accounts.sign_in"


@pytest.mark.parametrize("code", sorted(p.stem for p in (TEMPLATES / "errors").glob("[45]*.html")))
def test_an_error_page_says_what_happened_and_leads_on(draw: Callable[..., str], code: str) -> None:
    page = Page(draw(f"errors/{code}.html", incident="7f3a", actor=ANONYMOUS))
    assert page.heading
    assert "/home.index" in page.links.values()
    assert "7f3a" in page.text


def test_what_was_typed_can_be_sent_again(draw: Callable[..., str]) -> None:
    own = {"method": "POST", "headers": {"Origin": "http://localhost"}}
    page = Page(draw("errors/503.html", environment=own, kept=[("text", "My printer")]))
    assert page.form("/home.index")["text"] == "My printer"


def test_what_another_site_has_sent_is_not_offered_again(draw: Callable[..., str]) -> None:
    foreign = {"method": "POST", "headers": {"Origin": "http://evil.example"}}
    assert "My printer" not in draw("errors/400.html", environment=foreign, kept=[("text", "My printer")])


def test_the_way_back_never_leads_to_another_site(draw: Callable[..., str]) -> None:
    foreign = {"headers": {"Referer": "http://evil.example/"}}
    assert "evil" not in draw("errors/400.html", environment=foreign)
    odd = {"environ_overrides": {"PATH_INFO": "//evil.example/"}}
    assert 'value="/evil.example/?"' in draw("errors/404.html", environment=odd)
