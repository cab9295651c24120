"""What a token lets a program do, beside what its owner may: a token can only ever do less."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Scope(StrEnum):
    """One thing a token may be good for."""

    READ = "read"
    WRITE = "write"
    FEEDBACK = "feedback"
    QUESTIONS = "questions"
    TICKETS = "tickets"
    PEOPLE = "people"
    SURVEYS = "surveys"
    GOALS = "goals"


WORDS = {
    Scope.READ: _l("Search, and read articles"),
    Scope.WRITE: _l("Write articles and publish them"),
    Scope.FEEDBACK: _l("Say whether an article helped, and read what others said"),
    Scope.QUESTIONS: _l("Read questions, ask, answer, and say which answer helped"),
    Scope.TICKETS: _l("Hand things over, and read and work the tickets one sees"),
    Scope.PEOPLE: _l("See, add, change and deactivate people"),
    Scope.SURVEYS: _l("Read what closed surveys say"),
    Scope.GOALS: _l("Read goals and interventions, and how each stands"),
}

LEAST = frozenset({Scope.READ})
