"""The forms of worksheets: which rows and columns to print, which sheet to key, and its lines."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import ValidationError

from portal.access.acting import Level, acting
from portal.access.scope import lies_in
from portal.database import db
from portal.units.models import Unit
from portal.web.fields import Chips, Choice, ManyChips, TextLine
from portal.web.forms import Form
from portal.workflow.worksheets import WorksheetColumn, WorksheetKind
from portal.worksheets.codes import MOST_ROWS, read_sheet_code
from portal.worksheets.keying import Line
from portal.worksheets.models import Worksheet
from portal.worksheets.service import with_number

LINES = 10
LONGEST_TYPED = 200
MOST_COLUMNS = 4  # wider than that is no A4
MOST_UNITS = 300
FIRST_LEVELS = {Level.COUNTY: (Level.STREET,), Level.STREET: (Level.COMMUNITY, Level.GROUP)}


class SheetForm(Form):
    """What to print: where, which part of the list, which blank columns."""

    unit = Choice(_l("Area"), coerce=int, thing=_l("the area"))
    part = Chips(_l("Which ones"), thing=_l("which ones"))
    columns = ManyChips(_l("Columns to fill in"), thing=_l("the columns"))

    def __init__(self, kind: WorksheetKind) -> None:
        units, parts, columns = _units(), kind.choices(), kind.columns()
        asked = request.args.get("part")
        known = {
            "unit": units[0].id,
            "part": asked if asked in dict(parts) else parts[0][0],
            "columns": [column.name for column in columns[:MOST_COLUMNS]],
        }
        super().__init__(data=known)
        self.kind = kind
        self.subjects: Sequence[int] = ()
        self.units = {unit.id: unit for unit in units}
        self.unit.choices = [(unit.id, unit.full_name) for unit in units]
        self.part.choices = parts
        self.columns.choices = [(column.name, column.label) for column in columns]

    def validate_columns(self, field: ManyChips) -> None:
        """As many as an A4 has room for."""
        if len(field.data or ()) > MOST_COLUMNS:
            raise ValidationError(_("Choose at most %(most)s columns", most=MOST_COLUMNS))

    def validate(self, **kwargs: Any) -> bool:
        """Some rows, and not more than a sheet has codes for."""
        if not super().validate(**kwargs):
            return False
        self.subjects = self.kind.ids(self.part.data, self.chosen.place, MOST_ROWS + 1)
        if not self.subjects:
            self.unit.errors = [_("There is nothing to print: choose another part or another place")]
        elif len(self.subjects) > MOST_ROWS:
            self.unit.errors = [
                _("These are more than %(most)s rows: choose a smaller place", most=MOST_ROWS)
            ]
        return not self.errors

    @property
    def chosen(self) -> Unit:
        """The unit of a valid form."""
        return self.units[self.unit.data]


class NumberForm(Form):
    """The number of a sheet that has come back."""

    number = TextLine(
        _l("Number of the sheet"),
        limit=12,
        thing=_l("the number of the sheet"),
        hint=_l("It stands on top of every page: figures and a letter"),
        render_kw={"autocapitalize": "characters", "autofocus": True},
    )
    sheet: Worksheet | None = None

    def validate_number(self, field: TextLine) -> None:
        """One that there is, in one's own area."""
        number = read_sheet_code(field.data or "")
        if number is None:
            raise ValidationError(_("This is no number of a sheet: compare it with the paper"))
        self.sheet = with_number(number)
        if self.sheet is None:
            raise ValidationError(_("There is no such sheet for your area"))


class KeyForm(Form):
    """Ten lines of a sheet: a row's code and the value of one column. Emptied lines are passed over."""

    column = Chips(_l("Column"), thing=_l("the column"))

    def __init__(self, columns: list[WorksheetColumn], column: str | None) -> None:
        names = [one.name for one in columns]
        super().__init__(data={"column": column if column in names else names[0] if names else None})
        self.known = {one.name: one for one in columns}
        self.column.choices = [(one.name, one.label) for one in columns]
        self.lines = [_line(place) for place in range(LINES)]

    def validate(self, **kwargs: Any) -> bool:
        """Something must have been typed."""
        right = bool(super().validate(**kwargs))
        if right and all(line.is_empty for line in self.lines):
            self.lines[0].problem = _("Enter the code of a row and its value")
            return False
        return right

    @property
    def chosen(self) -> WorksheetColumn:
        """The column of a valid form, or the one offered first."""
        return self.known[self.column.data]

    @property
    def status(self) -> int:
        """422 as well where a line has to be mended."""
        return 422 if any(line.problem for line in self.lines) else super().status

    def problems(self) -> list[tuple[str, str]]:
        """For the summary on top, the lines by their numbers."""
        found = [
            (f"code{place}", _("Line %(number)s: %(problem)s", number=place + 1, problem=line.problem))
            for place, line in enumerate(self.lines)
            if line.problem
        ]
        return super().problems() + found


def _line(place: int) -> Line:
    """A line as it was sent; blank in a fresh form."""
    code, value = (request.form.get(f"{name}{place}", "")[:LONGEST_TYPED] for name in ("code", "value"))
    return Line(code, value, replace=bool(request.form.get(f"replace{place}")))


def _units() -> list[Unit]:
    """One's own unit and those below it, as far down as one sheet may need."""
    place = acting().place
    if place is None:
        return []
    own = db.session.get_one(Unit, place.unit_id)
    below = select(Unit).where(lies_in(Unit, place), Unit.id != own.id, Unit.closed_at.is_(None))
    if place.level in FIRST_LEVELS:
        below = below.where(Unit.level.in_(FIRST_LEVELS[place.level]))
    return [own, *db.session.scalars(below.order_by(Unit.full_name, Unit.id).limit(MOST_UNITS))]
