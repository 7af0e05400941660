"""晨会简报: the morning brief on one sheet of A4, people masked."""

from dataclasses import dataclass

from flask import Response
from flask_babel import force_locale

from portal.assessments.brief.looks import ASKED, Brief, brief
from portal.audit import service as audit
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, moment_in_words
from portal.units.installation import foot

MOST_CHANGES, MOST_FINDINGS = 24, 14


@dataclass(frozen=True)
class BriefSheet:
    """What the sheet says; ``more`` is how many lines found no room on it."""

    title: str
    at: str
    orders: str
    waiting: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str, str, int, int, int], ...]
    asked: int
    missing: tuple[str, ...]
    findings: tuple[tuple[str, str, str], ...]
    more: tuple[int, int]
    sought: str
    foot: Foot


def sheet(*, noted: bool) -> Response:
    """The sheet as the answer to a request; ``noted``: it goes to paper, which the trail keeps."""
    with force_locale(CHINESE):  # its words are made when it is computed
        shown = brief()
        document = sheet_of(shown)
    if noted:
        audit.record("brief.print", shown.unit)
    return printed("assessments/brief.html", document, file_name=f"brief-{shown.day:%Y%m%d}")


def sheet_of(shown: Brief) -> BriefSheet:
    """What the sheet of a brief says: as much as one page holds."""
    changes = [
        (
            str(one.figure.heading),
            str(one.figure.label),
            one.figure.unit,
            one.earlier,
            one.yesterday,
            one.today,
        )
        for one in shown.changes
    ]
    findings = [(found.kind.label, one.what, one.evidence) for found in shown.findings for one in found.lines]
    return BriefSheet(
        title=f"{shown.unit.full_name}晨会简报",
        at=moment_in_words(shown.at),
        orders="、".join(order.number for order in shown.orders),
        waiting=tuple((one.label, shown.waiting[one]) for one in ASKED),
        changes=tuple(changes[:MOST_CHANGES]),
        asked=shown.asked,
        missing=tuple(one.name for one in shown.missing),
        findings=tuple(findings[:MOST_FINDINGS]),
        more=(max(len(changes) - MOST_CHANGES, 0), max(len(findings) - MOST_FINDINGS, 0)),
        sought=moment_in_words(shown.sought_at) if shown.sought_at else "",
        foot=foot(),
    )
