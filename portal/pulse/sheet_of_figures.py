"""A wave as a table file: a line for every figure that is shown, in words that stay the same in every language."""

from __future__ import annotations

from collections.abc import Iterator

from portal.core import sheets
from portal.pulse.reading import Seen
from surveys.instrument import Band
from surveys.privacy.printing import Side
from surveys.privacy.released import ItemScore, Mean, Row, Score, Share, Table

COLUMNS = ("breakdown", "group", "figure", "of", "value", "bound", "low", "high", "n", "note")
EVERYBODY = "everybody"
BOUNDS = {Side.AT: "", Side.MORE: "or more", Side.LESS: "or less"}

Line = tuple[object, ...]


def write(seen: Seen) -> Iterator[str]:
    """Write every figure of what this reader sees."""
    return sheets.write(COLUMNS, lines(seen))


def write_comments(seen: Seen) -> Iterator[str]:
    """Write what people wrote, without names, in the order drawn by lot."""
    return sheets.write(("comment",), ((comment,) for comment in seen.total.comments))


def lines(seen: Seen) -> Iterator[Line]:
    """Yield the rows of the table."""
    released = seen.released
    yield from _of_row(EVERYBODY, EVERYBODY, released.total)
    if seen.has_units:
        yield from _of_table(seen.wave.breakdown, released.units)
    if released.second is not None:
        yield from _of_table(seen.wave.second_breakdown, released.second)
    yield from _of_straight(seen)
    for each in released.reliability:
        if (found := each.found) is not None:
            yield _line(
                EVERYBODY, EVERYBODY, "alpha", each.code, found.alpha, low=found.low, high=found.high, n=found.n
            )
    for driver in released.drivers.each if released.drivers else ():
        if driver.r is not None:
            yield _line(EVERYBODY, EVERYBODY, "r", driver.code, driver.r, low=driver.low, high=driver.high, n=driver.n)
            yield _line(EVERYBODY, EVERYBODY, "priority", driver.code, driver.priority, n=driver.n)
            yield _line(EVERYBODY, EVERYBODY, "weight", driver.code, driver.weight, n=driver.n)
    yield from _of_flaws(seen)


def _of_table(breakdown: str, table: Table) -> Iterator[Line]:
    for row in table.rows:
        yield from _of_row(breakdown, row.name or "not stated", row)
    if table.n_hidden:
        yield _line(breakdown, "all hidden", "answers", "", table.n_hidden)


def _of_row(breakdown: str, group: str, row: Row) -> Iterator[Line]:
    if not row.is_shown:
        yield _line(breakdown, group, "state", "", None, note=row.state.value)
        return
    yield _line(breakdown, group, "answers", "", row.n)
    if row.delivered is not None:
        yield _line(breakdown, group, "delivered", "", row.delivered)
        yield _line(breakdown, group, "eligible", "", row.eligible)
    for score in row.scores:
        yield from _of_score(breakdown, group, score)
    for item in row.items:
        yield from _of_item(breakdown, group, item)


def _of_score(breakdown: str, group: str, score: Score) -> Iterator[Line]:
    if score.mean is None:
        return
    band = score.band.value if score.band else ""
    yield _mean(breakdown, group, "mean", score.code, score.mean, n=score.n, note=band)
    if score.favourable is not None:
        yield _share(breakdown, group, score.code, score.favourable, n=score.n)
    if score.weighted is not None:
        yield _mean(breakdown, group, "weighted mean", score.code, score.weighted)
    for band_, n in zip(Band, score.bands or (), strict=False):
        yield _line(breakdown, group, "people in band", score.code, n, note=band_.value)
    since = score.since
    if since is not None:
        word = since.strength.value
        if since.is_notable:
            word += ", arrow"
        yield _line(breakdown, group, "change", score.code, since.difference, low=since.low, high=since.high, note=word)
        yield _line(breakdown, group, "g", score.code, since.g)
        yield _line(breakdown, group, "p", score.code, since.p, note=since.p_by.value)


def _of_item(breakdown: str, group: str, item: ItemScore) -> Iterator[Line]:
    if item.mean is not None:
        yield _mean(breakdown, group, "mean", item.code, item.mean, n=item.n)
    yield _share(breakdown, group, item.code, item.favourable, n=item.n)
    for place, n in enumerate(item.people or (), start=1):
        yield _line(breakdown, group, "people at point", item.code, n, note=str(place))


def _of_straight(seen: Seen) -> Iterator[Line]:
    found = seen.released.straight
    if found is None:
        return
    yield _line(EVERYBODY, EVERYBODY, "one point all the way", "", found.n)
    for score in found.without:
        if score.mean is not None:
            yield _mean(EVERYBODY, EVERYBODY, "mean without those", score.code, score.mean, n=score.n)


def _of_flaws(seen: Seen) -> Iterator[Line]:
    for flaw in seen.flaws:
        breakdown, group = (seen.wave.breakdown, flaw.unit) if flaw.unit else (EVERYBODY, EVERYBODY)
        for each in flaw.evidence:
            found = each.measured
            yield (
                *(breakdown, group, f"flaw: {flaw.code}", each.condition.of or each.condition.source.value),
                *(found.value, BOUNDS[found.side], found.low, found.high, found.n),
                f"{each.condition.bound.value} {each.condition.threshold:g}",
            )


def _mean(
    breakdown: str, group: str, figure: str, of: str, found: Mean, *, n: int | None = None, note: str = ""
) -> Line:
    bound = BOUNDS[found.value.side]
    return (breakdown, group, figure, of, found.value.value, bound, found.low, found.high, n, note)


def _share(breakdown: str, group: str, of: str, found: Share, *, n: int | None) -> Line:
    bound = BOUNDS[found.value.side]
    return (breakdown, group, "favourable", of, found.value.value, bound, found.low, found.high, n, "")


def _line(
    breakdown: str,
    group: str,
    figure: str,
    of: str,
    value: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    note: str = "",
) -> Line:
    return (breakdown, group, figure, of, value, "", low, high, n, note)
