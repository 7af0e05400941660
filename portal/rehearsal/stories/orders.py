"""One order that has ended, the one in force with a rule for each kind of pass, and a draft."""

from datetime import datetime

from portal.database import db
from portal.orders import service as orders
from portal.orders.measures import Preset, kind_of, kinds
from portal.orders.models import Order
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import STREET, unit_named

LEGAL_BASIS = "《中华人民共和国传染病防治法》；上级疫情防控指挥部指令。演示文本，正式下达前请核对现行条文。"
ISSUER = "重阳街道疫情防控领导小组办公室"


def tell(on: Calendar) -> None:
    """One order that has ended, the one in force with a rule for each kind of pass, and a draft."""
    year = on.hour(0, 0).year
    with on.scene("li", -20, 9):
        old = _draft(f"重防指〔{year}〕2号", "关于加强小区出入管理的通告", on.hour(-20, 10), on.hour(10, 0))
        _switch_on(old, "passes", "household", kind_of("passes").presets("household")[1])
        for item in kind_of("patrols").items:
            _switch_on(old, "patrols", item, kind_of("patrols").presets(item)[0])
        orders.put_in_force(old)
        old_id = old.id
    with on.scene("li", -4, 18):
        orders.end(db.session.get_one(Order, old_id), "已由新指令接续")
    with on.scene("li", -3, 7):
        order = _draft(f"重防指〔{year}〕3号", "关于实行封闭管理的通告", on.hour(-3, 7), on.hour(12, 0))
        _switch_on_everything(order)
        orders.put_in_force(order)
    with on.scene("li", -1, 16):
        next_one = _draft(f"重防指〔{year}〕4号", "关于延长封闭管理的通告", on.hour(12, 0), on.hour(19, 0))
        _switch_on_everything(next_one)


def _draft(number: str, title: str, start: datetime, until: datetime) -> Order:
    return orders.draft(
        orders.Heading(
            unit_id=unit_named(STREET).id,
            number=number,
            title=title,
            legal_basis=LEGAL_BASIS,
            issued_by=ISSUER,
            effective_from=start,
            until=until,
        )
    )


def _switch_on_everything(order: Order) -> None:
    """Every measure that the areas offer, with the rule that is used most."""
    for area, kind in kinds().items():
        for item in kind.items:
            for preset in kind.presets(item)[:1]:
                _switch_on(order, area, item, preset)


def _switch_on(order: Order, area: str, item: str, preset: Preset) -> None:
    orders.set_measure(order, area, item, preset.parameters)
