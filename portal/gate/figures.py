"""What the daily report says of the gates: out, in, late, turned back."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import and_, or_

from portal.gate.models import GateEvent, GateRecord
from portal.passes.models import Trip
from portal.passes.verdicts import Direction, Reason
from portal.workflow.figures import Counting, Figure, counted

HEADING = _l("Gate")


def overdue(at: datetime) -> Any:
    """The condition that somebody should have been back at that moment, and was not."""
    return and_(Trip.back_by < at, Trip.out_at <= at, or_(Trip.in_at.is_(None), Trip.in_at >= at))


def _events(code: str, label: Any, order: int, unit: str = "人次", **where: tuple[Any, ...]) -> Figure:
    """What gates have recorded, counted when it was done."""
    return Figure(
        f"gate.{code}",
        label,
        HEADING,
        model=GateRecord,
        where=where,
        dated_by=("done_at", "at"),
        weight=lambda record: int(record.count or 1),
        unit=unit,
        order=order,
    )


FIGURES = (
    _events("exits", _lp("figures", "Out"), 500, event=(GateEvent.EXIT, GateEvent.SPECIAL_EXIT)),
    _events("entries", _lp("figures", "In"), 501, event=(GateEvent.ENTRY,)),
    _events(
        "visitors",
        _lp("figures", "Visitors without a pass"),
        502,
        event=(GateEvent.VISITOR,),
        direction=(Direction.ENTRY,),
    ),
    _events(
        "late",
        _lp("figures", "Came back late"),
        503,
        event=(GateEvent.ENTRY,),
        reason=(Reason.OVERTIME,),
    ),
    Figure(
        "gate.overdue",
        _lp("figures", "Not back in time"),
        HEADING,
        Counting.AT_ITS_END,
        unit="人",
        order=504,
        **counted(Trip, overdue),
    ),
    _events(
        "turned_back",
        _lp("figures", "People turned back"),
        505,
        event=(GateEvent.TURNED_BACK,),
        vehicle=(False,),
    ),
    _events(
        "vehicles_turned_back",
        _lp("figures", "Vehicles turned back"),
        506,
        unit="辆次",
        event=(GateEvent.TURNED_BACK,),
        vehicle=(True,),
    ),
)
