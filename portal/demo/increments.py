"""The task force of Ostrey & Vale: six seats, three increments of which one slips, two gates, minutes and actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from portal.core.database import db
from portal.demo import story
from portal.demo.cast import Cast
from portal.demo.timeline import Do
from portal.people.models import Person
from portal.roadmap.gates import decisions
from portal.roadmap.gates.models import Gate, Kind, Verdict
from portal.roadmap.increments import plans, showing, telling
from portal.roadmap.increments.models import Increment, State
from portal.roadmap.taskforce import actions, membership, protocol

SEATS = (("eli", "hr"), ("ana", "users"), ("ben", "users"), ("sam", "it"), ("mia", "steering"), ("ada", "steering"))
FIRST_MEETING = """Six of us, one hour, at the Old Mill.

- What hurts most: people do not know **which answers are still true**. Ana showed three.
- Sam wants the readers at the benches first. Mia: thirty seconds a shift, times forty people.
- We ship in small pieces. Nobody waits a year again."""
LAST_MEETING = """- Badge readers: the second delivery is late. Four benches work, eight wait.
- The Workshop asks **what happens when a badge is left at home**. Sam shows it at the next demo.
- Survey: Logistics does not trust itself with the steps. Eli talks to Grace there."""


def planned(at: dt.datetime, cast: Cast) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield what the task force plans, decides and writes down, each at its time."""
    told = Told(at=at, cast=cast)
    for days, hour, do in (
        (200, 9, told.sit_down), (198, 11, told.first_meeting), (178, 15, told.plan_trust), (150, 16, told.show_trust),
        (131, 10, told.slip_trust), (112, 16, told.deliver_trust), (60, 10, told.plan_benches), (58, 15, told.go_on),
        (33, 15, told.start_benches), (19, 11, told.slip_once), (16, 15, told.show_benches), (15, 16, told.hold),
        (7, 15, told.slip_again), (6, 11, told.last_meeting), (5, 16, told.let_go), (4, 10, told.plan_scans),
    ):  # fmt: skip
        yield story.days_before(at, days, hour=hour), partial(do)


@dataclass
class Told:
    """What there is so far."""

    at: dt.datetime
    cast: Cast
    made: dict[str, Increment] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)

    def day(self, days: int) -> dt.date:
        """Return the day so many days before the end of the story; below nothing is after it."""
        return self.at.date() - dt.timedelta(days=days)

    def person(self, who: str) -> Person:
        return db.session.get_one(Person, self.cast.actor(who).person_id)

    def sit_down(self) -> None:
        for who, seat in SEATS:
            membership.join(self.cast.actor("ada"), self.person(who), seat=seat)

    def _there(self, *names: str) -> list[int]:
        return [self.person(who).id for who in names]

    def first_meeting(self) -> None:
        eli = self.cast.actor("eli")
        present = self._there("eli", "ana", "ben", "sam", "mia")
        row = protocol.keep(
            eli,
            protocol.Record(title="What we are here for", held_on=self.day(198), body=FIRST_MEETING, present=present),
        )
        protocol.decide(eli, row, "Show who checked an answer first, then everything else.",
                        why="What nobody trusts nobody opens, however good it is.")  # fmt: skip
        action = actions.add(eli, "List twenty answers people doubt", due_on=self.day(185), owner=self.person("ana"),
                             source=row.ref)  # fmt: skip
        actions.settle(self.cast.actor("ana"), action, outcome="Twenty-three; the VPN ones lead.")

    # The first increment, delivered late

    def plan_trust(self) -> None:
        eli = self.cast.actor("eli")
        row = self._plan("trust", plans.Plan(
            name="Answers one can trust",
            purpose="Everybody sees who checked an answer and when, and hears two days ahead what will be down.",
            starts_on=self.day(176), ends_on=self.day(130), budget_planned=9000, budget_spent=0, is_public=True,
            owner=self.person("dara"),
        ), items=("checked", "ahead"))  # fmt: skip
        plans.move(eli, row, State.STARTED)
        plans.add_milestone(eli, row, "Twenty answers carry a name and a day", due_on=self.day(152))
        telling.add(eli, row, telling.Line(
            what="Why answers carry a name now", audience="Everybody", signed_by="hr",
            channel="Mail from Joan Ridley", due_on=self.day(118),
        ))  # fmt: skip

    def _plan(self, key: str, plan: plans.Plan, *, items: tuple[str, ...]) -> Increment:
        eli = self.cast.actor("eli")
        row = self.made[key] = plans.plan(eli, plan)
        plans.ship(eli, row, [self.cast.ref(f"item:{name}").id for name in items])
        return row

    def show_trust(self) -> None:
        eli, row = self.cast.actor("eli"), self.made["trust"]
        demo = showing.hold(eli, row, showing.Meeting(
            kind="demo", title="Would you trust this?", on=self.day(150), invited="Finance and the Workshop",
            n_invited=30, n_attended=19, learned="A name is worth more than a badge. The day has to stand beside it.",
        ))  # fmt: skip
        for who in ("ana", "ben", "mia"):
            showing.attend(self.cast.actor(who), row, demo, is_on=True)
        need = showing.require(eli, row, showing.Wanted(
            title="Each answer says who checked it, and when",
            example="Kenji opens the VPN answer: “Checked 12 March by Dara”.",
            item_id=self.cast.ref("item:checked").id, shown_in_id=demo.id,
        ))  # fmt: skip
        showing.accept(self.cast.actor("ana"), row, need, is_on=True)
        plans.reach(eli, row, plans.milestones([row.id])[0])

    def slip_trust(self) -> None:
        row = self.made["trust"]
        self._again(row, "The second twenty answers took longer: four had to be written anew.", ends_on=self.day(112))

    def _again(self, row: Increment, reason: str, *, ends_on: dt.date, spent: int | None = None) -> None:
        wanted = plans.Plan(
            name=row.name, purpose=row.purpose, starts_on=row.starts_on, ends_on=ends_on, owner=row.owner,
            budget_planned=row.budget_planned, is_public=row.is_public,
            budget_spent=row.budget_spent if spent is None else spent,
        )  # fmt: skip
        plans.change(self.cast.actor("eli"), row, wanted, version=row.version, reason=reason)

    def deliver_trust(self) -> None:
        eli, row = self.cast.actor("eli"), self.made["trust"]
        plans.move(eli, row, State.DELIVERED)
        telling.mark(eli, row, telling.messages([row.id])[0], is_done=True)

    # The second increment, which slips

    def plan_benches(self) -> None:
        eli = self.cast.actor("eli")
        row = self._plan("benches", plans.Plan(
            name="Begin a shift without a password",
            purpose="At the benches of the Old Mill a badge is enough. Who starts finds one page for the first day.",
            starts_on=self.day(35), ends_on=self.day(3), budget_planned=24000, budget_spent=0, is_public=True,
            owner=self.person("sam"),
        ), items=("sign-in",))  # fmt: skip
        for title, days in (("Readers are here", 40), ("Four benches work", 24), ("All twelve benches work", 5)):
            plans.add_milestone(eli, row, title, due_on=self.day(days))

    def go_on(self) -> None:
        gate = self.gates["build"] = decisions.open_gate(
            self.cast.actor("eli"), name="May we buy the readers?", step="design-build",
            increment=self.made["benches"], due_on=self.day(58),
        )  # fmt: skip
        sam = self.cast.actor("sam")
        hand = next(row for row in decisions.conditions(gate) if row.kind == Kind.HAND)
        decisions.look(sam, gate, hand, is_met=True, seen="Five at the benches; two held the badge upside down.")
        decisions.sign(sam, gate, "it")
        decisions.sign(self.cast.actor("ana"), gate, "users")
        follow = [
            decisions.Follow(title="Write down what each bench has to do, with an example", due_on=self.day(45),
                             owner_id=sam.person_id),
            decisions.Follow(title="Say what happens when a badge is left at home", due_on=self.day(2),
                             owner_id=sam.person_id),
        ]  # fmt: skip
        decisions.decide(
            self.cast.actor("mia"),
            gate,
            Verdict.CONDITIONS,
            follow=follow,
            why="Forty people wait every shift. Nothing is written down yet, so that has to follow.",
        )

    def start_benches(self) -> None:
        eli, row = self.cast.actor("eli"), self.made["benches"]
        plans.move(eli, row, State.STARTED)
        plans.reach(eli, row, plans.milestones([row.id])[0])
        showing.require(eli, row, showing.Wanted(
            title="Three seconds from badge to screen", example="Alan at bench 7, gloves on, six in the morning.",
            item_id=self.cast.ref("item:sign-in").id,
        ))  # fmt: skip
        first = actions.open_ones(source=self.gates["build"].ref)[0]
        actions.settle(self.cast.actor("sam"), first, outcome="One page for each bench.")
        for what, audience, signed_by, channel, due, is_told in (
            ("Your bench gets a badge reader", "The Workshop", "line", "Mia, at the Monday round", 30, True),
            ("What the badge stores, and what it does not", "The Workshop", "hr", "A page on the board", 17, True),
            ("It takes three weeks longer", "The Workshop", "line", "Mia, at the Monday round", 1, False),
        ):
            line = telling.Line(what=what, audience=audience, signed_by=signed_by, channel=channel,
                                due_on=self.day(due))  # fmt: skip
            made = telling.add(eli, row, line)
            if is_told:
                telling.mark(eli, row, made, is_done=True)

    def slip_once(self) -> None:
        row = self.made["benches"]
        self._again(
            row, "The maker sends eight of the twelve readers two weeks late.", ends_on=self.day(-11), spent=9500
        )
        last = plans.milestones([row.id])[-1]
        plans.put_off(self.cast.actor("eli"), row, last, due_on=self.day(-9), reason="Eight readers come later.")

    def show_benches(self) -> None:
        eli, row = self.cast.actor("eli"), self.made["benches"]
        demo = showing.hold(eli, row, showing.Meeting(
            kind="demo", title="Bench 7, live", on=self.day(16), invited="Both shifts of the Workshop", n_invited=44,
            n_attended=27, learned="With gloves it works. People ask what happens when the badge is at home.",
        ))  # fmt: skip
        showing.attend(self.cast.actor("mia"), row, demo, is_on=True)
        need = showing.requirements([row.id])[0]
        wanted = showing.Wanted(title=need.title, example=need.example, item_id=need.item_id, shown_in_id=demo.id)
        showing.put_otherwise(eli, row, need, wanted)
        showing.accept(self.cast.actor("mia"), row, need, is_on=True)
        showing.require(eli, row, showing.Wanted(title="Somebody without a badge can begin, too"))
        showing.hold(eli, row, showing.Meeting(
            kind="workshop", title="A day without a badge", on=self.day(-6), invited="One from each shift", n_invited=6,
        ))  # fmt: skip
        plans.reach(eli, row, plans.milestones([row.id])[1])

    def hold(self) -> None:
        eli = self.cast.actor("eli")
        gate = self.gates["launch"] = decisions.open_gate(
            eli, name="May the next eight benches follow?", step="increment", increment=self.made["benches"],
            due_on=self.day(14),
        )  # fmt: skip
        for row in decisions.conditions(gate):
            if row.kind == Kind.FALL:
                decisions.ask_no_more(eli, gate, row, reason="No survey lies between the first bench and the next.")
            if row.kind == Kind.READOUT:
                decisions.ask_no_more(eli, gate, row, reason="Four benches are too few to tell an effect.")
        decisions.ask_for(eli, gate, kind=Kind.HAND, words="Bench 7 ran a whole week without a call to the desk",
                          reason="It is what we promised the Workshop.")  # fmt: skip
        decisions.decide(
            self.cast.actor("ada"),
            gate,
            Verdict.HOLD,
            why="Nobody has watched a whole week yet. We look again when Sam has.",
        )

    def slip_again(self) -> None:
        row = self.made["benches"]
        self._again(row, "Carpets in the way: the cables of four benches go under the floor.", ends_on=self.day(-18),
                    spent=13800)  # fmt: skip

    def last_meeting(self) -> None:
        eli = self.cast.actor("eli")
        row = protocol.keep(eli, protocol.Record(
            title="Readers, and what Logistics says", held_on=self.day(6), body=LAST_MEETING,
            present=self._there("eli", "ana", "sam", "mia", "ada"),
        ))  # fmt: skip
        protocol.decide(eli, row, "The benches go on before anything new begins.",
                        why="Half a thing at twelve benches is worth less than a whole one at four.")  # fmt: skip
        for title, who, due in (
            ("Ask Logistics which steps they do not dare", "eli", -4),
            ("Three short films of steps, gloves on", "sam", 1),
            ("Find a second pair of hands for bench 9", "mia", -10),
        ):
            actions.add(eli, title, due_on=self.day(due), owner=self.person(who), source=row.ref)

    def let_go(self) -> None:
        gate = self.gates["launch"]
        hand = next(row for row in decisions.conditions(gate) if row.kind == Kind.HAND)
        sam = self.cast.actor("sam")
        decisions.look(sam, gate, hand, is_met=True, seen="Monday to Friday, both shifts: no call.")
        for who, seat in (("sam", "it"), ("ana", "users"), ("eli", "hr")):
            decisions.sign(self.cast.actor(who), gate, seat)
        decisions.decide(
            self.cast.actor("ada"), gate, Verdict.GO, why="A week without a call. The next eight can come."
        )

    # The third, which only the task force sees

    def plan_scans(self) -> None:
        self._plan("scans", plans.Plan(
            name="Scans where they belong",
            purpose="A scan lands in the folder of its order; nobody mails it to themselves.",
            starts_on=self.day(-25), ends_on=self.day(-60), budget_planned=6000, owner=self.person("dara"),
        ), items=("scan",))  # fmt: skip
