"""The people one can be in the demo: who they are, and two things worth trying as each."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.demo.organisation import DOMAIN


@dataclass(frozen=True)
class Try:
    """Something to do as this person; it works in the portal as it is."""

    text: LazyString | str
    icon: str


@dataclass(frozen=True)
class Card:
    """One person of the sign-in page."""

    name: str
    surname: str
    role: LazyString | str
    quote: LazyString | str
    tries: tuple[Try, ...]
    is_start: bool = False
    is_away: bool = False

    @property
    def slug(self) -> str:
        return self.name.lower()

    @property
    def email(self) -> str:
        return f"{self.slug}@{DOMAIN}"

    @property
    def initials(self) -> str:
        return self.name[0] + self.surname[0]


CARDS = (
    Card(
        "Ana",
        "Ruiz",
        _l("Finance, looks for help"),
        _l("“The VPN will not connect and the month closes at five.”"),
        (
            Try(_l("Search “cant conect to vpn from home”, slips and all"), "search"),
            Try(_l("Tick the steps and say “this solved it”"), "check"),
        ),
        is_start=True,
    ),
    Card(
        "Ben",
        "Kaya",
        _l("Finance, helps colleagues"),
        _l("“I know this one. I answer it for the others.”"),
        (
            Try(_l("Answer a question under “You might know” on the home page"), "answer"),
            Try(_l("Open “Print cheques from tray 2”, which only Finance can find"), "lock"),
        ),
    ),
    Card(
        "Dara",
        "Voss",
        _l("Editor, keeps answers true"),
        _l("“Who was not helped, and what is overdue?”"),
        (
            Try(_l("Answer what Beatrix said about the VPN article"), "flag"),
            Try(_l("Take the first row of the editors’ desk, and see what it is reckoned from"), "list"),
        ),
    ),
    Card(
        "Cleo",
        "Okafor",
        _l("Service desk"),
        _l("“Tell me what they tried before I ask again.”"),
        (
            Try(_l("Work the queue with the keys j, k and r"), "inbox"),
            Try(_l("Put up a notice: “Printers at Old Mill are offline”"), "warning"),
        ),
    ),
    Card(
        "Sam",
        "Brandt",
        _l("Specialist, owns answers"),
        _l("“Did what I wrote help anybody?”"),
        (
            Try(_l("Open the bell: somebody wrote about the docking station"), "bell"),
            Try(_l("Leave a note below “VPN drops every few minutes”"), "pencil"),
        ),
    ),
    Card(
        "Eli",
        "Lindqvist",
        _l("HR, runs the task force"),
        _l("“Is it working, and for whom is it not?”"),
        (
            Try(_l("Read the first sentence of “Is it working?”, and ask how we know"), "bars"),
            Try(_l("See what the last survey found, and what helps"), "map"),
        ),
    ),
    Card(
        "Mia",
        "Duarte",
        _l("Manager, Workshop"),
        _l("“Show me my group, and never a person.”"),
        (
            Try(_l("See what the Workshop said in the last survey, and no other department"), "people"),
            Try(_l("Open “Approve leave for your team”, for managers only"), "calendar"),
        ),
    ),
    Card(
        "Ada",
        "Demir",
        _l("Administrator"),
        _l("“Who may enter, and what has happened?”"),
        (
            Try(_l("Deactivate somebody, then read it in the audit log"), "user"),
            Try(_l("Look at jobs, mail and the search index"), "settings"),
        ),
    ),
    Card(
        "Zoe",
        "Hart",
        _l("Left the company in June"),
        _l("“Can I still get in?”"),
        (Try(_l("Try. You should see nothing, not even whether a page exists"), "lock"),),
        is_away=True,
    ),
)


def card(slug: str) -> Card | None:
    """Return the card of this person, None for anybody else: only the nine can be picked."""
    return next((found for found in CARDS if found.slug == slug), None)
