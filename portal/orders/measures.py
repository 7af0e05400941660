"""What an order can switch on. Each area declares one ``MeasureKind``; orders know none of them by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.access.guard import contributed
from portal.orders.models import Order
from portal.web.forms import Form

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Preset:
    """Parameters to start from. ``code`` is stable, ``name`` lazy, ``source`` who used them and when (data).

    ``ours``: what the source doesn't say is our proposal.
    """

    code: str
    name: Any
    source: str
    parameters: Parameters
    ours: bool = False


@dataclass(frozen=True)
class MeasureKind:
    """What an area declares: ``area.contributes["measure"] = MeasureKind(…)``.

    ``label`` names the kind (lazy: "Passes"), ``items`` what can be switched on (value → lazy label); where ``items``
    ``say_all``, an item is named without its kind.
    ``form`` asks for the parameters of any item. All that can be wrong is found by its validators:
    ``parameters(form)`` makes plain JSON values of a valid form, ``fill(form, parameters)`` shows them again.
    ``describe(parameters)`` says them in words, one sentence each, the shortest account first.
    ``presets(item)`` are offered as starting points.
    ``preview(order, item, parameters)`` says what would happen if the (draft) order took force with these
    parameters ("312 passes would lapse"); empty if nothing would.
    """

    label: Any
    items: Mapping[str, Any]
    form: type[Form]
    parameters: Callable[[Any], Parameters]
    fill: Callable[[Any, Parameters], None]
    describe: Callable[[Parameters], Sequence[str]]
    presets: Callable[[str], Sequence[Preset]]
    preview: Callable[[Order, str, Parameters], str]
    say_all: bool = False


def kinds() -> dict[str, MeasureKind]:
    """What the areas of this installation can switch on: area name → kind."""
    return dict(contributed("measure"))


def kind_of(area: str) -> MeasureKind:
    """The kind that this area declared; LookupError if it declared none."""
    return kinds()[area]
