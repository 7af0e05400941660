"""What the patrols of the week found: every rung of the ladder, one place again and again, and 300 people at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.clock import now, rehearsing
from portal.database import db
from portal.patrols.findings import persons as findings_persons
from portal.patrols.findings import service as findings
from portal.patrols.findings import wording as findings_wording
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.findings.models import Finding
from portal.patrols.findings.persons import Named
from portal.patrols.findings.service import Found, Notice, Receipt, Referral
from portal.patrols.kinds import PatrolKind, PatrolState
from portal.patrols.models import Patrol
from portal.registry.identifiers import synthetic_id
from portal.registry.models import Resident
from portal.rehearsal.acting import acting_as
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.people import DEMO, REGION

WALKER, STATION = "zhao", "演示·重阳派出所"
CARD_ROOM, CROSSING = "停业棋牌室", "豫苑北街路口"
A_FEW_MINUTES, AN_HOUR = timedelta(minutes=5), timedelta(hours=1)
STRANGERS = 900_000  # serials that no invented resident has


@dataclass(frozen=True)
class Walk:
    """A patrol that was handed in: rows don't outlive a scene."""

    id: int
    started_at: datetime
    ended_at: datetime


def tell(on: Calendar) -> None:
    """The findings of the walker's own rounds, spread over the week; nothing where nobody walked."""
    walks = _walks()
    if len(walks) < 4:
        return
    first, second, third, last = (walks[len(walks) * part // 4] for part in range(4))
    _tell_the_card_room(first, third, walks[-1])
    _tell_what_ended_at_once(first, second, last)
    _tell_the_forced_gate(third)


def _tell_the_card_room(first: Walk, again: Walk, latest: Walk) -> None:
    """Persuaded, recorded, noticed; found again and handed over to the police; and found once more."""
    noticed = _find(first, FindingKind.GATHERING, CARD_ROOM, 6, "室内打牌，未戴口罩。")
    with _at(first.ended_at + A_FEW_MINUTES * 3, WALKER):
        findings.record_again(_the(noticed), "劝散后半小时内又聚集。")
        findings_persons.name_person(_the(noticed), _somebody_registered())
    _give_notice(noticed, first.ended_at + AN_HOUR)
    with _at(first.ended_at + AN_HOUR * 2, WALKER):
        findings.settle(_the(noticed), "当场散去，已书面告知")
    received = _find(again, FindingKind.GATHERING, CARD_ROOM, 5, "再次聚集打牌。")
    with _at(again.ended_at + A_FEW_MINUTES * 3, WALKER):
        findings.record_again(_the(received), "称“马上就走”，未离开。")
        findings_persons.name_person(_the(received), _somebody_registered())
        findings_persons.name_person(_the(received), _a_stranger(1))
    _give_notice(received, again.ended_at + A_FEW_MINUTES * 6)
    with _at(again.ended_at + AN_HOUR, "wang"):
        findings.refer(_the(received), _referral(_the(received)))
    with _at(again.ended_at + AN_HOUR * 2, "wang"):
        findings.receive(_the(received), Receipt(f"{DEMO}周警官", now(), ""))
    waiting = _find(latest, FindingKind.GATHERING, CARD_ROOM, 3, "卷帘门半开，屋内打牌。")
    with _at(latest.ended_at + A_FEW_MINUTES * 2, WALKER):
        findings.record_again(_the(waiting), "再次劝导后散去。")
        refused = Named(note="灰色羽绒服，约六十岁，自称住北街")
        findings_persons.name_person(_the(waiting), refused)


def _tell_what_ended_at_once(first: Walk, second: Walk, last: Walk) -> None:
    """Most of what a patrol finds: persuaded, and that is all."""
    crowd = _find(second, FindingKind.GATHERING, CROSSING, 300, "流动菜摊引来排队，间隔不足一米。")
    masks = _find(first, FindingKind.NO_MASK, "北门", 2, "")
    _find(last, FindingKind.NO_MASK, "3号院公告栏", 1, "")
    _find(last, FindingKind.OUTSIDER, "建业小区广场", 2, "外来三轮车一辆，已劝返。")
    _find(second, FindingKind.OTHER, "3号院公告栏", 0, "楼道口堆放杂物。", note="杂物堵塞通道")
    for finding_id, outcome in ((crowd, "菜摊移到空地，分三列排队，已散场"), (masks, "已戴口罩")):
        with _at(second.ended_at + A_FEW_MINUTES, WALKER):
            findings.settle(_the(finding_id), outcome)


def _tell_the_forced_gate(walk: Walk) -> None:
    """Handed over to the police at once, and the signed sheet is not back yet."""
    forced = _find(walk, FindingKind.FORCED_GATE, "北门", 1, "不听劝阻，驾车冲过栏杆驶离。")
    with _at(walk.ended_at + AN_HOUR, "wang"):
        referral = _referral(_the(forced))
        findings.refer_at_once(_the(forced), referral, "车辆冲卡驶离，须立即处置")


def _walks() -> list[Walk]:
    """The walker's community patrols that were handed in, the first first."""
    with acting_as(WALKER):
        handed_in = select(Patrol.id, Patrol.started_at, Patrol.ended_at).where(
            Patrol.kind == PatrolKind.COMMUNITY, Patrol.state == PatrolState.SENT
        )
        rows = db.session.execute(handed_in.order_by(Patrol.started_at, Patrol.id)).all()
    return [Walk(row.id, row.started_at, row.ended_at) for row in rows if row.ended_at]


def _find(walk: Walk, kind: FindingKind, place: str, people: int, facts: str, *, note: str = "") -> int:
    """Found in the middle of a patrol, written down at its end."""
    found_at = walk.started_at + (walk.ended_at - walk.started_at) / 2
    with _at(walk.ended_at + A_FEW_MINUTES, WALKER):
        patrol = db.session.get_one(Patrol, walk.id)
        return findings.find(patrol, Found(kind, place, found_at, people, note, facts)).id


def _give_notice(finding_id: int, at: datetime) -> None:
    with _at(at, WALKER):
        finding = _the(finding_id)
        wording = findings_wording
        notice = Notice(wording.facts(finding), wording.basis(finding), wording.asks(finding))
        findings.give_notice(finding, notice)


def _referral(finding: Finding) -> Referral:
    basis = finding.notice_basis or findings_wording.basis(finding)
    return Referral(STATION, findings_wording.facts(finding), basis, "现场照片 2 张\n巡逻记录 1 份")


def _somebody_registered() -> Named:
    """A resident whom the registry knows by document."""
    known = select(Resident).where(Resident.document_index.is_not(None)).order_by(Resident.id).limit(1)
    resident = db.session.scalars(known).one()
    return Named(name=resident.name, document=resident.document)


def _a_stranger(number: int) -> Named:
    return Named(
        name=f"{DEMO}冯过客",
        document=synthetic_id(REGION, STRANGERS + number),
        phone=f"0396-0{number:06d}",
        address="邻乡，暂住地不详",
    )


def _the(finding_id: int) -> Finding:
    return db.session.get_one(Finding, finding_id)


@contextmanager
def _at(moment: datetime, sign_in_name: str) -> Iterator[None]:
    """Somebody acts at this moment; not later than now."""
    with rehearsing(min(moment, now())), acting_as(sign_in_name):
        yield
