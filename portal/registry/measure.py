"""What an order can switch on in the registry: asking who needs looking after. Without an order nobody is asked."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.orders.measures import MeasureKind, Parameters, Preset
from portal.orders.models import Order
from portal.registry.kinds import NEED_LABELS, Need
from portal.registry.needs import ITEM
from portal.web.fields import ManyChips
from portal.web.forms import Form


class NeedsForm(Form):
    """Which needs are asked for."""

    needs = ManyChips(
        _l("What is asked for"),
        choices=list(NEED_LABELS.items()),
        coerce=Need,
        thing=_l("what is asked for"),
        hint=_l("Ask only for what somebody will be helped with."),
    )


def parameters(form: Any) -> Parameters:
    """The needs in their usual order."""
    return {"needs": [need.value for need in Need if need in form.needs.data]}


def fill(form: Any, given: Parameters) -> None:
    """Show them again."""
    form.needs.data = [Need(need) for need in given["needs"]]


def describe(given: Parameters) -> Sequence[str]:
    """One sentence."""
    asked = _(", ").join(Need(need).label for need in given["needs"])
    return [_("Asked of households: %(needs)s", needs=asked)]


def presets(_item: str) -> Sequence[Preset]:
    """The groups that closed-off communities looked after first."""
    return [
        Preset(
            "cared_for",
            _l("Those who cannot go out for themselves"),
            "",
            {"needs": [need.value for need in Need]},
            ours=True,
        )
    ]


def preview(_order: Order, _item: str, _given: Parameters) -> str:
    """Asking changes nothing by itself."""
    return ""


MEASURE = MeasureKind(
    label=_l("Registry"),
    items={ITEM: _l("People who need looking after")},
    form=NeedsForm,
    parameters=parameters,
    fill=fill,
    describe=describe,
    presets=presets,
    preview=preview,
)
