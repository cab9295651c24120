"""Reading a list of people: what each line says of whom, and what is wrong with it. Writes nothing.

Somebody is found by staff number, so that a new address is a change and no second person; else by address. An empty
cell changes nothing. Everything there is, is read once: a line costs no query.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.core.database import db
from portal.core.errors import Invalid
from portal.core.importing import Column, Row
from portal.core.permissions import Role
from portal.people.models import Department, Person, PersonRole, Site
from portal.people.services import clean_email, clean_name

COLUMNS = (
    Column(
        name="email",
        label=_l("Mail address"),
        words=("e-mail", "mail", "email address", "work email", "address", "Mailadresse", "E-Mail-Adresse", "courriel",
               "adresse électronique", "correo", "correo electrónico", "posta elettronica", "e-posta", "e-mailadres"),
    ),
    Column(
        name="name",
        label=_l("Name"),
        words=("full name", "display name", "employee", "Vollständiger Name", "Anzeigename", "nom complet",
               "nombre completo", "nome completo", "ad soyad", "naam"),
    ),
    Column(
        name="first_name",
        label=_l("First name"),
        words=("given name", "forename", "Vorname", "prénom", "nombre", "nome", "ad", "voornaam"),
    ),
    Column(
        name="last_name",
        label=_l("Last name"),
        words=("surname", "family name", "Nachname", "Familienname", "nom", "nom de famille", "apellido", "apellidos",
               "cognome", "soyad", "achternaam"),
    ),
    Column(
        name="staff_number",
        label=_l("Staff number"),
        words=("employee id", "employee number", "personnel number", "personnel no", "staff id", "Personalnummer",
               "Mitarbeiternummer", "Personal-Nr.", "matricule", "número de empleado", "matricola", "sicil no",
               "personeelsnummer"),
    ),
    Column(
        name="department",
        label=_l("Department"),
        words=("dept", "unit", "org unit", "team", "Abteilung", "Bereich", "Organisationseinheit", "service",
               "département", "departamento", "reparto", "departman", "afdeling"),
    ),
    Column(
        name="site",
        label=_l("Site"),
        words=("location", "office", "place", "Standort", "Ort", "lieu", "site de travail", "sede", "ubicación",
               "konum", "vestiging"),
    ),
    Column(
        name="manager",
        label=_l("Mail address of the department’s manager"),
        words=("manager email", "manager mail", "department manager", "supervisor", "reports to", "Vorgesetzte",
               "Abteilungsleitung", "responsable", "jefe", "yönetici"),
    ),
    Column(name="roles", label=_l("Roles"), words=("role", "Rolle", "Rollen", "rôle", "rol", "ruolo")),
    Column(
        name="active",
        label=_l("Still here"),
        words=("is active", "status", "employed", "Aktiv", "actif", "activo", "attivo", "aktif", "actief"),
    ),
)  # fmt: skip
YES = frozenset(
    ["yes", "y", "1", "true", "active", "employed", "ja", "aktiv", "oui", "actif", "si", "sí", "activo", "evet"]
)
NO = frozenset(["no", "n", "0", "false", "inactive", "left", "nein", "inaktiv", "non", "inactif", "inactivo", "hayir"])
_ROLE_WORDS = {"administrator": Role.ADMIN, **{role.value: role for role in Role}}
_WAY = re.compile(r"\s+[/>›]\s+")
STAFF_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as they stand."""

    id: int
    email: str
    name: str
    staff_number: str | None
    department_id: int | None
    site_id: int | None
    is_active: bool
    is_merged: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a line says; None where it says nothing."""

    email: str
    name: str | None
    staff_number: str | None
    department: Unit | None
    site: Unit | None
    roles: frozenset[Role] | None
    is_active: bool | None


@dataclass(eq=False)
class Unit:
    """A department or site that is there, or will be made: below which one, of which name."""

    name: str
    id: int | None = None
    parent: Unit | None = None


@dataclass
class Units:
    """Departments or sites, found by name, short name or the way to them."""

    is_making: bool
    """Make what is missing."""
    by_name: dict[str, list[Unit]] = field(default_factory=dict)
    new: list[Unit] = field(default_factory=list)
    _below: dict[tuple[int | None, str], Unit] = field(default_factory=dict)

    def find(self, words: str, unknown: str, several: str) -> Unit:
        """Return what is meant; refuses (Invalid) the unknown, unless it may be made, and what several are called."""
        found = self.by_name.get(bare(words), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise Invalid(several)
        unit: Unit | None = None
        for name in _WAY.split(words):
            unit = self._step(unit, name, unknown)
        return unit or Unit(words)

    def _step(self, parent: Unit | None, name: str, unknown: str) -> Unit:
        key = (id(parent) if parent else None, bare(name))
        if key not in self._below:
            same = [unit for unit in self.by_name.get(bare(name), []) if unit.parent is parent]
            if not same and not self.is_making:
                raise Invalid(unknown)
            self._below[key] = same[0] if same else self._made(parent, name)
        return self._below[key]

    def _made(self, parent: Unit | None, name: str) -> Unit:
        unit = Unit(name[:120], parent=parent)
        self.new.append(unit)
        self.by_name.setdefault(bare(name), []).append(unit)
        return unit


def bare(words: str) -> str:
    """Return what two spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def departments(*, missing: str) -> Units:
    """Return the departments as they stand. `missing` is create, refuse, or empty: create where there are none yet."""
    rows = db.session.execute(select(Department.id, Department.slug, Department.name, Department.parent_id)).all()
    units = Units(missing == "create" or (not missing and not rows))
    by_id = {row.id: Unit(row.name, row.id) for row in rows}
    for row in rows:
        by_id[row.id].parent = by_id.get(row.parent_id) if row.parent_id else None
        for name in {bare(row.name), bare(row.slug)}:
            units.by_name.setdefault(name, []).append(by_id[row.id])
    return units


def sites(*, missing: str) -> Units:
    """Return the sites as they stand."""
    rows = db.session.execute(select(Site.id, Site.slug, Site.name)).all()
    units = Units(missing == "create" or (not missing and not rows))
    for row in rows:
        unit = Unit(row.name, row.id)
        for name in {bare(row.name), bare(row.slug)}:
            units.by_name.setdefault(name, []).append(unit)
    return units


def department_named(name: str, parent_id: int | None) -> Department | None:
    """Return the department of this name below another one, or at the top."""
    rows = db.session.execute(select(Department).where(Department.parent_id.is_not_distinct_from(parent_id))).scalars()
    return next((row for row in rows if bare(row.name) == bare(name)), None)


def site_named(name: str) -> Site | None:
    return next((row for row in db.session.execute(select(Site)).scalars() if bare(row.name) == bare(name)), None)


def everybody() -> Iterator[Somebody]:
    """Yield everybody, one query."""
    query = select(
        Person.id,
        Person.email,
        Person.name,
        Person.staff_number,
        Person.department_id,
        Person.site_id,
        Person.is_active,
        Person.merged_into_id.is_not(None),
    )
    for row in db.session.execute(query.where(Person.erased_at.is_(None))):
        yield Somebody(*row)


def roles() -> dict[int, frozenset[Role]]:
    """Return the roles of everybody who was given any."""
    found: dict[int, set[Role]] = {}
    for person_id, role in db.session.execute(select(PersonRole.person_id, PersonRole.role)):
        found.setdefault(person_id, set()).add(Role(role))
    return {person_id: frozenset(given) for person_id, given in found.items()}


class List:
    """A whole list of people beside everybody there is."""

    def __init__(self, rows: Sequence[Row], *, missing: str) -> None:
        people = list(everybody())
        self.by_id = {one.id: one for one in people}
        self.by_email = {one.email: one for one in people}
        self.by_number = {one.staff_number: one for one in people if one.staff_number}
        self.roles = roles()
        self.departments, self.sites = departments(missing=missing), sites(missing=missing)
        self._lines: dict[tuple[str, str], int] = {}
        self.mails = {row.values.get("email", "").lower() for row in rows}
        for row in rows:
            for key in ("email", "staff_number"):
                if value := row.values.get(key, "").lower():
                    self._lines.setdefault((key, value), row.line)
        self.present = {one.id for row in rows if (one := self._meant(row.values)) is not None}

    def _meant(self, values: Mapping[str, Any]) -> Somebody | None:
        number = self.by_number.get(values.get("staff_number", "")[:STAFF_NUMBER])
        return number or self.by_email.get(values.get("email", "").lower())

    def read(self, row: Row) -> tuple[Said, Somebody | None]:
        """Return what a line says, and of whom; refuses (Invalid) a faulty one."""
        values = row.values
        if not values.get("email"):
            raise Invalid(_("There is no mail address."))
        email = clean_email(values["email"])
        self._refuse_second(row)
        number = values.get("staff_number") or None
        if number and len(number) > STAFF_NUMBER:
            raise Invalid(_("The staff number is longer than %(n)s characters.", n=STAFF_NUMBER))
        person = self._whom(email, number)
        name = values.get("name") or " ".join(filter(None, (values.get("first_name"), values.get("last_name"))))
        if not name and person is None:
            raise Invalid(_("There is no name."))
        self._refuse_manager(values.get("manager", ""))
        # Departments last: one that only a faulty line names is not to be made.
        said = Said(
            email=email,
            name=clean_name(name) if name else None,
            staff_number=number,
            roles=_roles(values.get("roles", "")),
            is_active=_is_active(values.get("active", "")),
            site=self._site(values.get("site", "")),
            department=self.department(values.get("department", "")),
        )
        return said, person

    def _refuse_second(self, row: Row) -> None:
        for key in ("email", "staff_number"):
            value = row.values.get(key, "").lower()
            first = self._lines.get((key, value), row.line)
            if value and first != row.line and key == "email":
                raise Invalid(_("The same address stands in line %(n)s.", n=first))
            if value and first != row.line:
                raise Invalid(_("The same staff number stands in line %(n)s.", n=first))

    def _whom(self, email: str, number: str | None) -> Somebody | None:
        by_number, by_email = self.by_number.get(number or ""), self.by_email.get(email)
        if by_number is not None and by_email is not None and by_number.id != by_email.id:
            raise Invalid(
                _(
                    "The staff number is that of %(one)s, the address that of %(other)s.",
                    one=by_number.name,
                    other=by_email.name,
                )
            )
        is_anothers = by_number is None and by_email is not None and number and by_email.staff_number
        if is_anothers and by_email is not None:
            raise Invalid(_("%(name)s has this address, and another staff number.", name=by_email.name))
        return by_number or by_email

    def _refuse_manager(self, mail: str) -> None:
        if mail and mail.lower() not in self.mails and mail.lower() not in self.by_email:
            raise Invalid(_("The manager %(mail)s is neither in this list nor in the portal.", mail=mail[:80]))

    def department(self, words: str) -> Unit | None:
        """Return the department that is meant, None where nothing is said."""
        if not words:
            return None
        unknown = _("There is no department “%(name)s”.", name=words[:80])
        several = _("Several departments are called “%(name)s”; write the way: Above / %(name)s.", name=words[:80])
        return self.departments.find(words, unknown, several)

    def _site(self, words: str) -> Unit | None:
        if not words:
            return None
        unknown = _("There is no site “%(name)s”.", name=words[:80])
        return self.sites.find(words, unknown, _("Several sites are called “%(name)s”.", name=words[:80]))

    def managers(self, rows: Iterable[Row]) -> dict[Unit, str]:
        """Return who leads which department, by what more than half of its lines say."""
        told: dict[Unit, Counter[str]] = {}
        for row in rows:
            mail, words = row.values.get("manager", "").lower(), row.values.get("department", "")
            try:
                unit = self.department(words) if mail else None
            except Invalid:
                continue
            if unit is not None:
                told.setdefault(unit, Counter())[mail] += 1
        first = {unit: counts.most_common(1)[0] for unit, counts in told.items()}
        return {unit: mail for unit, (mail, n) in first.items() if n * 2 > told[unit].total()}


def _roles(words: str) -> frozenset[Role] | None:
    found = set()
    for word in re.split(r"[,;/|]", words):
        if not word.strip():
            continue
        role = _ROLE_WORDS.get(word.strip().lower())
        if role is None:
            raise Invalid(_("There is no role “%(name)s”.", name=word.strip()[:40]))
        found.add(role)
    return frozenset(found - {Role.READER}) if words else None


def _is_active(words: str) -> bool | None:
    word = words.lower()
    if not word:
        return None
    if word not in YES | NO:
        raise Invalid(_("Say yes or no to whether somebody is still here, not “%(word)s”.", word=words[:40]))
    return word in YES
