"""What has happened in the demo street: an order, applications at the door, decisions, passes in every state, trips.

Everything goes through the verbs that the pages use, at past hours, so that history, audit trail and numbers are
as they would be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.access.acting import acting
from portal.clock import LOCAL, now, rehearsing, today
from portal.database import db
from portal.orders import service as orders
from portal.orders.models import Order
from portal.passes import at_gates, replacing
from portal.passes import service as passes
from portal.passes.applying import Application
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.presets import preset
from portal.passes.purposes import Purpose
from portal.registry import service as registry
from portal.registry.models import Household
from portal.registry.restrictions import RestrictionKind
from portal.rehearsal.acting import acting_as
from portal.rehearsal.staff import GRID, NORTH_GATE, STREET, gate_named, unit_named

RULES = ("yangling", "work", "staff", "vehicle", "special", "visitor")
LEGAL_BASIS = "《中华人民共和国传染病防治法》；上级疫情防控指挥部指令。演示文本，正式下达前请核对现行条文。"
ISSUER = "重阳街道疫情防控领导小组办公室"
VALID = timedelta(days=7)


def local_hour(days: int, hour: int, minute: int = 0) -> datetime:
    """An hour of the day that lies ``days`` from today."""
    return datetime.combine(today() + timedelta(days=days), time(hour, minute), LOCAL)


@contextmanager
def played_by(sign_in_name: str, days: int, hour: int, minute: int = 0) -> Iterator[None]:
    """Somebody at some hour of these days; not later than now."""
    moment = min(local_hour(days, hour, minute), now())
    with rehearsing(moment), acting_as(sign_in_name):
        yield


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tell_orders() -> None:
    """One order that has ended, the one in force with a rule for each kind of pass, and a draft."""
    year = today().year
    with played_by("li", -20, 9):
        old = _draft(f"重防指〔{year}〕2号", "关于加强小区出入管理的通告", local_hour(-20, 10), local_hour(10, 0))
        _switch_on(old, "pingdingshan")
        orders.put_in_force(old)
    with played_by("li", -4, 18):
        orders.end(old, "已由新指令接续")
    with played_by("li", -3, 7):
        order = _draft(f"重防指〔{year}〕3号", "关于实行封闭管理的通告", local_hour(-3, 7), local_hour(12, 0))
        _switch_on(order, *RULES)
        orders.put_in_force(order)
    with played_by("li", -1, 16):
        _switch_on(
            _draft(f"重防指〔{year}〕4号", "关于延长封闭管理的通告", local_hour(12, 0), local_hour(19, 0)), *RULES
        )


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


def _switch_on(order: Order, *codes: str) -> None:
    for code in codes:
        rule = preset(code)
        orders.set_measure(order, "passes", rule.kind.value, rule.rule.to_json())


# ── passes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tell_passes() -> None:
    """Passes in every state, so that each role has something to do at once."""
    homes = _homes()
    with played_by("qian", -2, 8, 10):
        early = [_apply(homes[number]) for number in range(9)]
        work = _apply(homes[9], Kind.WORK, Purpose.WORK, employer="演示·惠民粮油店")
        car = _apply(
            homes[10], Kind.VEHICLE, Purpose.SUPPLIES, plate="豫Q00000", route="豫苑社区至城关供应站"
        )
    with played_by("zhao", -2, 9):
        for pass_ in (*early, work, car):
            passes.endorse(pass_)
    with played_by("wang", -2, 9, 30):
        for pass_ in (*early, work, car):
            passes.issue(pass_)
    _tell_ends(early)
    _tell_trips(early)
    _tell_waiting(homes)


def _tell_ends(early: list[Pass]) -> None:
    with played_by("wang", -1, 18, 41):
        passes.revoke(early[0], "转借他人使用")
        replacing.reissue(early[1], "原证遗失")
    with played_by("qian", -1, 19):
        passes.take_back(early[2])
    with played_by("wang", -1, 19, 20):
        home = early[3].household
        assert home is not None
        registry.restrict(
            home, RestrictionKind.RETURNEE, since=now(), until=None, source="外地返回一人，待研判"
        )


def _tell_trips(early: list[Pass]) -> None:
    gate = gate_named(NORTH_GATE)
    for pass_, days, hour, back in ((early[4], -1, 9, 10), (early[5], -1, 9, 11), (early[6], -1, 15, 17)):
        with played_by("gu", days, hour):
            at_gates.record_exit(pass_, now(), gate)
        with played_by("gu", days, back, 20):
            at_gates.record_entry(pass_, now(), gate)
    with rehearsing(now() - timedelta(hours=4)), acting_as("gu"):
        at_gates.record_exit(early[7], now(), gate)  # overdue by now
    with rehearsing(now() - timedelta(minutes=40)), acting_as("gu"):
        at_gates.record_exit(early[8], now(), gate)


def _tell_waiting(homes: list[Household]) -> None:
    with played_by("qian", 0, 7, 50):
        returned, rejected, *for_wang = (_apply(homes[number]) for number in range(11, 17))
        for_wang.append(_apply(homes[17], Kind.SPECIAL, Purpose.ILLNESS))
    with played_by("zhao", 0, 8, 5):
        passes.return_(returned, "电话打不通，请补留联系方式")
        for pass_ in (rejected, *for_wang):
            passes.endorse(pass_)
    with played_by("wang", 0, 8, 20):
        passes.reject(rejected, "本户已有有效的工作通行证")
        passes.return_(for_wang[-2], "请再核实外出事由")
    with played_by("qian", 0, 8, 30):
        for number in range(18, 21):
            _apply(homes[number])
        _write_down(homes[21])


def _homes() -> list[Household]:
    grid = unit_named(GRID).id
    return list(db.session.scalars(select(Household).where(Household.unit_id == grid).order_by(Household.id)))


def _apply(home: Household, kind: Kind = Kind.HOUSEHOLD, purpose: Purpose = Purpose.SHOPPING, **more: str) -> Pass:
    pass_ = _write_down(home, kind, purpose, **more)
    passes.apply(pass_)
    return pass_


def _write_down(
    home: Household, kind: Kind = Kind.HOUSEHOLD, purpose: Purpose = Purpose.SHOPPING, **more: str
) -> Pass:
    holder = home.residents[0]
    place = acting().place
    assert place is not None
    start = datetime.combine(now().astimezone(LOCAL).date(), time(), LOCAL)
    days = timedelta(days=1) if kind is Kind.SPECIAL else VALID
    return passes.draft(
        Application(
            kind=kind,
            unit_id=home.unit_id,
            household_id=home.id,
            resident_id=holder.id,
            holder_name=holder.name,
            purpose=purpose,
            valid_from=start,
            valid_until=start + days,
            **more,
        )
    )
