"""How far people have come: reach, stages, who comes again, how soon they are helped, and how it spreads."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analytics import figures
from analytics.adoption.bands import Band, band
from analytics.adoption.funnel import Stage
from analytics.figures import Group, Level
from analytics.proportions import wilson
from portal.adoption import figures as kept
from portal.adoption.figures import Adoption
from portal.adoption.gathering import CAPABILITIES
from portal.insights.blocks import Block, Line, missing, named, share
from portal.insights.scene import Scene
from portal.measures import people
from portal.measures.presenting import number, percent, picture, voice

STAGES = {
    Stage.ELIGIBLE: _l("Could come"),
    Stage.REACHED: _l("Came"),
    Stage.TRIED: _l("Looked for something"),
    Stage.ACTIVATED: _l("Were helped"),
    Stage.HABITUAL: _l("Come as a habit"),
    Stage.CONTRIBUTOR: _l("Give to others"),
}
BANDS = {
    Band.INNOVATOR: _l("the very first"),
    Band.EARLY_ADOPTER: _l("the first sixth"),
    Band.EARLY_MAJORITY: _l("the first half"),
    Band.LATE_MAJORITY: _l("the second half"),
    Band.LAGGARD: _l("the last sixth"),
}


def adoption(on: Scene) -> list[Block]:
    """The blocks of the page; of a topic, or of too few people, that nothing is told of it."""
    of = on.report.slice
    if of.kind == "category":
        return [Block(name="stages", title=_("How far people have come is not counted by topic"))]
    found = kept.find(of)
    if found is None:
        return [
            Block(
                name="stages",
                title=missing(),
                note=_("How far people have come is worked out at night; of fewer than five who could come nothing "
                       "is told."),
            )
        ]  # fmt: skip
    return [
        _stages(found),
        _rhythm(found),
        _spread(found),
        _again(found),
        _waiting(found),
        _spreading(found),
        *([] if of.kind else [_departments()]),
    ]


def _whom() -> str:
    return _(
        "Who could come: everybody with an account at the time, as the list of people has it, without the desk, "
        "editors and administrators, whose facts are not counted either."
    )


def _kept(found: Adoption) -> str:
    return _(
        "Counted from what is kept, since %(day)s. When that is forgotten, the sums of each week stay.",
        day=found.since.isoformat(),
    )


def _stages(found: Adoption) -> Block:
    levels = [Level(str(STAGES[stage]), n) for stage, n in zip(Stage, found.stages, strict=True)]
    drawn = figures.stages(levels, voice=voice())
    return Block(
        name="stages",
        title=drawn.title,
        picture=picture("stages", drawn),
        note=_("%(n)s gave something to others, whether they come as a habit or not.", n=found.contributors),
        measures=named("reach", "activation", "habit", "contributors"),
        more=(_whom(), _kept(found)),
    )


def _rhythm(found: Adoption) -> Block:
    told = found.rhythm
    reach = share(_("Came within 28 days"), told.reach)
    again = share(_("Began here again"), found.again, note=_("of those who needed help again after they were helped"))
    return Block(
        name="rhythm",
        title=_("%(share)s of those who could come came within 28 days", share=reach.value)
        if not reach.is_missing
        else missing(),
        lines=(
            again,
            reach,
            Line(
                label=_("Of them in the last week"),
                value=missing() if told.week_to_all is None else percent(told.week_to_all),
                note=_("%(k)s of %(n)s", k=number(told.active_last_week, 0), n=number(told.active, 0)),
                raw=(told.week_to_all, None, None, told.active),
            ),
        ),
        note=_(
            "Who is well does not come. Goals stand better on what people do when they need help than on how often."
        ),
        measures=named("reach", "repeat_on_need"),
        more=(_whom(),),
    )


def _spread(found: Adoption) -> Block:
    told = found.spread
    if told is None or not found.rhythm.active:
        return Block(name="spread", title=missing())
    legs = {
        _("breadth"): told.breadth,
        _("depth"): told.depth,
        _("frequency"): told.frequency,
    }
    weakest = min(legs, key=lambda name: legs[name])
    return Block(
        name="spread",
        title=_(
            "Breadth, depth and frequency together: %(index)s of 100; the shortest leg is %(leg)s",
            index=number(told.index, 0),
            leg=weakest,
        ),
        lines=(
            Line(label=_("Breadth"), value=percent(told.breadth), note=_("came within 28 days, of who could"),
                 raw=(told.breadth, None, None, found.eligible)),
            Line(label=_("Depth"), value=percent(told.depth),
                 note=_("of the %(n)s things one can do here, how many those who came did", n=len(CAPABILITIES)),
                 raw=(told.depth, None, None, found.rhythm.active)),
            Line(label=_("Frequency"), value=percent(told.frequency),
                 note=_("needs brought here in 28 days, against %(n)s a person; 100 per cent at most",
                        n=number(kept.NEEDS_AIMED_AT, 0)),
                 raw=(told.frequency, None, None, found.rhythm.active)),
        ),
        more=(
            _("The index is the geometric mean of the three legs, so that a dead one shows. What is aimed at is a rule "
              "of the house."),
            _whom(),
        ),
    )  # fmt: skip


def _again(found: Adoption) -> Block:
    drawn = figures.coming_back(
        found.cohorts, weeks=kept.STRETCH, first=_("Stretch of %(n)s weeks", n=kept.STRETCH), voice=voice()
    )
    return Block(name="again", title=drawn.title, picture=picture("again", drawn), more=(_whom(), _kept(found)))


def _waiting(found: Adoption) -> Block:
    drawn = figures.waiting(found.waiting, found.eligible, voice=voice())
    return Block(
        name="waiting",
        title=drawn.title,
        picture=picture("waiting", drawn),
        measures=named("activation"),
        more=(_whom(), _kept(found)),
    )


def _spreading(found: Adoption) -> Block:
    drawn = figures.spreading(
        found.days, found.counted, found.ahead, eligible=found.eligible, is_curve=found.is_curve, voice=voice()
    )
    n = found.counted[-1] if found.counted else 0
    note = ""
    if 0 < n <= found.eligible:
        where = BANDS[band(n, found.eligible)]
        note = _("Whoever was helped last belongs to %(band)s of all who could come.", band=where)
    return Block(
        name="spreading",
        title=drawn.title,
        picture=picture("spreading", drawn),
        note=note,
        measures=named("activation"),
        more=(
            _whom(),
            _("Bands are shares of all who could come (Rogers), not of those who came so far. Who is in which is shown "
              "to nobody."),
        ),
    )  # fmt: skip


def _departments() -> Block:
    names = people.names("department")
    groups = [Group(names.get(number, ""), k, n) for number, (k, n) in kept.by_department().items()]
    drawn = figures.funnel(groups, what=str(STAGES[Stage.ACTIVATED]), people=_("People who could come"), voice=voice())
    total = wilson(sum(group.k for group in groups), sum(group.n for group in groups))
    return Block(
        name="departments",
        title=drawn.title,
        picture=picture("departments", drawn),
        note="" if total is None else _("All of these together: %(share)s.", share=percent(total.point)),
        measures=named("activation"),
        more=(
            _("Departments of fewer than five who could come are left out, and another one where they could be made "
              "out by subtraction."),
            _whom(),
        ),
    )  # fmt: skip
