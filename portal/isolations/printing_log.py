"""体温监测登记表: one line a day with both temperatures, on A4."""

from dataclasses import dataclass
from datetime import date

from flask import Response
from flask_babel import force_locale

from portal.clock import local
from portal.isolations import checks, rules
from portal.isolations.kinds import Slot, Symptom
from portal.isolations.models import HealthCheck, Isolation
from portal.isolations.printing import MEASURES, number_of, period_of
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE
from portal.registry.serving import names_of
from portal.units.installation import foot
from portal.web.temperatures import degrees


@dataclass(frozen=True)
class LogCell:
    """One slot of the log: 08:10 36.5 上门."""

    time: str = ""
    temperature: str = ""
    second: str = ""
    how: str = ""


@dataclass(frozen=True)
class LogRow:
    """One day of the log."""

    number: int
    day: str
    cells: tuple[LogCell, LogCell]
    symptoms: str
    by: str


@dataclass(frozen=True)
class Log:
    """体温监测登记表"""

    number: str
    measure: str
    name: str
    address: str
    period: str
    threshold: str
    rows: tuple[LogRow, ...]
    foot: Foot


def log(isolation: Isolation) -> Response:
    """The temperature log as the answer to a request."""
    return printed("isolations/log.html", log_of(isolation), file_name=f"isolation-{isolation.id}-log")


def log_of(isolation: Isolation) -> Log:
    """The log of all days, those to come empty, to be written in by hand."""
    there: dict[rules.SlotOfDay, list[HealthCheck]] = {}
    for check in checks.counted(isolation):
        there.setdefault((check.day, check.slot), []).append(check)
    first = rules.first_whole_day(isolation.starts_at)
    days = [first + number * rules.A_DAY for number in range(_days_on_log(isolation))]
    days = sorted({*days, *(day for day, _slot in there)})
    rule = checks.rule_of(isolation)
    names = names_of({check.by_id for some in there.values() for check in some})
    return Log(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        name=isolation.resident.name,
        address=isolation.place or isolation.household.address,
        period=period_of(isolation),
        threshold=degrees(rule.threshold),
        rows=tuple(_row(day, (day - first).days + 1, there, names) for day in days),
        foot=foot(),
    )


def _row(
    day: date, number: int, there: dict[rules.SlotOfDay, list[HealthCheck]], names: dict[int, str]
) -> LogRow:
    found = [there.get((day, slot), []) for slot in Slot]
    by = dict.fromkeys(names.get(check.by_id or 0, "") for some in found for check in some)
    with force_locale(CHINESE):
        symptoms = "、".join(
            dict.fromkeys(Symptom(one).label for some in found for check in some for one in check.symptoms)
        )
        cells = [_cell(some) for some in found]
    return LogRow(max(number, 0), f"{day.month}月{day.day}日", (cells[0], cells[1]), symptoms, "、".join(by))


def _cell(some: list[HealthCheck]) -> LogCell:
    if not some:
        return LogCell()
    first, *later = sorted(some, key=lambda check: (check.is_second, check.id))
    return LogCell(
        f"{local(first.taken_at):%H:%M}",
        degrees(first.temperature),
        "、".join(degrees(one.temperature) for one in later),
        first.method.label,
    )


def _days_on_log(isolation: Isolation) -> int:
    whole = rules.days_in_all(isolation.starts_at, isolation.ends_at)
    if isolation.ended_at is None:
        return whole
    passed = (local(isolation.ended_at).date() - rules.first_whole_day(isolation.starts_at)).days + 1
    return max(0, min(whole, passed))
