"""An instrument that does not hold together is refused, with the line that shows it."""

from __future__ import annotations

import pytest

from surveys.loading import FOLDER, BadInstrument, UnknownInstrument, load, names, parse

TEXT = (FOLDER / "pulse-1.toml").read_text()


def test_every_instrument_there_is_can_be_read() -> None:
    assert [load(name).name for name in names()] == list(names())


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownInstrument, match="no instrument 'pulse-0'; known: pulse-1"):
        load("pulse-0")
    with pytest.raises(UnknownInstrument):
        load("../pulse-1")


def test_line_ends_of_another_system_are_the_same_instrument() -> None:
    assert parse(TEXT.replace("\n", "\r\n"), name="pulse-1").digest == load("pulse-1").digest


@pytest.mark.parametrize(
    ("old", "new", "line", "trouble"),
    [
        ('code = "AW3R"', 'code = "AW2"', 'code = "AW2"', "item AW2 is there twice"),
        ('code = "VA2"', 'code = "XX2"', 'code = "XX2"', "'XX2' is no item of VA"),
        ('code = "VA2"', 'code = "VA2r"', 'code = "VA2r"', "'VA2r' is no item of VA"),
        ('code = "EA"\n', 'code = "VA"\n', 'code = "VA"\n', "is there twice|is no item of VA"),
        ('same = "I trust', 'before = "I trust', 'code = "SK1"', "needs either `same`|`after`"),
        ('SK1", same', 'SK1", before = "x", same', 'code = "SK1"', "needs either `same`, or both"),
        ("n_items = 18", "n_items = 17", 'code = "launch"', "says it has 17 items, but has 18"),
        ('core = ["VA"', 'core = ["VX"', "core =", "`core` names VX, which is no dimension"),
        ("strong = 80", "strong = 60", "at_risk =", "the bands must rise"),
        ('"Agree strongly"]', '"Agree strongly", "More"]', "labels =", "needs a label for each point"),
        ('phase = "after"', 'phase = "later"', 'code = "launch"', "must be before or after"),
        ('VA = "Core. Whether the first use paid."\n', "", 'code = "launch"', "leaves out VA, which is core"),
        ('VA = "Core. Whether it still pays."', 'VA = ""', 'code = "use"', "without saying why"),
        ('outcome = "IN" ', 'outcome = "" ', "outcome =", "must be a str and not empty"),
        ("least_items = 2 ", "least_items = true ", "least_items =", "must be a int"),
        ('meaning = "There is time', 'moaning = "There is time', "moaning", "knows no `moaning`"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: str, trouble: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    with pytest.raises(BadInstrument, match=trouble) as refused:
        parse(text, name="pulse-1")
    place = text.rindex(line) if "twice" in trouble else text.index(line)
    assert refused.value.line == text[:place].count("\n") + 1
    assert f"pulse-1.toml, line {refused.value.line}: " in str(refused.value)


def test_a_score_needs_as_many_statements_as_there_are() -> None:
    with pytest.raises(BadInstrument, match="AW has fewer items than a score takes"):
        parse(TEXT.replace("least_items = 2 ", "least_items = 4 "), name="pulse-1")


def test_the_name_inside_is_that_of_the_file_and_ends_in_its_edition() -> None:
    for name in ("pulse-2", "pulse"):
        with pytest.raises(BadInstrument, match="`name` must be"):
            parse(TEXT, name=name)
    with pytest.raises(BadInstrument, match="`name` must be"):
        parse(TEXT.replace('name = "pulse-1"', 'name = "pulse"'), name="pulse")


def test_two_stages_never_ask_the_same() -> None:
    twice = TEXT + TEXT[TEXT.index('[[stage]]\ncode = "use"') :].replace('"use"', '"again"')
    with pytest.raises(BadInstrument, match="asks the same as another"):
        parse(twice, name="pulse-1")


def test_broken_toml_and_missing_parts_are_said_plainly() -> None:
    with pytest.raises(BadInstrument, match=r"this is no TOML: .*line 2"):
        parse('name = "pulse-1"\ntitle = PULSE', name="pulse-1")
    with pytest.raises(BadInstrument, match="the instrument has no `scale`"):
        parse('name = "pulse-1"', name="pulse-1")
