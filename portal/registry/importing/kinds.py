"""What an import and each of its rows can be."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class ImportState(StrEnum):
    """Where an import stands."""

    READING = "reading"
    ASKING = "asking"
    REFUSED = "refused"
    PREVIEW = "preview"
    CONFIRMING = "confirming"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def label(self) -> str:
        return str(STATE_LABELS[self])

    @property
    def look(self) -> str:
        """How a badge of it looks."""
        return STATE_LOOKS.get(self, "nil")

    @property
    def is_open(self) -> bool:
        """Whether its file is still being worked at: nothing has been written into the registry."""
        return self not in (ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)


class Outcome(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return str(OUTCOME_LABELS[self])


class Choice(StrEnum):
    """What is to become of a row."""

    TAKE = "take"
    LEAVE = "leave"
    SAME_PERSON = "same_person"
    NEW_PERSON = "new_person"

    @property
    def label(self) -> str:
        return str(CHOICE_LABELS[self])


class Why(StrEnum):
    """By what a row was found to be about somebody who is registered already."""

    OTHER_NAME = "other_name"
    OTHER_HOME = "other_home"
    OTHER_NUMBER = "other_number"
    PHONE_AND_NAME = "phone_and_name"
    PHONE_AND_HOME = "phone_and_home"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        return str(WHY_LABELS[self])


STATE_LABELS: dict[ImportState, Any] = {
    ImportState.READING: _l("being read"),
    ImportState.ASKING: _l("columns to be named"),
    ImportState.REFUSED: _l("cannot be read"),
    ImportState.PREVIEW: _l("to be confirmed"),
    ImportState.CONFIRMING: _l("being written"),
    ImportState.DONE: _l("imported"),
    ImportState.UNDOING: _l("being undone"),
    ImportState.UNDONE: _l("undone"),
}
STATE_LOOKS = {
    ImportState.ASKING: "look",
    ImportState.PREVIEW: "look",
    ImportState.REFUSED: "no",
    ImportState.DONE: "ok",
}
OUTCOME_LABELS: dict[Outcome, Any] = {
    Outcome.NEW: _lp("rows", "New"),
    Outcome.CHANGED: _lp("rows", "Changed"),
    Outcome.SAME: _lp("rows", "Same"),
    Outcome.DUPLICATE: _lp("rows", "Probably registered"),
    Outcome.OUTSIDE: _lp("rows", "Outside my area"),
    Outcome.WRONG: _lp("rows", "To be mended"),
}
CHOICE_LABELS: dict[Choice, Any] = {
    Choice.TAKE: _l("Take it over"),
    Choice.LEAVE: _l("Do not import it"),
    Choice.SAME_PERSON: _l("The same person"),
    Choice.NEW_PERSON: _l("Somebody else"),
}
WHY_LABELS: dict[Why, Any] = {
    Why.OTHER_NAME: _l("The same document number, under another name"),
    Why.OTHER_HOME: _l("The same document number, at another address"),
    Why.OTHER_NUMBER: _l("The same name and address, with another document number"),
    Why.PHONE_AND_NAME: _l("The same phone and name, at another address"),
    Why.PHONE_AND_HOME: _l("The same phone and address, under another name"),
    Why.ELSEWHERE: _l("This document number is registered in another place"),
}
CHOICES = {
    Outcome.CHANGED: (Choice.TAKE, Choice.LEAVE),
    Outcome.DUPLICATE: (Choice.SAME_PERSON, Choice.NEW_PERSON, Choice.LEAVE),
}


def choices(outcome: Outcome, why: Why | None) -> tuple[Choice, ...]:
    """What may be chosen for a row: somebody in another place cannot be taken for the same person from here."""
    offered = CHOICES.get(outcome, ())
    return tuple(one for one in offered if why is not Why.ELSEWHERE or one is not Choice.SAME_PERSON)
