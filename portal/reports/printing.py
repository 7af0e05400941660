"""A day's report on paper (A4), with the head of the audit trail, and as a workbook with a row for each unit below."""

from dataclasses import dataclass
from typing import IO, Any

from flask import Response
from flask_babel import force_locale

from portal.audit.chain import noted_head
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, day_in_words, moment_in_words
from portal.reports.kinds import ReportState
from portal.reports.looks import Day
from portal.reports.wording import STANDING_WORDS, nought_words, until_words
from portal.spreadsheets.writing import Column, Kind, write
from portal.units.installation import foot
from portal.workflow import figures

SHORT_DIGEST = 16


@dataclass(frozen=True)
class ReportSheet:
    """What the sheet says."""

    title: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[tuple[str, str, int, int, str], ...]], ...]
    noughts: str
    below: tuple[tuple[str, str, str], ...]
    supplements: tuple[tuple[str, str, str], ...]
    to_coordinate: str
    head: str
    foot: Foot


def sheet(shown: Day) -> Response:
    """The sheet as the answer to a request."""
    return printed(
        "reports/report.html", sheet_of(shown), file_name=f"report-{shown.day:%Y%m%d}-{shown.unit.id}"
    )


def sheet_of(shown: Day) -> ReportSheet:
    """What the sheet of a day says; the head is that of the trail when it is printed, to be compared later."""
    head = noted_head()
    with force_locale(CHINESE):
        return ReportSheet(
            title=f"{shown.unit.full_name}疫情防控日报告表",
            facts=_facts(shown),
            groups=tuple(
                (
                    heading,
                    tuple(
                        (str(one.figure.label), one.figure.unit, one.number, one.earlier, one.change)
                        for one in lines
                    ),
                )
                for heading, lines in shown.groups
            ),
            noughts=nought_words(shown),
            below=tuple(
                (
                    one.name,
                    STANDING_WORDS[one.standing] + ("（逾期）" if one.has_reported and one.is_late else ""),
                    moment_in_words(one.report.confirmed_at)
                    if one.has_reported and one.report and one.report.confirmed_at
                    else "",
                )
                for one in shown.below
            ),
            supplements=_supplements(shown),
            to_coordinate=shown.report.to_coordinate if shown.report else "",
            head=f"{head.position}:{head.digest}",
            foot=foot(),
        )


def workbook(shown: Day) -> IO[bytes]:
    """A row for the unit and one for each below it, a column for each figure; who has not reported has no numbers."""
    known = figures.figures()
    with force_locale(CHINESE):
        columns = [
            Column("单位"),
            Column("报告情况"),
            *(
                Column(f"{figure.heading} {figure.label}（{figure.unit}）", Kind.WHOLE)
                for figure in known.values()
            ),
        ]
        rows: list[list[Any]] = [
            ["合计", STANDING_WORDS[shown.standing], *(shown.numbers.get(code) for code in known)],
            *(
                [
                    one.name,
                    STANDING_WORDS[one.standing],
                    *(
                        one.report.told.get(code) if one.has_reported and one.report else None
                        for code in known
                    ),
                ]
                for one in shown.below
            ),
        ]
        title = f"{shown.unit.full_name} {day_in_words(shown.day)} 疫情防控日报告（{until_words(shown)}）"
        return write(columns, rows, title=title, sheet="日报告")


def _facts(shown: Day) -> tuple[tuple[str, str], ...]:
    clock, report = shown.clock, shown.report
    confirmed = report if report is not None and report.state is not ReportState.OPEN else None
    state = STANDING_WORDS[shown.standing]
    if confirmed and confirmed.is_late:
        state += "（逾期）"
    return (
        ("报告单位", shown.unit.full_name),
        ("报告日期", day_in_words(shown.day)),
        ("统计截止", moment_in_words(clock.cut_off_at) if clock else ""),
        ("报送时限", moment_in_words(clock.due_at) if clock else ""),
        ("报告情况", state),
        (
            "确认时间",
            moment_in_words(confirmed.confirmed_at) if confirmed and confirmed.confirmed_at else "",
        ),
        ("依据", report.order.number if report else clock.order.number if clock else ""),
        ("版本", str(report.version) if report else ""),
    )


def _supplements(shown: Day) -> tuple[tuple[str, str, str], ...]:
    known = figures.figures()
    return tuple(
        (
            moment_in_words(one.at) + ("（逾期补报）" if one.is_late else ""),
            "；".join(
                f"{known[code].heading}{known[code].label} {was}→{now}"
                for code, (was, now) in one.changes.items()
                if code in known
            ),
            one.reason,
        )
        for one in (shown.report.supplements if shown.report else ())
    )
