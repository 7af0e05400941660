"""Isolation on paper: the notice of obligations 告知书, the temperature log, and the release certificate.

Paper is Chinese in both languages, so its words are written here and in ``templates/print/isolations/``. The notice
has the fields of the real form (附件9-4 居家健康监测告知书, field-reference.md §3.1); law is cited as the
order cites it.
"""

from dataclasses import dataclass
from datetime import date

from flask import Response
from flask_babel import force_locale

from portal.clock import local
from portal.database import db
from portal.isolations import care, checks, rules
from portal.isolations.describing import hour_words
from portal.isolations.kinds import CarerRole, IsolationKind, IsolationState, Slot, Symptom
from portal.isolations.models import HealthCheck, Isolation
from portal.orders.hours import written_end
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, day_in_words, moment_in_words
from portal.units.installation import foot
from portal.units.models import Unit
from portal.web.formats import mask_document, mask_phone

MEASURES = {
    IsolationKind.COLLECTIVE: "集中隔离医学观察",
    IsolationKind.HOME: "居家隔离医学观察",
    IsolationKind.HOME_MONITORING: "居家健康监测",
    IsolationKind.MONITORING: "健康监测",
}
GOING_OUT = {
    IsolationKind.COLLECTIVE: "单人单间居住，不离开房间，不与他人接触，服从隔离点管理。",
    IsolationKind.HOME: "单人单套或单间居住，不外出，谢绝探访；生活物资和垃圾由工作人员协助。",
    IsolationKind.HOME_MONITORING: "单人单间居住，非必要不外出；就医等必须外出的，经社区（村）同意并做好个人防护。",
    IsolationKind.MONITORING: "住所与工作单位“两点一线”，不乘坐公共交通工具，不聚餐、不聚会，不去人员密集场所。",
}
SYMPTOMS = "发热、干咳、乏力、咽痛、嗅（味）觉减退、腹泻"


@dataclass(frozen=True)
class Worker:
    """One of the care team as the notice names them; empty to be written in by hand."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True)
class Notice:
    """What the notice of obligations says."""

    number: str
    measure: str
    facts: tuple[tuple[str, str], ...]
    basis: str
    order: str
    period: str
    obligations: tuple[str, ...]
    workers: tuple[Worker, ...]
    street: str
    community: str
    foot: Foot


@dataclass(frozen=True)
class Certificate:
    """What the release certificate says."""

    number: str
    measure: str
    name: str
    document: str
    address: str
    period: str
    released: str
    order: str
    tests: str
    medic: str
    medic_unit: str
    community: str
    foot: Foot


@dataclass(frozen=True)
class LogCell:
    """One slot of the log: 08:10 36.5 上门, and who entered it is on the portal."""

    time: str = ""
    temperature: str = ""
    second: str = ""
    how: str = ""


@dataclass(frozen=True)
class LogRow:
    """One day of the log."""

    number: int
    day: str
    cells: tuple[LogCell, LogCell]
    symptoms: str


@dataclass(frozen=True)
class Log:
    """体温监测登记表"""

    number: str
    measure: str
    name: str
    address: str
    period: str
    threshold: str
    rows: tuple[LogRow, ...]
    foot: Foot


def notice(isolation: Isolation) -> Response:
    """The notice as the answer to a request."""
    return printed(
        "isolations/notice.html", notice_of(isolation), file_name=f"isolation-{isolation.id}-notice"
    )


def certificate(isolation: Isolation) -> Response:
    """The release certificate as the answer to a request."""
    return printed(
        "isolations/release.html", certificate_of(isolation), file_name=f"isolation-{isolation.id}-release"
    )


def log(isolation: Isolation) -> Response:
    """The temperature log as the answer to a request."""
    return printed("isolations/log.html", log_of(isolation), file_name=f"isolation-{isolation.id}-log")


def notice_of(isolation: Isolation) -> Notice:
    """What the notice says. What is missing stays empty, to be written in by hand."""
    resident, rule = isolation.resident, checks.rule_of(isolation)
    present = {place.role: place.carer for place in care.team_of(isolation) if not place.is_gap}
    with force_locale(CHINESE):
        sex = resident.sex.label if resident.sex else ""
    return Notice(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        facts=(
            ("姓名", resident.name),
            ("性别", sex),
            ("联系电话", mask_phone(resident.phone)),
            ("证件号码", mask_document(resident.document)),
            ("居住地址", isolation.household.address),
            ("隔离地点", isolation.place or "同居住地址"),
            ("所在单位", resident.work),
            ("单位联系人及电话", ""),
        ),
        basis=isolation.order.legal_basis.strip().rstrip("。；;.，"),
        order=f"{isolation.order.issued_by}《{isolation.order.title}》（{isolation.order.number}）",
        period=period_of(isolation),
        obligations=_obligations(isolation.kind, rule),
        workers=tuple(
            Worker(role, carer.name if carer else "", carer.phone if carer else "")
            for role, carer in (
                ("街道（镇）、社区干部", present.get(CarerRole.CADRE)),
                ("社工（网格员）", present.get(CarerRole.GRID_MEMBER)),
                ("基层医务人员", present.get(CarerRole.MEDIC)),
            )
        ),
        street=_street_of(isolation),
        community=_community_of(isolation),
        foot=foot(),
    )


def certificate_of(isolation: Isolation) -> Certificate:
    """What the release certificate says."""
    return Certificate(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        name=isolation.resident.name,
        document=mask_document(isolation.resident.document),
        address=isolation.household.address,
        period=period_of(isolation),
        released=moment_in_words(isolation.ended_at) if isolation.ended_at else "",
        order=isolation.order.number,
        tests=isolation.tests,
        medic=isolation.medic,
        medic_unit=isolation.medic_unit,
        community=_community_of(isolation),
        foot=foot(),
    )


def log_of(isolation: Isolation) -> Log:
    """The log of all days, those to come empty, to be written in by hand."""
    there: dict[rules.SlotOfDay, list[HealthCheck]] = {}
    for check in checks.counted(isolation):
        there.setdefault((check.day, check.slot), []).append(check)
    first = rules.first_whole_day(isolation.starts_at)
    days = [first + number * rules.A_DAY for number in range(_days_on_log(isolation))]
    days = sorted({*days, *(day for day, _slot in there)})
    rule = checks.rule_of(isolation)
    return Log(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        name=isolation.resident.name,
        address=isolation.place or isolation.household.address,
        period=period_of(isolation),
        threshold=rules.degrees(rule.threshold),
        rows=tuple(_row(day, (day - first).days + 1, there) for day in days),
        foot=foot(),
    )


def number_of(isolation: Isolation) -> str:
    """隔20261123-7: how an isolation is called on paper."""
    return f"隔{local(isolation.created_at):%Y%m%d}-{isolation.id}"


def period_of(isolation: Isolation) -> str:
    """2026年11月9日 15:00 至 2026年11月23日 24:00（14 天）"""
    day, at = written_end(isolation.ends_at)
    days = rules.days_in_all(isolation.starts_at, isolation.ends_at)
    return f"{moment_in_words(isolation.starts_at)} 至 {day_in_words(day)} {at}（{days} 天）"


def may_have_certificate(isolation: Isolation) -> bool:
    """Only who was released gets one."""
    return isolation.state is IsolationState.RELEASED


def _obligations(kind: IsolationKind, rule: rules.Rule) -> tuple[str, ...]:
    morning, evening = hour_words(rule.morning), hour_words(rule.evening)
    fever = rules.degrees(rule.threshold)
    return (
        GOING_OUT[kind],
        f"每日早、晚两次测量体温（早 {morning} 前、晚 {evening} 前），如实报告社区（村）和所在单位。",
        f"体温达到 {fever} ℃，或出现{SYMPTOMS}等症状的，立即报告，拨打 120 转运就诊，不自行前往医院。",
        "居室每日开窗通风，餐具、毛巾单独使用，做好清洁消毒；同住人员共同遵守。",
        "生活、用药、就医有困难的，联系下列人员；期满经医疗卫生机构确认后，领取解除告知书。",
        "不遵守以上规定的，依照上述法律和指令承担相应责任。",
    )


def _row(day: date, number: int, there: dict[rules.SlotOfDay, list[HealthCheck]]) -> LogRow:
    found = [there.get((day, slot), []) for slot in Slot]
    with force_locale(CHINESE):
        symptoms = "、".join(
            dict.fromkeys(Symptom(one).label for some in found for check in some for one in check.symptoms)
        )
        cells = [_cell(some) for some in found]
    return LogRow(max(number, 0), f"{day.month}月{day.day}日", (cells[0], cells[1]), symptoms)


def _cell(some: list[HealthCheck]) -> LogCell:
    if not some:
        return LogCell()
    first, *later = sorted(some, key=lambda check: (check.is_second, check.id))
    return LogCell(
        f"{local(first.taken_at):%H:%M}",
        rules.degrees(first.temperature),
        "、".join(rules.degrees(one.temperature) for one in later),
        first.method.label,
    )


def _days_on_log(isolation: Isolation) -> int:
    whole = rules.days_in_all(isolation.starts_at, isolation.ends_at)
    if isolation.ended_at is None:
        return whole
    passed = (local(isolation.ended_at).date() - rules.first_whole_day(isolation.starts_at)).days + 1
    return max(0, min(whole, passed))


def _community_of(isolation: Isolation) -> str:
    unit = db.session.get(Unit, isolation.community_id or isolation.unit_id)
    return unit.full_name if unit else ""


def _street_of(isolation: Isolation) -> str:
    unit = db.session.get(Unit, isolation.street_id) if isolation.street_id else None
    return unit.name if unit else ""
