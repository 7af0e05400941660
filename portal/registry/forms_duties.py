"""What is typed to hand households over, to move them, to split a grid and to merge two."""

from typing import Any

from flask import request, url_for
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


def _reason() -> TextLine:
    return TextLine(_l("Reason"), limit=200, thing=_l("the reason"))


class Confirmed(Form):
    """A form whose effect is shown before it is done. ``count`` is how many households were shown."""

    count = HiddenLine("", optional=True)

    def validate_on_submit(self, **kwargs: Any) -> bool:
        """Not where somebody goes back from the effect to what was typed."""
        back = request.form.get("confirmed") == "change"
        return not back and bool(super().validate_on_submit(**kwargs))

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

    def way_into(self, part: Part | None) -> str:
        """The same page for what is in a part; None: for everything again."""
        known: dict[str, Any] = {**request.args, **(request.view_args or {})}
        known["way"] = [*request.args.getlist("way"), part.key] if part else []
        return url_for(str(request.endpoint), **known)


class HandOverForm(PartsForm):
    """To whom one person's households go; nothing ticked means all of them."""

    duty = Chips(
        _l("Responsible or deputy"), choices=list(DUTY_LABELS.items()), coerce=Duty, thing=_l("the duty")
    )
    to = Choice(_l("To whom"), coerce=int, thing=_l("the person who takes over"))
    reason = _reason()

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

    name = TextLine(
        lazy_pgettext("place", "Name"), thing=_l("a name"), limit=LONGEST_NAME, hint=_l("Like 三格")
    )
    parts = ManyChips(_l("Which households"), coerce=int, thing=_l("what the new grid is made of"))
    reason = _reason()

    def __init__(self, grid: Unit, all_parts: list[Part], households: int) -> None:
        super().__init__(all_parts)
        self._parent_id = grid.parent_id
        self._households = households

    def validate_name(self, field: Any) -> None:
        """A name that no neighbour has."""
        if name_is_taken(self._parent_id, field.data):
            raise ValidationError(_("There is a unit called %(name)s here already.", name=field.data))

    def validate(self, **kwargs: Any) -> bool:
        """Something goes, and something stays."""
        right = bool(super().validate(**kwargs))
        if self.parts.errors or len(self.ticked) < self._households:
            return right
        self.parts.errors = [str(NOTHING_TO_SPLIT)]
        return False


class IntoGrid(Confirmed):
    """To which grid of the same community."""

    into: Choice

    def offer(self, grids: list[tuple[int, str]]) -> None:
        """The grids to choose from."""
        self.into.choices = [("", _l("Choose")), *grids]

    @property
    def target(self) -> str:
        """The grid that was chosen."""
        return _label_of(self.into)


class MoveForm(PartsForm, IntoGrid):
    """Which households of a grid go to which other one."""

    into = Choice(_l("To which grid"), coerce=int, thing=_l("the grid"))
    parts = ManyChips(_l("Which households"), coerce=int, thing=_l("the households that move"))
    reason = _reason()


class MergeForm(IntoGrid):
    """The grid into which this one goes."""

    into = Choice(_l("Into which grid"), coerce=int, thing=_l("the grid"))
    reason = _reason()


def _label_of(field: Choice) -> str:
    return next(str(choice.label) for choice in field.choices if choice.value == field.data)


def in_words(worker: Worker) -> str:
    """钱小梅（志愿者，豫苑社区三组二格）."""
    return _(
        "%(name)s (%(title)s, %(unit)s)", name=worker.name, title=worker.title.label, unit=worker.unit_name
    )
