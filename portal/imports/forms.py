"""The form of a run, made of the questions its importer asks and of the columns its table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from markupsafe import Markup
from wtforms import Field, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from portal.core.forms import Form
from portal.core.importing import Importer
from portal.imports.models import ImportRun

CHOICE, COLUMN = "choice_", "column_"
PLACE = "\x00"


class FileForm(Form):
    """What is to be imported."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file first."))])


class RunForm(Form):
    """What was chosen for a run; its fields are added by `of`."""

    headings: tuple[str, ...] = ()
    known_words: Mapping[str, Sequence[str]] = {}
    """By field: what is offered while it is typed."""

    @property
    def choices(self) -> dict[str, str]:
        return {name.removeprefix(CHOICE): field.data or "" for name, field in self._of(CHOICE).items()}

    @property
    def columns(self) -> dict[str, str]:
        found = self._of(COLUMN)
        return {heading: found[f"{COLUMN}{n}"].data or "" for n, heading in enumerate(self.headings)}

    def _of(self, prefix: str) -> dict[str, Any]:
        return {name: field for name, field in self._fields.items() if name.startswith(prefix)}

    @property
    def choice_fields(self) -> list[Field]:
        return list(self._of(CHOICE).values())

    @property
    def column_fields(self) -> list[Field]:
        return list(self._of(COLUMN).values())


def _theirs(words: str) -> Markup:
    """Return words of the file, marked as such: they may run in another direction."""
    return Markup("<bdi>{}</bdi>").format(words)


def _example(cell: str) -> Markup:
    if not cell:
        return Markup("")
    before, _place, after = _("such as “%(example)s”", example=PLACE).partition(PLACE)
    return Markup("{}{}{}").format(before, _theirs(cell), after)


def of(importer: Importer, run: ImportRun, *, is_sent: bool, examples: Mapping[str, str]) -> RunForm:
    """Return the form of a run, filled in with what was chosen so far or with what was sent."""
    fields: dict[str, Any] = {"headings": tuple(run.columns)}
    data: dict[str, str] = {}
    known_words = fields["known_words"] = {}
    for choice in importer.choices:
        name = f"{CHOICE}{choice.name}"
        data[name] = run.choices.get(choice.name, choice.default)
        if choice.options is None:
            fields[name] = StringField(choice.label, [Length(max=254)], description=choice.hint)
            if choice.known is not None:
                known_words[name] = tuple(choice.known())
        else:
            options = [SelectChoice(value, label) for value, label in choice.options()]
            fields[name] = SelectField(choice.label, choices=options, description=choice.hint)
    known = [SelectChoice("", _("Leave out")), *(SelectChoice(c.name, c.label) for c in importer.columns)]
    for n, (heading, field) in enumerate(run.columns.items()):
        data[f"{COLUMN}{n}"] = field
        fields[f"{COLUMN}{n}"] = SelectField(
            _theirs(heading or "—"), choices=known, description=_example(examples.get(heading, ""))
        )
    made = type("RunForm", (RunForm,), fields)
    form: RunForm = made() if is_sent else made(formdata=None, data=data)
    return form
