"""Writes docs/events.md from the vocabulary: `python -m tools.docs.events`."""

from collections.abc import Iterable
from inspect import getdoc
from pathlib import Path
from types import ModuleType

from analytics.events import GROUPS, Name
from analytics.facts import TYPES, Prop

PATH = Path(__file__).parents[2] / "docs" / "events.md"
OPENING = """\
# Events: what the ledger can say

Written by `python -m tools.docs.events` from `analytics/vocabulary/`; change it there.

A *change* is recorded in the transaction of the change it tells of. *Looking* is observed through a
buffer that is written at most a second later, so that reading never waits. *Audit* marks what the audit
log shows; the audit log is a view of the ledger. *Exchange* is the type under which a fact travels in
the format of `dity measure needs`.

Every fact also carries: when it happened and when it was written (UTC), a visitor (a keyed hash), as
what somebody acted, their department and site as they were then, the thing it is about, the topic (a
category), the visit, and the id of the request. A prop marked with a star is always there.
"""


def page() -> str:
    """Return the text of docs/events.md."""
    return OPENING + "".join(map(_group, GROUPS))


def _group(module: ModuleType) -> str:
    names = [name for name in Name if vars(module).get(name.name.lower()) is name.fact]
    title = (getdoc(module) or "").rstrip(".")
    return f"\n## {title}\n" + "".join(map(_name, names))


def _name(name: Name) -> str:
    fact = name.fact
    marks = [str(fact.kind), *(["audit"] if fact.is_audit else [])]
    if fact.exchange_type:
        marks.append(f"exchange `{fact.exchange_type}`")
    lines = [
        f"\n### `{name}`\n",
        fact.when,
        "",
        f"*{', '.join(marks)}; about: {fact.subject}; shape {fact.v}*",
    ]
    if fact.props:
        lines += ["", *_table(fact.props.items())]
    return "\n".join(lines) + "\n"


def _table(props: Iterable[tuple[str, Prop]]) -> Iterable[str]:
    yield "| Prop | Type | Meaning |"
    yield "|---|---|---|"
    for name, prop in props:
        kind = ", ".join(f"`{choice}`" for choice in prop.choices) or TYPES[prop.type]
        star = r"\*" if prop.is_required else ""
        yield f"| `{name}`{star} | {kind} | {prop.meaning} |"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
