"""The coverage of a round on paper, for the meeting at eight: A4, nobody named. Paper is Chinese in both languages."""

from dataclasses import dataclass

from flask import Response
from flask_babel import force_locale

from portal.access.acting import Place
from portal.clock import now
from portal.database import db
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, moment_in_words
from portal.screenings import coverage, listing
from portal.screenings.coverage import Covered
from portal.screenings.models import ScreeningRound
from portal.units.installation import foot
from portal.units.models import Unit


@dataclass(frozen=True)
class CoverageSheet:
    """What the sheet says: a row for each unit right below, and their sum."""

    unit: str
    name: str
    state: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, Covered], ...]
    total: Covered
    found: tuple[tuple[str, int], ...]
    foot: Foot


def coverage_sheet(round_: ScreeningRound, place: Place) -> Response:
    """The sheet as the answer to a request."""
    return printed(
        "screenings/coverage.html",
        sheet_of(round_, place),
        file_name=f"screening-{round_.id}-{place.unit_id}",
    )


def sheet_of(round_: ScreeningRound, place: Place) -> CoverageSheet:
    """As far as the round is now."""
    with force_locale(CHINESE):
        return CoverageSheet(
            unit=db.session.get_one(Unit, place.unit_id).full_name,
            name=round_.name,
            state=listing.shown(round_, now()).label,
            facts=(
                ("开始", moment_in_words(round_.starts_at)),
                ("截止", moment_in_words(round_.deadline)),
                ("统计时点", moment_in_words(now())),
                ("依据", round_.order.number),
            ),
            rows=tuple((part.name, part.covered) for part in coverage.parts(round_, place)),
            total=coverage.of(round_, place),
            found=tuple((str(label), number) for label, number, _url in coverage.found_by_category(round_)),
            foot=foot(),
        )
