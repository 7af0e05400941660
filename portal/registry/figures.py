"""What the daily report says of the registry: how many households and people there are."""

from flask_babel import lazy_pgettext as _lp

from portal.registry.models import Household, Resident
from portal.workflow.figures import Counting, Figure

HEADING = _lp("figures", "In the area")

FIGURES = (
    Figure(
        "registry.households",
        _lp("figures", "Households"),
        HEADING,
        Counting.AT_ITS_END,
        model=Household,
        where={"merged_into_id": (None,)},
        unit="户",
        order=10,
    ),
    Figure(
        "registry.residents",
        _lp("figures", "People"),
        HEADING,
        Counting.AT_ITS_END,
        model=Resident,
        where={"merged_into_id": (None,), "left_at": (None,)},
        unit="人",
        order=11,
    ),
)
