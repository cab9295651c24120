"""Reads for the lists of administration: each a fixed number of queries, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.core.actor import Actor
from portal.core.database import db
from portal.core.permissions import Role
from portal.core.refs import Ref
from portal.jobs.models import Job, State
from portal.kb.models import Article, Draft, Status
from portal.people import queries as people_queries
from portal.people import structure
from portal.people.audiences import visible
from portal.people.models import Audience, AudienceRule, Department, Person, PersonRole, Site

Named: TypeAlias = "type[Department] | type[Site] | type[Audience] | type[Person]"
PLACES: dict[str, Named] = {"department": Department, "site": Site, "audience": Audience}
REBUILD = "search.rebuild"
IN_HAND = frozenset({State.WAITING.value, State.RUNNING.value})
PAGE = 50
MATCHES = 20


@dataclass(frozen=True, kw_only=True)
class PeopleFilter:
    """Which people a list shows. `state` is `active`, `left` or `all`; a department includes what is below it."""

    words: str = ""
    department_id: int | None = None
    role: str = ""
    state: str = "active"


@dataclass(frozen=True)
class Unit:
    """A department as its tree shows it."""

    department: Department
    depth: int
    n_people: int
    """People who belong to it itself."""
    n_in_all: int
    """With everything below it."""
    above: str
    """The name of the one it belongs to."""
    manager: str
    manager_id: int | None
    is_manager_gone: bool


def find_people(wanted: PeopleFilter, *, page: int = 1) -> tuple[list[Person], int]:
    """Return one page of people by name, and how many there are in all."""
    conditions = _conditions(wanted)
    n = db.session.execute(select(func.count()).select_from(Person).where(*conditions)).scalar_one()
    query = (
        select(Person)
        .options(joinedload(Person.department), joinedload(Person.site), selectinload(Person.roles))
        .where(*conditions)
        .order_by(func.lower(Person.name), Person.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(db.session.execute(query).scalars()), n


def _conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Person.erased_at.is_(None)]
    for word in wanted.words.split()[:5]:
        found.append(or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True)))
    if wanted.department_id is not None:
        found.append(Person.department_id.in_(structure.with_all_below(wanted.department_id)))
    if wanted.role == Role.READER.value:
        found.append(~Person.roles.any())
    elif wanted.role:
        found.append(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == wanted.role)))
    if wanted.state in ("active", "left"):
        found.append(Person.is_active.is_(wanted.state == "active"))
    return found


def count_people() -> tuple[int, int]:
    """Return how many people may enter, and how many have left."""
    query = select(Person.is_active, func.count()).where(Person.erased_at.is_(None)).group_by(Person.is_active)
    rows = dict(db.session.execute(query).all())
    return rows.get(True, 0), rows.get(False, 0)


@dataclass(frozen=True)
class Owned:
    """What somebody looks after, for whoever ends their account."""

    n_articles: int
    n_drafts: int
    departments: tuple[Department, ...]


def owned_by(person_id: int) -> Owned:
    """Return what would be left without anybody to look after it."""
    articles = select(func.count()).where(Article.owner_id == person_id, Article.status != Status.ARCHIVED.value)
    drafts = select(func.count()).where(Draft.created_by_id == person_id, Draft.is_open.is_(True))
    led = select(Department).where(Department.manager_id == person_id).order_by(Department.name)
    return Owned(
        db.session.execute(articles).scalar_one(),
        db.session.execute(drafts).scalar_one(),
        tuple(db.session.execute(led).scalars()),
    )


def with_mail_trouble(*, limit: int = 10) -> list[Person]:
    """Return active people whose mail came back, the latest trouble first."""
    query = select(Person).where(Person.is_active, Person.mail_trouble.is_not(None))
    return list(db.session.execute(query.order_by(Person.mail_trouble_at.desc(), Person.id).limit(limit)).scalars())


def units() -> list[Unit]:
    """Return the departments in the order of their tree, with the number of active people in each."""
    counts = _count_by(Person.department_id)
    departments = people_queries.departments()
    managers = _managers(departments)
    children: dict[int | None, list[Department]] = {}
    for department in departments:
        children.setdefault(department.parent_id, []).append(department)

    titles = {d.id: d.name for d in departments}

    def below(parent_id: int | None, depth: int) -> list[Unit]:
        found = []
        for d in children.get(parent_id, ()):
            rest = below(d.id, depth + 1)
            own = counts.get(d.id, 0)
            direct = (unit.n_in_all for unit in rest if unit.depth == depth + 1)
            name, is_active = managers.get(d.manager_id or 0, ("", True))
            above = titles.get(parent_id or 0, "")
            found += [Unit(d, depth, own, own + sum(direct), above, name, d.manager_id, not is_active), *rest]
        return found

    return below(None, 0)


def _managers(departments: Sequence[Department]) -> dict[int, tuple[str, bool]]:
    ids = {d.manager_id for d in departments if d.manager_id is not None}
    rows = db.session.execute(select(Person.id, Person.name, Person.is_active).where(Person.id.in_(ids)))
    return {person_id: (name, is_active) for person_id, name, is_active in rows}


def sites() -> list[tuple[Site, int]]:
    """Return the sites with the number of active people at each."""
    counts = _count_by(Person.site_id)
    return [(site, counts.get(site.id, 0)) for site in people_queries.sites()]


def _count_by(column: InstrumentedAttribute[int | None]) -> dict[int, int]:
    query = select(column, func.count()).where(Person.is_active, column.is_not(None)).group_by(column)
    return {key: n for key, n in db.session.execute(query) if key is not None}


def audiences() -> list[tuple[Audience, int]]:
    """Return the audiences with the number of active people each admits; the same queries however many there are."""
    found = list(db.session.execute(select(Audience).order_by(Audience.name, Audience.id)).scalars())
    rules = [rule for audience in found for rule in audience.rules]
    named = {int(rule.value) for rule in rules if rule.kind == "person" and rule.value.isdecimal()}
    places = _places(named)
    return [(audience, sum(n for own, n in places if _admits(audience, own))) for audience in found]


def _places(named: Set[int]) -> list[tuple[set[tuple[str, str]], int]]:
    """Return what an audience's rule may name of active people, with how many are alike in that.

    Alike are those of one department and site, except for who has a role or is named by a rule.
    """
    parents = dict(db.session.execute(select(Department.id, Department.parent_id)).all())
    roles: dict[int, set[tuple[str, str]]] = {number: set() for number in named}
    for person_id, role in db.session.execute(select(PersonRole.person_id, PersonRole.role)):
        roles.setdefault(person_id, set()).add(("role", role))
    lines = {department_id: _line(department_id, parents) for department_id in parents}

    def place(department_id: int | None, site_id: int | None) -> set[tuple[str, str]]:
        return {("site", str(site_id)), ("role", Role.READER.value)} | lines.get(department_id or 0, set())

    query = select(Person.id, Person.department_id, Person.site_id).where(Person.is_active, Person.id.in_(list(roles)))
    own = [
        (place(department_id, site_id) | roles[person_id] | {("person", str(person_id))}, 1)
        for person_id, department_id, site_id in db.session.execute(query)
    ]
    alike = select(Person.department_id, Person.site_id, func.count()).group_by(Person.department_id, Person.site_id)
    alike = alike.where(Person.is_active, Person.id.not_in(list(roles)))
    return [*own, *((place(department_id, site_id), n) for department_id, site_id, n in db.session.execute(alike))]


def _line(department_id: int, parents: Mapping[int, int | None]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    above: int | None = department_id
    while above is not None and ("department", str(above)) not in found:
        found.add(("department", str(above)))
        above = parents.get(above)
    return found


def _admits(audience: Audience, own: Set[tuple[str, str]]) -> bool:
    return any((rule.kind, rule.value) in own for rule in audience.rules)


def rule_names(audiences: Sequence[Audience]) -> dict[tuple[str, str], str]:
    """Return the names of the departments, sites and people the rules of these audiences speak of; three queries."""
    rules = [rule for audience in audiences for rule in audience.rules]
    return {
        **_names_of(rules, "department", Department),
        **_names_of(rules, "site", Site),
        **_names_of(rules, "person", Person),
    }


def place_names(refs: Collection[Ref], rules: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the names of departments, sites, audiences and people that facts speak of; a query for each kind met."""
    wanted = {(ref.kind, str(ref.id)) for ref in refs if ref.kind in PLACES} | set(rules)
    found: dict[tuple[str, str], str] = {}
    for kind, model in {**PLACES, "person": Person}.items():
        found |= _named(kind, model, {value for one, value in wanted if one == kind})
    return found


def _names_of(rules: Sequence[AudienceRule], kind: str, model: Named) -> dict[tuple[str, str], str]:
    return _named(kind, model, {rule.value for rule in rules if rule.kind == kind})


def _named(kind: str, model: Named, values: Collection[str]) -> dict[tuple[str, str], str]:
    ids = [int(value) for value in values if value.isdigit()]
    if not ids:
        return {}
    rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
    return {(kind, str(row_id)): name for row_id, name in rows}


def by_role() -> dict[Role, list[Person]]:
    """Return who has which role beyond reading, by name; one query for all."""
    query = (
        select(PersonRole.role, Person)
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.is_active)
        .order_by(func.lower(Person.name), Person.id)
    )
    found: dict[Role, list[Person]] = {role: [] for role in Role}
    for role, person in db.session.execute(query):
        found[Role(role)].append(person)
    return found


def matching_people(words: str) -> list[int]:
    """Return the ids of at most twenty people, active or not, whose name or address has these words."""
    wanted = PeopleFilter(words=words, state="all")
    query = select(Person.id).where(*_conditions(wanted)).order_by(Person.name, Person.id).limit(MATCHES)
    return list(db.session.execute(query).scalars())


def matching_subjects(actor: Actor, words: str) -> list[str]:
    """Return what these words may mean: people, departments, sites, audiences, and articles this reader may see."""
    try:
        return [str(Ref.parse(words))]
    except ValueError:
        pass
    found = [f"person:{person_id}" for person_id in matching_people(words)]
    for kind, model in PLACES.items():
        named = select(model.id).where(model.name.icontains(words, autoescape=True)).limit(MATCHES)
        found += [f"{kind}:{row_id}" for row_id in db.session.execute(named).scalars()]
    titled = select(Article.id).where(
        Article.title.icontains(words, autoescape=True), visible(Article.access_key, actor)
    )
    return [*found, *(f"article:{row_id}" for row_id in db.session.execute(titled.limit(MATCHES)).scalars())]


def latest_rebuild() -> Job | None:
    """Return the job that last built the search index anew, or is about to."""
    query = select(Job).where(Job.kind == REBUILD).order_by(Job.id.desc()).limit(1)
    return db.session.execute(query).scalar_one_or_none()
