"""Answers are kept under keys drawn by chance, codes as their digest."""

from __future__ import annotations

from itertools import pairwise

from surveys.privacy.keeping import LETTERS, digest, new_code, new_key, written_anew


def test_a_code_is_drawn_anew_each_time_and_only_its_digest_is_kept() -> None:
    codes = {new_code() for _each in range(200)}
    assert len(codes) == 200
    assert all(len(digest(code) or "") == 64 for code in codes)
    assert not any(code.replace("-", "").lower() in (digest(code) or "") for code in codes)


def test_every_letter_of_a_code_is_drawn() -> None:
    text = "".join(new_code().replace("-", "") for _each in range(300))
    assert set(text) == set(LETTERS)


def test_a_code_may_be_typed_from_paper() -> None:
    code = new_code()
    plain = code.replace("-", "")
    for typed in (plain, plain.lower(), f"  {code} ", code.replace("-", " "), plain.replace("0", "O"), plain.lower()):
        assert digest(typed) == digest(code)


def test_what_is_no_code_has_no_digest() -> None:
    code = new_code()
    for typed in ("", code[:-1], f"{code}0", "U" * 26, "é" * 26, code + " " * 100_000):
        assert digest(typed) is None


def test_sheets_are_written_anew_under_other_keys_in_an_order_of_chance() -> None:
    given = list(range(400))
    once, again = written_anew(given), written_anew(given)
    assert sorted(sheet for _key, sheet in once) == given
    assert [key for key, _sheet in once] == sorted(key for key, _sheet in once)
    assert not {key for key, _sheet in once} & {key for key, _sheet in again}
    firsts = [sheet for _key, sheet in once]
    # 400 by chance: neighbours stay neighbours about twice, never most of them.
    assert sum(abs(a - b) == 1 for a, b in pairwise(firsts)) < 20
    assert firsts != [sheet for _key, sheet in again]


def test_a_key_says_nothing_of_when_it_was_drawn() -> None:
    keys = [new_key() for _each in range(400)]
    assert keys != sorted(keys)
    assert all(len(key) == 32 for key in keys)
    assert len({key[:2] for key in keys}) > 100
