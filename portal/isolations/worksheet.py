"""The worksheet of health checks: one row a person, two columns a day, to be carried round and keyed afterwards.

A value is a temperature and, after it, the figures of symptoms: 36.5, or 37.6 1 3.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.access.acting import Place
from portal.access.policy import May
from portal.access.scope import lies_in
from portal.clock import now, today
from portal.database import db
from portal.isolations import checks, rules
from portal.isolations.checks import Taken
from portal.isolations.kinds import Method, Slot, Symptom
from portal.isolations.listing import Filters, Show
from portal.isolations.models import Isolation
from portal.registry.addresses import address_of
from portal.registry.models import ADDRESS, Household, Resident
from portal.web.errors import Refused
from portal.web.formats import day as day_words
from portal.web.formats import mask_name
from portal.web.temperatures import degrees, tenths
from portal.workflow.worksheets import WorksheetColumn, WorksheetKind, WorksheetLine, WrongValue

HEADINGS = {Slot.MORNING: "早", Slot.EVENING: "晚"}
FIGURES = {str(number): symptom for number, symptom in enumerate(Symptom, 1)}
HINT = "℃，有症状再写：1干咳 2乏力 3咽痛 4嗅味觉 5腹泻 6其他"
NOTED = "纸表补录，未记测量时间"  # data, as paper says it
PARTS = (Show.OPEN, Show.DUE, Show.MISSED)
A_MINUTE = timedelta(minutes=1)


def columns() -> list[WorksheetColumn]:
    """Today's and tomorrow's two checks; those of yesterday can still be keyed."""
    days = (today(), today() + rules.A_DAY, today() - rules.A_DAY)
    return [_column(which, slot) for which in days for slot in Slot]


def choices() -> list[tuple[str, Any]]:
    """Everybody who is isolated, or those who still need a check."""
    return [(one.value, one.label) for one in PARTS]


def ids(choice: str, place: Place, most: int) -> Sequence[int]:
    """Who is isolated in a place, in the order in which people walk."""
    filters = Filters(now())
    found = (
        select(Isolation.id)
        .join(Household, Household.id == Isolation.household_id)
        .where(lies_in(Isolation, place), filters.of(Show(choice)), filters.of(Show.OPEN))
    )
    walk = (Household.address_key, Household.id, Isolation.id)
    return db.session.scalars(found.order_by(*walk).limit(most)).all()


def lines(ids: Sequence[int]) -> Iterator[WorksheetLine]:
    """Each person with the address."""
    wanted = (
        select(
            Isolation.id,
            Isolation.unit_id,
            Resident.name,
            *ADDRESS,
        )
        .join(Resident, Resident.id == Isolation.resident_id)
        .join(Household, Household.id == Isolation.household_id)
        .where(Isolation.id.in_(ids))
    )
    found = {row.id: row for row in db.session.execute(wanted)}
    for row in (found[id_] for id_ in ids if id_ in found):
        where = address_of(row)
        yield WorksheetLine(row.id, row.unit_id, where, mask_name(row.name))


def find(id_: int) -> Isolation | None:
    """An isolation of one's own scope."""
    return db.session.get(Isolation, id_)


def read(typed: str) -> str:
    """36.5 or 37.6 1 3, as it is kept."""
    first, *marks = typed.split()[:1] + list("".join(typed.split()[1:])) or [""]
    try:
        temperature = degrees(tenths(first))
    except ValueError as wrong:
        raise WrongValue(str(wrong)) from None
    known = [figure for figure in FIGURES if figure in marks]
    if set(marks) - set(known) - set("、，,.;"):
        raise WrongValue(_l("After the temperature only the figures of the symptoms: %(hint)s", hint=HINT))
    return " ".join((temperature, *known))


def shown(text: str) -> str:
    """36.5 ℃, dry cough"""
    temperature, *figures = text.split()
    return _(", ").join((f"{temperature} ℃", *(FIGURES[figure].label for figure in figures)))


def _column(which: date, slot: Slot) -> WorksheetColumn:
    return WorksheetColumn(
        f"{slot.value}-{which.isoformat()}",
        f"{which.month}月{which.day}日{HEADINGS[slot]}",
        _l("%(day)s, %(slot)s", day=day_words(which), slot=slot.label),
        read,
        _writer(which, slot),
        shown,
        HINT,
    )


def _writer(which: date, slot: Slot) -> Callable[[Isolation, str], None]:
    """The paper says no time: before the cut-off, or now where that is still to come."""

    def write(isolation: Isolation, text: str) -> None:
        if which > today():
            raise Refused(_l("This check lies in the future: it is keyed on its day."))
        temperature, *figures = text.split()
        due = rules.cut_off(checks.rule_of(isolation), which, slot)
        taken = Taken(
            slot,
            max(min(due - A_MINUTE, now()), isolation.starts_at),
            tenths(temperature),
            tuple(FIGURES[figure].value for figure in figures),
            Method.DOOR,
            NOTED,
        )
        present = checks.in_slot(isolation, which, slot)
        if present is None:
            checks.enter(isolation, taken)
        elif not _says_the_same(present.temperature, present.symptoms, taken):
            raise Refused(checks.was_entered(present))

    return write


def _says_the_same(temperature: int, symptoms: list[str], taken: Taken) -> bool:
    return temperature == taken.temperature and set(symptoms) == set(taken.symptoms)


WORKSHEETS = {
    "isolation_checks": WorksheetKind(
        _l("Health checks of the isolated"),
        "隔离人员体温监测登记表",
        May.CARE_FOR_ISOLATED,
        columns,
        choices,
        ids,
        lines,
        find,
    )
}
