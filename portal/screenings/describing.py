"""What an order asks of screening, in the words of the reader's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from portal.screenings.rules import Asks
from portal.web.temperatures import degrees


def describe(parameters: dict[str, Any]) -> list[str]:
    """One plain sentence each, the shortest account first."""
    asks = Asks.of(parameters)
    names = pgettext("between items", "; ").join(category.label for category in asks.categories)
    rechecks = ngettext(
        "%(num)s household of each grid is visited a second time, by somebody else.",
        "%(num)s households of each grid are visited a second time, by somebody else.",
        asks.rechecks,
    )
    return [
        _("Looked for: %(kinds)s.", kinds=names),
        _("From “%(category)s” up the office decides.", category=asks.threshold.label),
        _("Fever: from %(degrees)s ℃.", degrees=degrees(asks.fever)),
        *([rechecks] if asks.rechecks else []),
        *([_("The passes of a household are suspended until it is decided.")] if asks.restricts else []),
    ]
