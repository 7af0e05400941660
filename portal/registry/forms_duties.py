"""What is typed to hand households over, to split a grid and to merge two."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext
from wtforms.validators import ValidationError

from portal.registry.kinds import DUTY_LABELS, Duty
from portal.registry.parts import Part, ids_of
from portal.registry.redrawing import NOTHING_TO_SPLIT
from portal.registry.serving import Worker
from portal.units.models import Unit
from portal.units.reading import LONGEST_NAME
from portal.units.service import name_is_taken
from portal.web.fields import Chips, Choice, HiddenLine, ManyChips, TextLine
from portal.web.forms import Form


class Confirmed(Form):
    """A form whose effect is shown before it is done. ``count`` is how many households were shown."""

    reason = TextLine(_l("Reason"), limit=200, thing=_l("the reason"))
    count = HiddenLine("", optional=True)

    def effect(self, households: int) -> str:
        """How many households it is about, in words."""
        return ngettext("%(num)s household", "%(num)s households", households)

    def is_confirmed(self, pressed: str, households: int) -> bool:
        """Whether somebody has seen the effect and pressed the button, and nothing has changed meanwhile."""
        seen = pressed == "yes" and self.count.data == str(households)
        self.count.data = str(households)
        return seen


class PartsForm(Confirmed):
    """Which households: ticked by building or by door; nothing ticked where that means all."""

    parts = ManyChips(_l("Which households"), coerce=int, optional=True)

    def __init__(self, all_parts: list[Part], **known: Any) -> None:
        super().__init__(**known)
        self.all_parts = all_parts
        self.parts.choices = [(part.key, part.label) for part in all_parts]

    @property
    def ticked(self) -> list[int]:
        """The households of what was ticked."""
        return ids_of(self.all_parts, self.parts.data or [])


class HandOverForm(PartsForm):
    """To whom one person's households go; nothing ticked means all of them."""

    duty = Chips(
        _l("Responsible or deputy"), choices=list(DUTY_LABELS.items()), coerce=Duty, thing=_l("the duty")
    )
    to = Choice(_l("To whom"), coerce=int, thing=_l("the person who takes over"))

    def __init__(self, all_parts: list[Part], workers: list[Worker], **known: Any) -> None:
        super().__init__(all_parts, **known)
        self.to.choices = [("", _l("Choose")), *((one.account_id, in_words(one)) for one in workers)]

    @property
    def successor(self) -> str:
        """Who takes over, in words."""
        return _label_of(self.to)

    @property
    def chosen(self) -> list[int]:
        """The households that are handed over."""
        return self.ticked or [id_ for part in self.all_parts for id_ in part.ids]


class SplitForm(PartsForm):
    """The name of the new grid, and what it is made of."""

    parts = ManyChips(_l("Which households"), coerce=int, thing=_l("what the new grid is made of"))
    name = TextLine(
        lazy_pgettext("place", "Name"), thing=_l("a name"), limit=LONGEST_NAME, hint=_l("Like 三格")
    )

    def __init__(self, grid: Unit, all_parts: list[Part]) -> None:
        super().__init__(all_parts)
        self._parent_id = grid.parent_id

    def validate_name(self, field: Any) -> None:
        """A name that no neighbour has."""
        if name_is_taken(self._parent_id, field.data):
            raise ValidationError(_("There is a unit called %(name)s here already.", name=field.data))

    def validate(self, **kwargs: Any) -> bool:
        """Something goes, and something stays."""
        right = bool(super().validate(**kwargs))
        if self.parts.errors or len(self.ticked) < sum(len(part.ids) for part in self.all_parts):
            return right
        self.parts.errors = [str(NOTHING_TO_SPLIT)]
        return False


class MergeForm(Confirmed):
    """The grid into which this one goes."""

    into = Choice(_l("Into which grid"), coerce=int, thing=_l("the grid"))

    def __init__(self, grids: list[tuple[int, str]]) -> None:
        super().__init__()
        self.into.choices = [("", _l("Choose")), *grids]

    @property
    def target(self) -> str:
        """The grid that was chosen."""
        return _label_of(self.into)


def _label_of(field: Choice) -> str:
    return next(str(choice.label) for choice in field.choices if choice.value == field.data)


def in_words(worker: Worker) -> str:
    """钱小梅（志愿者，豫苑社区三组二格）."""
    return _(
        "%(name)s (%(title)s, %(unit)s)", name=worker.name, title=worker.title.label, unit=worker.unit_name
    )
