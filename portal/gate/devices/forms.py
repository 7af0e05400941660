"""What is asked about phones, PINs and forgotten passes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.gate.devices import pins
from portal.gate.finding import MOST, Options
from portal.web.fields import Chips, Secret, TextLine
from portal.web.forms import Form

NOBODY = 0
SIX_FIGURES = {"inputmode": "numeric", "autocomplete": "off", "maxlength": pins.FIGURES}
END_REASONS = (_l("Lost"), _l("Broken"), _l("Goes to another gate"), _l("No longer needed"))


class PinForm(Form):
    """A PIN, twice."""

    pin = Secret(_l("PIN of six figures"), thing=_l("six figures"), autocomplete="off")
    again = Secret(_l("The same again"), thing=_l("the same six figures"), autocomplete="off")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in (self.pin, self.again):
            field.render_kw = SIX_FIGURES

    def validate_pin(self, field: Any) -> None:
        if len(field.data) != pins.FIGURES or not (field.data.isascii() and field.data.isdecimal()):
            raise ValidationError(_("Enter six figures"))
        if weak := pins.weakness(field.data):
            raise ValidationError(str(weak))

    def validate_again(self, field: Any) -> None:
        if field.data != self.pin.data:
            raise ValidationError(_("The two are not the same. Enter both once more."))


class ByHandForm(Form):
    """The pass of an event that could not be recorded."""

    code = TextLine(
        _l("Short code or serial number of the pass"), thing=_l("the code"), limit=20, narrow=True
    )


class MatchForm(Form):
    """Which of the passes found it was, or none; another address finds others."""

    address = TextLine(_l("Address"), thing=_l("the address"), limit=60)
    chosen = Chips(_l("Which one"), coerce=int, optional=True)

    def offer(self, options: Options) -> None:
        """What the address fits, at most ``MOST``. Without a choice the address is looked for again."""
        self.chosen.optional = False
        self.chosen.choices = [*options[:MOST], (NOBODY, _("None of these"))]
        if self.chosen.data not in (NOBODY, *dict(options[:MOST])):
            self.chosen.data = None
