"""Passes in every state, so that each role has something to do at once; trips; and the neighbours' passes."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from portal.clock import LOCAL, now, rehearsing
from portal.database import db
from portal.gate import service as gate
from portal.passes import replacing
from portal.passes import service as passes
from portal.passes.applying import Application
from portal.passes.kinds import Kind
from portal.passes.models import Pass
from portal.passes.purposes import Purpose
from portal.passes.verdicts import Direction
from portal.registry import service as registry
from portal.registry.models import Household
from portal.registry.restrictions import RestrictionKind
from portal.rehearsal.acting import acting_as
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import GRID, OTHER_GRID, OTHER_TEAM, unit_named

VALID = timedelta(days=7)
NORMAL_TEMPERATURE = 365  # tenths of a degree


def tell(on: Calendar) -> None:
    """Passes in every state, so that each role has something to do at once."""
    with on.scene("qian", -2, 8, 10):
        early = [_apply(home) for home in _homes()[:9]]
        work = _apply(_homes()[9], Kind.WORK, Purpose.WORK, employer="演示·惠民粮油店")
        car = _apply(
            _homes()[10], Kind.VEHICLE, Purpose.SUPPLIES, plate="豫Q00000", route="豫苑社区至城关供应站"
        )
    with on.scene("zhao", -2, 9):
        for pass_ in _those(*early, work, car):
            passes.endorse(pass_)
    with on.scene("wang", -2, 9, 30):
        for pass_ in _those(*early, work, car):
            passes.issue(pass_)
    _tell_ends(on, early)
    _tell_trips(on, early)
    _tell_waiting(on)
    _tell_of_the_neighbours(on)


def _tell_ends(on: Calendar, early: list[int]) -> None:
    revoked, lost, handed_back, returnee = early[:4]
    with on.scene("wang", -1, 18, 41):
        passes.revoke(_the(revoked), "转借他人使用")
        replacing.reissue(_the(lost), "原证遗失")
    with on.scene("qian", -1, 19):
        passes.take_back(_the(handed_back))
    with on.scene("wang", -1, 19, 20):
        home = _the(returnee).household
        if home is not None:
            source = "外地返回一人，待研判"
            registry.restrict(home, RestrictionKind.RETURNEE, since=now(), until=None, source=source)


def _tell_trips(on: Calendar, early: list[int]) -> None:
    for pass_id, out, back in ((early[4], 9, 10), (early[5], 9, 11), (early[6], 15, 17)):
        with on.scene("gu", -1, out):
            _goes(pass_id, Direction.EXIT)
        with on.scene("gu", -1, back, 20):
            _goes(pass_id, Direction.ENTRY)
    overdue, out_now = early[7:9]
    for pass_id, ago in ((overdue, timedelta(hours=4)), (out_now, timedelta(minutes=40))):
        with rehearsing(now() - ago), acting_as("gu"):
            _goes(pass_id, Direction.EXIT)


def _goes(pass_id: int, direction: Direction) -> None:
    """Somebody's pass is checked at the gate of the one acting, and the exit or entry recorded."""
    at_gate = gate.my_gate()
    check = gate.check(_the(pass_id).code or "", at_gate)
    if not gate.record(check, direction, NORMAL_TEMPERATURE, at_gate):
        raise RuntimeError(f"the gate refuses the story: {check.reason}")


def _tell_waiting(on: Calendar) -> None:
    with on.scene("qian", 0, 7, 50):
        returned, rejected, *for_wang, doubtful = (_apply(home) for home in _homes()[11:17])
        for_wang.append(_apply(_homes()[17], Kind.SPECIAL, Purpose.ILLNESS))
    with on.scene("zhao", 0, 8, 5):
        passes.return_(_the(returned), "电话打不通，请补留联系方式")
        for pass_ in _those(rejected, *for_wang, doubtful):
            passes.endorse(pass_)
    with on.scene("wang", 0, 8, 20):
        passes.reject(_the(rejected), "本户已有有效的工作通行证")
        passes.return_(_the(doubtful), "请再核实外出事由")
    with on.scene("qian", 0, 8, 30):
        for home in _homes()[18:21]:
            _apply(home)
        _write_down(_homes()[21])


def _tell_of_the_neighbours(on: Calendar) -> None:
    """The other community has two passes to issue."""
    leader, member = OTHER_TEAM
    with on.scene(member, 0, 8, 40):
        waiting = [_apply(home) for home in _homes(OTHER_GRID)[:2]]
    with on.scene(leader, 0, 8, 50):
        for pass_ in _those(*waiting):
            passes.endorse(pass_)


def _homes(grid_name: str = GRID) -> list[Household]:
    grid = unit_named(grid_name).id
    return list(db.session.scalars(select(Household).where(Household.unit_id == grid).order_by(Household.id)))


def _the(pass_id: int) -> Pass:
    """The pass, as the one acting now may see it: rows don't outlive a scene."""
    return db.session.get_one(Pass, pass_id)


def _those(*pass_ids: int) -> list[Pass]:
    return [_the(pass_id) for pass_id in pass_ids]


def _apply(
    home: Household, kind: Kind = Kind.HOUSEHOLD, purpose: Purpose = Purpose.SHOPPING, **more: Any
) -> int:
    pass_ = _write_down(home, kind, purpose, **more)
    passes.apply(pass_)
    return pass_.id


def _write_down(
    home: Household, kind: Kind = Kind.HOUSEHOLD, purpose: Purpose = Purpose.SHOPPING, **more: Any
) -> Pass:
    holder = home.residents[0]
    start = datetime.combine(now().astimezone(LOCAL).date(), time(), LOCAL)
    return passes.draft(
        Application(
            kind=kind,
            unit_id=home.unit_id,
            household_id=home.id,
            resident_id=holder.id,
            holder_name=holder.name,
            holder_document=holder.document,
            purpose=purpose,
            valid_from=start,
            valid_until=start + (timedelta(days=1) if kind is Kind.SPECIAL else VALID),
            **more,
        )
    )
