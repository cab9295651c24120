"""Signing in, staying so, ending it from elsewhere, and making the portal one's own (F8)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.conftest import Open
from tests.factories import accounts, people
from tests.people import ANA, ELI, MIA, SAM, Someone


@pytest.fixture
def newcomer(portal: Flask) -> Someone:
    """Somebody who signs in with a password; in the demo only this person has one."""
    from portal.core.database import db
    from portal.people.models import Person

    with portal.app_context():
        row = db.session.execute(select(Person).where(Person.name == "Nia Holm")).scalar_one_or_none()
        if row is None:
            row = people.person("Nia Holm", email="nia@ostreyvale.example")
            accounts.password(row)
        db.session.commit()
    return Someone("Nia Holm", "Finance")


def test_somebody_of_the_demo_is_one_press_away(browse: Open) -> None:
    page = browse()
    page.goto("/mine")
    page.get_by_role("button", name="Be Ben").click()
    expect(page).to_have_url(re.compile("/mine$"))
    expect(page.locator(".account-menu summary")).to_have_attribute("title", "Ben Kaya")


def test_a_password_lets_in_and_signing_out_lets_nobody_back(browse: Open, newcomer: Someone) -> None:
    page = browse()
    page.watch.expect("status of 422")  # type: ignore[attr-defined]
    page.goto("/mine")
    page.get_by_text("Sign in with a password").click()
    page.get_by_label("Mail address").fill(newcomer.email)
    page.get_by_label("Password", exact=True).fill("not this one at all")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(accounts.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/mine$"))
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    page.goto("/mine")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_is_typed_as_a_password_can_be_looked_at(browse: Open) -> None:
    page = browse()
    page.goto("/sign-in")
    page.get_by_text("Sign in with a password").click()
    field = page.get_by_label("Password", exact=True)
    field.fill("herons")
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(
    browse: Open, newcomer: Someone, work: Callable[[], int]
) -> None:
    page = browse()
    page.goto("/reset")
    page.get_by_label("Mail address").fill(newcomer.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    work()
    page.goto("/demo/mail")
    page.get_by_role("link", name=re.compile("A new password for the portal")).first.click()
    link = re.search(r"/reset/[\w-]+", page.get_by_role("main").inner_text())
    assert link is not None
    page.goto(link[0])
    page.get_by_label("New password").fill(accounts.PASSWORD)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_text("Your new password is set")).to_be_visible()
    page.watch.expect("status of 404")  # type: ignore[attr-defined]
    page.goto(link[0])
    expect(page.get_by_role("main")).to_contain_text("used already")


def test_a_device_is_signed_out_from_another_one(browse: Open) -> None:
    phone, laptop = browse(ELI, phone=True), browse(ELI)
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Eli")
    laptop.goto("/account/sessions")
    laptop.get_by_role("button", name="Sign out every other device").click()
    expect(laptop.get_by_text("Every other device is signed out.")).to_be_visible()
    phone.goto("/mine")
    expect(phone).to_have_url(re.compile("/sign-in"))
    laptop.goto("/mine")
    expect(laptop).to_have_url(re.compile("/mine$"))


def test_dark_is_chosen_at_once_and_stays(browse: Open) -> None:
    page = browse(SAM)
    page.goto("/")

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    page.locator(".theme-menu summary").click()
    with page.expect_response(re.compile("/account/theme")):
        page.locator(".theme-menu").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    dark = ground()
    assert dark != light
    page.goto("/kb/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert ground() == dark
    page.locator(".theme-menu summary").click()
    with page.expect_response(re.compile("/account/theme")):
        page.locator(".theme-menu").get_by_role("button", name="As the device").click()
    page.reload()
    assert ground() == light


def test_name_time_zone_and_theme_are_kept(browse: Open, newcomer: Someone) -> None:
    page = browse(newcomer)
    page.goto("/account")
    page.get_by_label("Name", exact=True).fill("Nia Holm")
    page.get_by_label("Time zone").select_option("Pacific/Auckland")
    page.get_by_label("Light", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.goto("/account/notifications")
    expect(page.get_by_role("main")).to_contain_text("Auckland")


def test_one_chooses_what_one_is_told_and_when_mail_waits(browse: Open) -> None:
    page = browse(MIA)
    page.goto("/account/notifications")
    box = page.get_by_role("checkbox", name="Somebody answers my feedback, by mail")
    expect(box).to_be_checked()
    box.uncheck()
    page.get_by_role("textbox", name="From").fill("20:00")
    page.get_by_role("textbox", name="Until").fill("07:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    expect(box).not_to_be_checked()
    expect(page.get_by_role("textbox", name="From")).to_have_value("20:00")


def test_a_menu_closes_by_escape_and_gives_the_focus_back(browse: Open) -> None:
    page = browse(ANA)
    page.goto("/")
    summary = page.locator(".account-menu summary")
    summary.focus()
    page.wait_for_load_state("networkidle")  # the script comes when somebody is near
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()
