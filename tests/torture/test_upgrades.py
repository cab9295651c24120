"""A database of every earlier release is upgraded, killed in between, run twice, taken back (QUALITY R16)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, UniqueConstraint, create_engine, insert, text

from portal.core import migrate
from portal.core.database import prepare
from portal.core.rows import copy as copy_rows
from tests.torture.earlier import State, plant, reflected, state
from tests.torture.stage import IS_LONG, rounds
from tests.torture.upgrading import Upgrades

pytestmark = [pytest.mark.torture, pytest.mark.slow]

HEAD = migrate.head()
ALL = sorted(migrate.known())
BOUNDED = ("000000000013", "000000000029")
"""Before something was worked out for rows that stood there, and before tables that older ones point at."""
KILLS = 4
MOST_SECONDS = 30
"""For each hundred thousand rows."""


class Installation:
    """A home folder with a database that is taken back and upgraded again."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        driver = url.replace("postgresql://", "postgresql+psycopg://")
        self.engine: Engine = create_engine(driver)
        prepare(self.engine)

    @cached_property
    def upgrades(self) -> Upgrades:
        return Upgrades(self.home, self.url)

    def state(self) -> State:
        return state(self.engine)

    def back_to(self, revision: str) -> State:
        """Take it back to a release, fill there what is empty, and return what stands there."""
        (ended,) = self.upgrades.run("downgrade", revision)
        assert ended.status == 0, ended.said
        plant(self.engine)
        return self.state()

    def close(self) -> None:
        if "upgrades" in vars(self):
            self.upgrades.close()
        self.engine.dispose()


@pytest.fixture
def installation(tmp_path: Path, engine_name: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation with something in every table; by `make torture` the demo organisation with its year."""
    databases = request.getfixturevalue("postgres" if engine_name == "postgresql" else "_sqlite")
    home = tmp_path / "home"
    home.mkdir()
    made = Installation(home, databases.make(home))
    if IS_LONG:
        source = create_engine(f"sqlite:///{request.getfixturevalue('demo_home') / 'dity.sqlite3'}")
        prepare(source)
        copy_rows(source, made.engine)
        source.dispose()
    plant(made.engine)
    yield made
    made.close()
    databases.drop(made.url)


@pytest.fixture
def fresh(tmp_path: Path, engine_name: str, request: pytest.FixtureRequest) -> frozenset[str]:
    """The shape of a database that was never of another release."""
    databases = request.getfixturevalue("postgres" if engine_name == "postgresql" else "_sqlite")
    folder = tmp_path / "fresh"
    folder.mkdir()
    url = databases.make(folder)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    found = state(engine).shape
    databases.drop(url)
    return found


@pytest.mark.both
def test_rows_of_every_earlier_release_stand_after_the_upgrade(
    installation: Installation, fresh: frozenset[str]
) -> None:
    """From the newest to the oldest; from each at once to the newest, and from the newest back again."""
    for revision in sorted(ALL[:-1] if IS_LONG else BOUNDED, reverse=True):
        before = installation.back_to(revision)
        assert before.version == revision
        (ended,) = installation.upgrades.run("upgrade")
        assert (ended.status, HEAD in ended.said) == (0, True), ended.said
        after = installation.state()
        assert before.lost_in(after) == [], f"from {revision}"
        assert after.shape == fresh, f"from {revision}"
        (again,) = installation.upgrades.run("upgrade")
        assert (again.status, again.said) == (0, "The database is up to date.")
        assert installation.upgrades.run("check")[0].status == 0


@pytest.mark.both
def test_an_upgrade_killed_at_any_step_leaves_the_old_release_whole(installation: Installation) -> None:
    """Every step is in one transaction: killed before its end nothing has happened, and it is simply run again."""
    revision = BOUNDED[0]
    installation.back_to(revision)
    (whole,) = installation.upgrades.run("upgrade")
    after, n = installation.state(), whole.n_to_commit
    assert n > 100, whole.said
    assert installation.upgrades.run("downgrade", revision)[0].status == 0
    before = installation.state()
    for number in range(1, n + 1) if IS_LONG else range(n, 0, -(n // KILLS)):
        (ended,) = installation.upgrades.run("upgrade", dies_before=number)
        assert ended.status == -9, f"statement {number}: {ended.said}"
        assert installation.state() == before, f"half of it stayed when it was killed before statement {number}"
    (ended,) = installation.upgrades.run("upgrade")
    assert ended.status == 0, ended.said
    assert installation.state() == after


@pytest.mark.both
def test_a_way_back_killed_at_any_step_leaves_the_new_release_whole(installation: Installation) -> None:
    revision = BOUNDED[1]
    (whole,) = installation.upgrades.run("downgrade", revision)
    assert whole.status == 0, whole.said
    earlier = installation.state()
    assert installation.upgrades.run("upgrade")[0].status == 0
    before = installation.state()
    for number in range(whole.n_to_commit, 0, -max(1, whole.n_to_commit // rounds(3, 60))):
        (ended,) = installation.upgrades.run("downgrade", revision, dies_before=number)
        assert ended.status == -9, f"statement {number}: {ended.said}"
        assert installation.state() == before, f"killed before statement {number}"
    assert earlier.lost_in(before) == []


@pytest.mark.both
def test_two_who_upgrade_at_the_same_time_do_not_stumble_over_each_other(installation: Installation) -> None:
    for _ in range(rounds(1, 20)):
        before = installation.back_to(BOUNDED[0])
        ended = installation.upgrades.run("upgrade", at_once=2)
        assert [each.status for each in ended] == [0, 0], [each.said for each in ended]
        after = installation.state()
        assert (after.version, before.lost_in(after)) == (HEAD, [])


@pytest.mark.both
def test_an_older_program_leaves_a_newer_database_alone(installation: Installation) -> None:
    with installation.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f00000000000'"))
    before = installation.state()
    for command in (("upgrade",), ("downgrade", "-1"), ("downgrade", "base"), ("check",)):
        (ended,) = installation.upgrades.run(*command)
        assert ended.status == 1
        assert "newer release" in ended.said
        assert "Traceback" not in ended.said
    assert installation.state() == before


@pytest.mark.both
def test_an_upgrade_stops_the_portal_for_moments(installation: Installation) -> None:
    """The largest tables grow to many rows at the oldest release that has people's work in it."""
    n_rows = rounds(5_000, 100_000)
    installation.back_to(BOUNDED[0])
    grow(installation.engine, n_rows)
    (ended,) = installation.upgrades.run("upgrade")
    assert ended.status == 0, ended.said
    print(f"{n_rows} rows in each of the largest tables: {ended.seconds:.1f} s")
    assert ended.seconds < MOST_SECONDS


def grow(engine: Engine, n_rows: int) -> None:
    """Let the tables that grow in an installation hold many rows more: copies of those they have."""
    growing = ("ledger_entry", "comment", "outbox_mail", "job", "notification")
    tables = [each for each in reflected(engine) if each.name in growing]
    with engine.begin() as connection:
        for table in tables:
            row = connection.execute(table.select().limit(1)).mappings().one()
            values = {name: value for name, value in row.items() if name != "id"}
            watched: list[Any] = [each for each in table.indexes if each.unique]
            watched += [each for each in table.constraints if isinstance(each, UniqueConstraint)]
            unique = {column.name for each in watched for column in each.columns}
            for at in range(0, n_rows, 1000):
                many = [values | {name: f"{at + n}-{values[name]}"[:40] for name in unique} for n in range(1000)]
                connection.execute(insert(table), many)
