"""What is typed about posting places."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.notices.postings import service
from portal.notices.postings.models import PostingPlace
from portal.web.fields import Chips, Choice, TextLine
from portal.web.forms import Form

# Where paper hangs in most communities. Names of places are Chinese in both languages.
USUAL = ("公告栏", "大门口", "楼栋单元门", "超市门口")
LONGEST_NAME = 60


class PlaceForm(Form):
    """A place: one of the usual names, or a name of its own."""

    unit = Choice(_l("Unit"), coerce=int, thing=_l("a unit"))
    usual = Chips(_l("Usual places"), optional=True, choices=[(name, name) for name in USUAL])
    name = TextLine(
        _l("Name of the place"),
        optional=True,
        limit=LONGEST_NAME,
        hint=_l("So that somebody new finds it, like “notice board, gate of no. 3”"),
    )

    def __init__(
        self, units: Sequence[tuple[int, str]], place: PostingPlace | None = None, **kwargs: Any
    ) -> None:
        super().__init__(obj=place, **kwargs)
        self._place = place
        if place is not None:
            del self.unit, self.usual
        else:
            self.unit.choices = [*([("", _l("Choose"))] if len(units) > 1 else []), *units]
        self.name.optional = False

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two names is needed, and no other place here may have it."""
        if super().validate(extra_validators):
            if not self.chosen:
                self.name.errors = [_("Choose a usual place or write a name")]
            elif self._is_taken():
                sentence = _("There is a posting place called %(name)s here already.", name=self.chosen)
                self.name.errors = [sentence]
        return not self.errors

    @property
    def chosen(self) -> str:
        """The name: a written one goes before a usual one."""
        usual = self.usual.data if "usual" in self else ""
        return self.name.data or usual or ""

    def _is_taken(self) -> bool:
        if self._place is None:
            return service.name_is_taken(self.unit.data, self.chosen)
        return self.chosen != self._place.name and service.name_is_taken(self._place.unit_id, self.chosen)
