"""The organisation's look: colours everybody can read, a logo drawn anew, and no style in any page."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from analytics.events import Name
from portal.admin import brand
from portal.core import colours, options
from portal.ledger.models import LedgerEntry
from portal.notifications import letters
from tests.factories import accounts
from tests.factories.files import picture
from tests.people import Visitor

SAME = {"brand_light": "", "brand_dark": "", "logo_alt": ""}


def upload(visitor: Visitor, content: bytes, name: str) -> Any:
    data = {"csrf_token": visitor.csrf_token(), "alt": "Ostrey & Vale", "file": (io.BytesIO(content), name)}
    return visitor.open("/admin/look/logo", method="POST", data=data, content_type="multipart/form-data")


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(ada: Visitor) -> None:
    answer = ada.post("/admin/look", {**SAME, "brand_light": "#ffcc00"})
    assert answer.status_code == 422
    offered = colours.nearest("#ffcc00", colours.LIGHT)
    assert offered in answer.text
    assert options.get().brand_light == ""
    assert ada.post("/admin/look", {**SAME, "brand_light": offered}).status_code == 303
    assert options.get().brand_light == offered


def test_the_figures_are_shown_before_anything_is_saved(ada: Visitor) -> None:
    piece = ada.get("/admin/look/contrast?brand_light=%23ffcc00&brand_dark=nonsense").text
    assert "1.4" in piece
    assert "not readable" in piece
    assert "Dark pages" not in piece
    tried = ada.post("/admin/look", {**SAME, "brand_light": "#1d4ed8", "try": "1"})
    assert "readable" in tried.text
    assert "not readable" not in tried.text
    assert options.get().brand_light == ""


def test_the_colours_come_as_a_stylesheet_that_is_kept_for_good(ada: Visitor, stranger: Visitor) -> None:
    assert "/brand/" not in ada.get("/").text
    ada.post("/admin/look", {**SAME, "brand_light": "#1d4ed8"})
    page = ada.get("/").text
    address = re.findall(r'href="(/brand/[0-9a-f]{16}\.css)"', page)[0]
    assert "style=" not in page
    for visitor in (ada, stranger):
        answer = visitor.get(address)
        assert answer.mimetype == "text/css"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "--brand:#1d4ed8" in answer.text
    assert stranger.get("/brand/0000000000000000.css").headers["Cache-Control"] == "no-cache"
    assert brand.OWN_DARK in ada.get(address).text, "a device set to dark keeps the portal's own colour"


@pytest.mark.parametrize("colour", ["red;}*{display:none", "#12345", "javascript:x", "#0f6b5c}</style>"])
def test_what_is_no_colour_reaches_no_stylesheet(ada: Visitor, colour: str) -> None:
    assert ada.post("/admin/look", {**SAME, "brand_dark": colour}).status_code == 422
    assert options.get().brand_dark == ""


def test_a_logo_is_drawn_anew_and_stands_in_header_and_mail(ada: Visitor, stranger: Visitor, db: Any) -> None:
    assert upload(ada, picture(size=(2000, 400)), "logo.png").status_code == 303
    page = ada.page("/")
    (image,) = page.all("img", class_="brand-logo")
    assert image.get("alt") == "Ostrey & Vale"
    answer = stranger.get(image.get("src", ""))
    assert answer.mimetype == "image/png"
    from PIL import Image

    assert Image.open(io.BytesIO(answer.data)).size == (640, 128)
    fact = db.session.execute(select(LedgerEntry.props).where(LedgerEntry.name == Name.OPTION_CHANGED)).scalars().all()
    assert {props["option"] for props in fact} == {"logo", "logo_alt"}
    ada.post("/admin/options/test-mail")
    (mail,) = accounts.mails("mail_test")
    assert f'src="cid:{letters.LOGO}"' in mail.html
    assert "http" not in re.findall(r'<img[^>]+src="([^"]+)"', mail.html)[0]
    assert ada.post("/admin/look/logo/remove").status_code == 303
    assert not ada.page("/").all("img", class_="brand-logo")


@pytest.mark.parametrize("name", ["logo.svg", "logo.png", "logo.exe"])
def test_what_is_no_picture_is_refused(ada: Visitor, name: str) -> None:
    answer = upload(ada, b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", name)
    assert answer.status_code == 422
    assert options.get().logo == ""


@pytest.mark.parametrize("name", ["..%2Fsecret.key", "secret.key", "0000000000000000.png", "x.svg"])
def test_nothing_else_is_served_from_there(stranger: Visitor, name: str) -> None:
    assert stranger.get(f"/brand/{name}").status_code == 404


def test_a_test_mail_says_at_once_what_became_of_it(ada: Visitor) -> None:
    options.change(ada.actor, mail_mode="folder")
    answer = ada.post("/admin/options/test-mail", follow_redirects=True)
    assert "was taken: it lies in the mail folder" in answer.text
    options.change(ada.actor, mail_mode="smtp", smtp_host="127.0.0.1", smtp_port=9)
    answer = ada.post("/admin/options/test-mail", follow_redirects=True)
    assert "The mail did not leave" in answer.text


def test_each_colour_can_be_picked_and_is_a_field_of_words_without_script(ada: Visitor) -> None:
    page = ada.get("/admin/look").text
    assert page.count('data-controller="colour"') == 2
    assert len(re.findall(r'<input[^>]*name="brand_(?:light|dark)"[^>]*type="text"', page)) == 2
