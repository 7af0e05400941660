"""The ledger of key persons on paper: A4 lying, names and numbers masked. Paper is Chinese in both languages."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import force_locale

from portal.clock import local, now
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, moment_in_words
from portal.screenings.keypersons import listing
from portal.screenings.keypersons.exporting import COLUMNS, rows
from portal.screenings.keypersons.listing import Show
from portal.units.installation import foot
from portal.units.models import Unit

MOST_ROWS = 500
YEAR = re.compile(r"\d{4}-")
ON_PAPER = (
    "name", "sex", "age", "phone", "address", "grid", "category", "origin", "arrived_at", "transport", "contact",
    "health", "measure", "period", "responsible", "noted_by", "created_at", "conclusion",
)  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """What the sheets say."""

    unit: str
    part: str
    as_of: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int
    foot: Foot


def ledger(unit: Unit, show: Show) -> Response:
    """The ledger as the answer to a request."""
    return printed("screenings/ledger.html", ledger_of(unit, show), file_name=f"key-persons-{unit.id}")


def ledger_of(unit: Unit, show: Show) -> Ledger:
    """The first MOST_ROWS of a filter: whoever needs more takes the export."""
    columns = [column for column in COLUMNS if column.name in ON_PAPER]
    ids = listing.ids(show.value, MOST_ROWS + 1)
    with force_locale(CHINESE):
        return Ledger(
            unit=unit.full_name,
            part=show.label,
            as_of=moment_in_words(now()),
            headings=tuple(column.heading for column in columns),
            rows=tuple(
                tuple(_cell(column.name, column.told(row, in_full=False)) for column in columns)
                for row in rows(ids[:MOST_ROWS])
            ),
            more=max(0, len(ids) - MOST_ROWS),
            foot=foot(),
        )


def _cell(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%m-%d %H:%M}"
    if name == "period":
        return YEAR.sub("", value)  # so that a day stands on one line
    return "" if value is None else str(value)
