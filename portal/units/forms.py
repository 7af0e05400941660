"""What is typed about units and checkpoints."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms.validators import ValidationError

from portal.access.acting import Level
from portal.units import rules, service
from portal.units.models import LEVEL_LABELS, Checkpoint, Unit
from portal.units.reading import LONGEST_NAME
from portal.web.fields import Chips, PhoneLine, TextBox, TextLine, Tick, Upload
from portal.web.forms import Form

LONGEST_GATE = 40


class NamedUnit(Form):
    """A name that no neighbour has."""

    name = TextLine(lazy_pgettext("place", "Name"), thing=_l("a name"), limit=LONGEST_NAME)

    def __init__(self, parent_id: int | None, own_name: str = "", **kwargs: Any) -> None:
        self._parent_id, self._own_name = parent_id, own_name
        super().__init__(**kwargs)

    def validate_name(self, field: Any) -> None:
        if field.data != self._own_name and service.name_is_taken(self._parent_id, field.data):
            raise ValidationError(_("There is a unit called %(name)s here already.", name=field.data))


class NewUnitForm(NamedUnit):
    """A unit under another one, or at the top. Only levels that have division codes are asked for one."""

    level = Chips(_l("Level"), thing=_l("a level"))
    code = TextLine(
        _l("Division code"), optional=True, narrow=True, limit=12, hint=_l("From the statistical register")
    )

    def __init__(self, parent: Unit | None) -> None:
        super().__init__(parent.id if parent else None)
        offered = [level for level in Level if rules.may_hang_under(level, parent.level if parent else None)]
        self.level.choices = [(str(level), LEVEL_LABELS[level]) for level in offered]
        if len(offered) == 1:
            self.chosen: Level | None = offered[0]
            del self.level
        else:
            self.chosen = Level(self.level.data) if self.level.data in offered else None
        if not rules.CODE_LENGTH.keys() & set(offered):
            del self.code

    def validate_code(self, field: Any) -> None:
        if self.chosen and not rules.is_code(field.data, self.chosen):
            digits = rules.CODE_LENGTH[self.chosen]
            raise ValidationError(_("Enter a code of %(digits)s digits", digits=digits))
        if service.code_is_taken(field.data):
            raise ValidationError(_("The code %(code)s is in use already.", code=field.data))


class UnitForm(NamedUnit):
    """What can be changed about a unit."""

    duty_phone = PhoneLine(
        _l("Duty phone"), optional=True, hint=_l("It is printed on the notice board, for everybody to read")
    )

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit.parent_id, unit.name, obj=unit)


class CheckpointForm(Form):
    """A gate."""

    name = TextLine(lazy_pgettext("place", "Name"), thing=_l("a name"), limit=LONGEST_GATE)
    open_to_vehicles = Tick(_l("Vehicles may pass here"))
    neighbour = TextLine(
        _l("Township across the boundary"),
        optional=True,
        limit=LONGEST_GATE,
        hint=_l("Only for a gate that stands at a boundary"),
    )

    def __init__(self, unit_id: int, checkpoint: Checkpoint | None = None) -> None:
        self._unit_id, self._own_name = unit_id, checkpoint.name if checkpoint else ""
        super().__init__(obj=checkpoint)

    def validate_name(self, field: Any) -> None:
        if field.data != self._own_name and service.gate_name_is_taken(self._unit_id, field.data):
            raise ValidationError(_("There is a checkpoint called %(name)s here already.", name=field.data))

    @property
    def about(self) -> dict[str, Any]:
        """What is said of the gate besides its name."""
        return {"open_to_vehicles": self.open_to_vehicles.data, "neighbour": self.neighbour.data}


class CloseForm(Form):
    """Why a gate is closed."""

    reason = TextBox(_l("Reason"), thing=_l("a reason"), limit=200)


class FileForm(Form):
    """A file of units."""

    file = Upload(_l("File"), thing=_l("a file"), accept=".xlsx,.csv")
