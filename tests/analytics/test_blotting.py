"""What could name a person is not kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.blotting import KEPT, blot


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mail for ana.ruiz@ostreyvale.example bounced", "mail for [address] bounced"),
        ("+44 20 7946 0018 does not ring", "[number] does not ring"),
        ("iban DE89 3704 0044 0532 0130 00", "iban [number]"),
        ("card 4111-1111-1111-1111", "card [number]"),
        ("staff number 104233", "staff number [number]"),
        ("P1042337 locked", "[number] locked"),
    ],
)
def test_addresses_and_long_numbers_are_blotted_out(typed: str, kept: str) -> None:
    assert blot(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["error 0x80070057", "KB5034441 fails", "windows 11", "room 4.21", "80 mb video", "office 365", "48 digits"],
)
def test_numbers_of_things_stay(typed: str) -> None:
    assert blot(typed) == typed


@given(st.text(max_size=500))
def test_any_text_can_be_blotted(text: str) -> None:
    assert len(blot(text)) <= KEPT


@given(
    st.from_regex(r"[a-z]{1,10}\.[a-z]{1,10}@[a-z]{2,10}\.(com|example|org)", fullmatch=True),
    st.text("ab ", max_size=9),
)
def test_no_address_survives(address: str, around: str) -> None:
    assert address not in blot(f"{around} {address} {around}")
