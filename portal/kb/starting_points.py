"""What a new article begins with: an empty page is the hardest one to write on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Text: TypeAlias = "LazyString | str"


@dataclass(frozen=True, kw_only=True)
class StartingPoint:
    """A kind of article, with the text it begins with."""

    name: str
    icon: str
    title: Text
    summary: Text
    body: Text


POINTS = (
    StartingPoint(
        name="how-to",
        icon="steps",
        title=_l("How to do something"),
        summary=_l("Numbered steps, each with what one sees then"),
        body=_l(
            "One or two sentences: what one needs before one begins.\n\n"
            "## Do it\n\n"
            "1. Say the first thing to do, with the words on the screen in **bold**.\n"
            "   → What one sees then.\n"
            "2. Say the next thing.\n"
            "   → What one sees then.\n\n"
            "## If it does not work\n\n"
            "Say what goes wrong most often, and what to do then.\n"
        ),
    ),
    StartingPoint(
        name="troubleshooting",
        icon="warning",
        title=_l("Something does not work"),
        summary=_l("What one sees, why, and the way out that works most often first"),
        body=_l(
            "## What you see\n\n"
            "The message word by word, or what happens instead of what should.\n\n"
            "## Try this first\n\n"
            "1. The thing that helps most people.\n"
            "   → How one knows that it has helped.\n\n"
            "## If that was not it\n\n"
            "1. The next thing to try.\n\n"
            "/// tip | Still stuck?\n"
            "Say what to have at hand when one hands it over: the message, the time, the device.\n"
            "///\n"
        ),
    ),
    StartingPoint(
        name="reference",
        icon="list",
        title=_l("Something to look up"),
        summary=_l("A table or list: numbers, names, places, limits"),
        body=_l(
            "What this list is for, and who keeps it right.\n\n"
            "## The list\n\n"
            "| What | Where | Who knows more |\n"
            "|---|---|---|\n"
            "| First thing | | |\n"
            "| Second thing | | |\n\n"
            "## Words used here\n\n"
            "- **A word**: what it means.\n"
        ),
    ),
    StartingPoint(
        name="procedure",
        icon="check-shield",
        title=_l("A procedure to keep to"),
        summary=_l("Who does what, when, and what is written down"),
        body=_l(
            "## When this applies\n\n"
            "What has to have happened, and who does it.\n\n"
            "## Before you begin\n\n"
            "- What must be at hand.\n\n"
            "## The procedure\n\n"
            "1. First step. *Who: the role.*\n"
            "   → What is there when it is done.\n"
            "2. Second step. *Who: the role.*\n"
            "   → What is there when it is done.\n\n"
            "/// warning | Stop and ask when\n"
            "Say what must not be decided alone, and whom to ask.\n"
            "///\n\n"
            "## What is written down\n\n"
            "Where the record is kept, and for how long.\n"
        ),
    ),
    StartingPoint(
        name="empty",
        icon="answer",
        title=_l("An empty page"),
        summary=_l("You know what you want to write"),
        body="",
    ),
)


def body_of(name: str) -> str:
    """Return the text a starting point gives; nothing for one there is not."""
    return next((str(point.body) for point in POINTS if point.name == name), "")
