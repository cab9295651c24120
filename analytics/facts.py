"""What one fact may carry: the grammar in which `events` writes its vocabulary.

A `Fact` says when exactly something is written and which props go with it. Props are plain JSON values, so
that a fact written today can be read in ten years without this code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

TYPES: Mapping[type, str] = {
    str: "text",
    int: "whole number",
    bool: "yes or no",
    list: "list of texts",
    object: "any plain value",
}


class Kind(StrEnum):
    """Whether a fact tells of a change or of mere looking; this decides how it is written."""

    CHANGE = "change"
    """Written in the transaction of the change it tells of: both are there, or neither."""
    LOOKING = "looking"
    """Written a moment later from a buffer, so that reading waits for no lock; a crash may lose a second."""


@dataclass(frozen=True, slots=True)
class Prop:
    """One documented prop of a fact."""

    type: type
    meaning: str
    is_required: bool = True
    choices: tuple[str, ...] = ()

    def complaint(self, value: object) -> str | None:
        """Say what is wrong with a value, or None."""
        if value is None:
            return "is missing" if self.is_required else None
        # bool is an int in Python, but a count of True is a mistake.
        is_mistaken_number = self.type is int and isinstance(value, bool)
        is_mixed = isinstance(value, list) and not all(isinstance(item, str) for item in value)
        if is_mistaken_number or is_mixed or not isinstance(value, self.type):
            return f"must be a {TYPES[self.type]}, not {value!r}"
        if self.choices and value not in self.choices:
            return f"must be one of {', '.join(self.choices)}, not {value!r}"
        return None


@dataclass(frozen=True, slots=True)
class Fact:
    """When exactly a fact is written, what it is about and what it carries."""

    kind: Kind
    when: str
    subject: str
    props: Mapping[str, Prop]
    is_audit: bool = False
    exchange_type: str | None = None
    v: int = 1

    def complaints(self, props: Mapping[str, object]) -> list[str]:
        """List everything wrong with these props, each naming its prop."""
        unknown = [f"{name} is not documented" for name in sorted(props.keys() - self.props.keys())]
        found = ((name, prop.complaint(props.get(name))) for name, prop in self.props.items())
        return unknown + [f"{name} {complaint}" for name, complaint in found if complaint]


def change(
    when: str, *, about: str, audit: bool = False, exchange: str | None = None, v: int = 1, **props: Prop
) -> Fact:
    """Declare a fact that is written in the transaction of the change."""
    return Fact(Kind.CHANGE, when, about, props, audit, exchange, v)


def looking(
    when: str, *, about: str, audit: bool = False, exchange: str | None = None, v: int = 1, **props: Prop
) -> Fact:
    """Declare a fact that changes nothing and is written from the buffer."""
    return Fact(Kind.LOOKING, when, about, props, audit, exchange, v)


def text(meaning: str, *choices: str) -> Prop:
    """Declare a text that is always there, perhaps one of a few."""
    return Prop(str, meaning, choices=choices)


def number(meaning: str) -> Prop:
    """Declare a whole number that is always there."""
    return Prop(int, meaning)


def flag(meaning: str) -> Prop:
    """Declare a yes or no that is always there."""
    return Prop(bool, meaning)


def texts(meaning: str) -> Prop:
    """Declare a list of texts that is always there, perhaps empty."""
    return Prop(list, meaning)


def anything(meaning: str) -> Prop:
    """Declare a plain value of whatever type its owner has; left out means none or secret."""
    return Prop(object, meaning, is_required=False)


def maybe(prop: Prop) -> Prop:
    """Let a prop be left out."""
    return Prop(prop.type, prop.meaning, is_required=False, choices=prop.choices)
