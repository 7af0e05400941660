"""A file of units, looked at alone: code, name, level, parent_code, a workbook or a text table.

Only county, street and community have division codes; groups and grids are opened on their community's page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.acting import Level
from portal.spreadsheets import reading as spreadsheet
from portal.spreadsheets.refusal import ORDINARY, Refusal
from portal.spreadsheets.rows import shown
from portal.units import rules
from portal.web.validators import is_unseen, tidy

COLUMNS = ("code", "name", "level", "parent_code")
LARGEST_FILE = ORDINARY.packed
LONGEST_NAME = 60
LEVELS = {str(level): level for level in rules.CODE_LENGTH}


@dataclass(frozen=True)
class Problem:
    """Why a file is refused. ``row`` as a spreadsheet counts them, from 1; None for the whole file."""

    row: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.row is None else _("Row %(row)s: %(what)s", row=self.row, what=self.what)


class NotImported(Exception):
    """The file is refused; nothing was written. ``problems`` is never empty."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One row of the file, each of its own sound."""

    number: int
    code: str
    name: str
    level: Level
    parent_code: str


def read(content: bytes) -> list[Row]:
    """The rows of the file; ``NotImported`` where it is no table, lacks a column or has a bad row."""
    try:
        first, *others = spreadsheet.read(content).rows
    except Refusal as refusal:
        raise NotImported([Problem(None, str(refusal.sentence))]) from refusal
    heading = [shown(cell).lower() for cell in first.cells]
    if problems := _of_heading(first.number, heading):
        raise NotImported(problems)
    found = [_row(row.number, [tidy(shown(cell)) for cell in row.cells], heading) for row in others]
    rows = [row for row in found if isinstance(row, Row)]
    bad = [problem for problem in found if isinstance(problem, Problem)] + _doubles(rows)
    if not rows and not bad:
        bad = [Problem(None, _("There are no units in the file, only the headings."))]
    if bad:
        raise NotImported(sorted(bad, key=lambda problem: problem.row or 0))
    return rows


def _of_heading(number: int, heading: list[str]) -> list[Problem]:
    missing = [name for name in COLUMNS if name not in heading]
    unknown = [name for name in heading if name not in COLUMNS]
    doubled = [name for name, times in Counter(heading).items() if times > 1 and name in COLUMNS]
    told = (
        (missing, _("Columns are missing: %(names)s", names=_list(missing))),
        (unknown, _("There are too many columns: %(names)s", names=_list(unknown))),
        (doubled, _("Columns come twice: %(names)s", names=_list(doubled))),
    )
    return [Problem(number, sentence) for names, sentence in told if names]


def _list(names: Iterable[str]) -> str:
    return ", ".join(name[:40] or "?" for name in list(names)[:8])


def _row(number: int, cells: list[str], heading: list[str]) -> Row | Problem:
    if len(cells) > len(heading):
        said = ngettext(
            "There is %(num)s cell, the heading has %(columns)s.",
            "There are %(num)s cells, the heading has %(columns)s.",
            len(cells),
            columns=len(heading),
        )
        return Problem(number, said)
    if any("\n" in cell for cell in cells):
        return Problem(number, _("The quotation marks do not match, or there are line breaks in a cell."))
    values = dict(zip_longest(heading, cells, fillvalue=""))
    level = LEVELS.get(values["level"].lower())
    if level is None:
        return Problem(
            number,
            _("Unknown level “%(level)s”: write county, street or community.", level=values["level"][:20]),
        )
    code, name, parent_code = values["code"], values["name"], values["parent_code"]
    wrong = (
        (not rules.is_code(code, level), _wrong_code(code, level)),
        (not name, _("The name is missing.")),
        (len(name) > LONGEST_NAME, _("The name is longer than %(limit)s characters.", limit=LONGEST_NAME)),
        (any(map(is_unseen, name)), _("There are hidden characters in the name, type it anew.")),
        (
            not parent_code and not rules.may_hang_under(level, None),
            _("The code of the unit above is missing."),
        ),
        (
            not rules.hangs_by_code(code, parent_code),
            _("The code does not begin with that of the unit above, %(code)s.", code=parent_code[:20]),
        ),
    )
    found = next((sentence for is_wrong, sentence in wrong if is_wrong), None)
    return Problem(number, found) if found else Row(number, code, name, level, parent_code)


def _wrong_code(code: str, level: Level) -> str:
    return _(
        "Wrong code “%(code)s”: it has %(digits)s digits here.",
        code=code[:20],
        digits=rules.CODE_LENGTH[level],
    )


def _doubles(rows: list[Row]) -> list[Problem]:
    problems = []
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for row in rows:
        if (first := codes.setdefault(row.code, row.number)) != row.number:
            problems.append(Problem(row.number, _("The code is that of row %(row)s too.", row=first)))
        elif (first := names.setdefault((row.parent_code, row.name), row.number)) != row.number:
            problems.append(Problem(row.number, _("The name is that of row %(row)s too.", row=first)))
    return problems
