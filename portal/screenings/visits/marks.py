"""What somebody can be noted for at the door: an affected area, or a category of the order. One list, one choice."""

from collections.abc import Iterable

from flask_babel import gettext as _

from portal.screenings.kinds import Category
from portal.screenings.models import AffectedArea
from portal.screenings.rules import Asks

AREA, CATEGORY = "a", "c"
Choice = tuple[str, str]


def choices(asks: Asks, areas: Iterable[AffectedArea]) -> list[Choice]:
    """Nothing first, then where people came from, then the categories of the order."""
    came = [(f"{AREA}{area.id}", _("Came from %(area)s", area=area.name)) for area in areas]
    return [("", _("Nothing")), *came, *((f"{CATEGORY}{one.value}", one.label) for one in asks.categories)]


def read(mark: str | None, areas: Iterable[AffectedArea]) -> tuple[Category | None, AffectedArea | None]:
    """The category that a choice stands for, and the area that it names."""
    if not mark:
        return None, None
    if mark.startswith(CATEGORY):
        return Category(mark.removeprefix(CATEGORY)), None
    area = next(one for one in areas if f"{AREA}{one.id}" == mark)
    return area.category, area
