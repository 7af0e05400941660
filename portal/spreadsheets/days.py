"""Dates, in the ways in which people and Excel write them."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

from portal.spreadsheets.reading import Cell
from portal.spreadsheets.values import NOTHING, WrongCell, plain_text

SERIAL_ZERO = date(1899, 12, 30)  # Excel counts days from here, for every day after February 1900
SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2099-12-31; fewer figures are more likely a year or a slip
YEARS = range(1800, 2100)  # the made-up people of a rehearsal were born before 1900
CLOCK = r"(?:(?:[T\s]+|(?<=[日号]))\d{1,2}[:时]\d{1,2}(?:[:分]\d{0,2}(?:\.\d+)?)?[分秒]?)?"
WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
WITH_MARKS = re.compile(
    rf"(\d{{4}})\s*[-/.年、—]\s*(\d{{1,2}})\s*[-/.月、—]\s*(\d{{1,2}})\s*[日号]?{WEEKDAY}{CLOCK}"
)
WITHOUT_MARKS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
YEAR_ALONE = re.compile(r"(\d{4})\s*年?(?:\.0+)?")
YEAR_AND_MONTH = re.compile(r"(\d{4})\s*(?:[-/.年]\s*\d{1,2}\s*月?|\d{2})")
MONTH_AND_DAY = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
SHORT_YEAR = re.compile(r"'?\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
YEAR_LAST = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}")

# The first that fits says what is missing.
UNCLEAR = (
    (MONTH_AND_DAY, _l("Write the year as well, like 2020-02-04.")),
    (YEAR_ALONE, _l("Write the month and the day as well, like 2020-02-04.")),
    (YEAR_AND_MONTH, _l("Write the day as well, like 2020-02-04.")),
    (SHORT_YEAR, _l("Write the year with four figures, like 2020-02-04.")),
    (YEAR_LAST, _l("Write the year first, then month and day, like 2020-02-04.")),
)
NO_DATE = _l("Enter a date here, like 2020-02-04.")


def day(cell: Cell) -> date | None:
    """2020-02-04, 2020/2/4, 2020.2.4, 20200204, 2020年2月4日 or Excel's 43865, as text, number or date.

    ``WrongCell`` where the year, month or day is missing or it's unclear which is which, and for days that no
    calendar has.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    written = unicodedata.normalize("NFKC", plain_text(cell)).strip()
    if written in NOTHING:
        return None
    if parts := WITH_MARKS.fullmatch(written) or WITHOUT_MARKS.fullmatch(written):
        return _made_of(int(parts[1]), int(parts[2]), int(parts[3]))
    if (serial := SERIAL.fullmatch(written)) and int(serial[1]) in SERIALS:
        return SERIAL_ZERO + timedelta(days=int(serial[1]))
    for pattern, sentence in UNCLEAR:
        if pattern.fullmatch(written):
            raise WrongCell(sentence)
    raise WrongCell(NO_DATE)


def _made_of(year: int, month: int, number: int) -> date:
    try:
        return _in_range(date(year, month, number))
    except ValueError as error:
        raise WrongCell(_l("There is no such day. Enter a date like 2020-02-04.")) from error


def _in_range(found: date) -> date:
    if found.year not in YEARS:
        raise WrongCell(
            _l("The year %(year)s cannot be right. Enter a date like 2020-02-04.", year=found.year)
        )
    return found
