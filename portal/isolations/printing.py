"""Isolation on paper: the notice of obligations 告知书 and the release certificate. The log is in printing_log.py.

Paper is Chinese in both languages, so its words are written here and in ``templates/print/isolations/``. The notice
has the fields of the real form (附件9-4 居家健康监测告知书, field-reference.md §3.1); law is cited as the
order cites it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response
from flask_babel import force_locale

from portal.clock import local, now
from portal.database import db
from portal.isolations import care, checks, rules, standing
from portal.isolations.describing import hour_words
from portal.isolations.kinds import CarerRole, IsolationKind, IsolationState
from portal.isolations.models import Isolation
from portal.orders.describing import cited
from portal.orders.hours import written_end
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import CHINESE, day_in_words, moment_in_words
from portal.units.installation import foot
from portal.units.models import Unit
from portal.web.formats import mask_document, mask_phone
from portal.web.temperatures import degrees

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
    name: str
    facts: tuple[tuple[str, str], ...]
    basis: str
    order: str
    period: str
    obligations: tuple[str, ...]
    workers: tuple[Worker, ...]
    community: str
    dated: str
    foot: Foot


@dataclass(frozen=True)
class Certificate:
    """What the release certificate says."""

    number: str
    measure: str
    name: str
    document: str
    address: str
    course: str
    grounds: str
    released: str
    order: str
    tests: str
    medic: str
    medic_unit: str
    community: str
    dated: str
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


def notice_of(isolation: Isolation) -> Notice:
    """What the notice says. What is missing stays empty, to be written in by hand."""
    resident, rule = isolation.resident, checks.rule_of(isolation)
    present = {place.role: place.carer for place in care.team_of(isolation) if not place.is_gap}
    with force_locale(CHINESE):
        sex = resident.sex.label if resident.sex else ""
    return Notice(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        name=resident.name,
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
        order=cited(isolation.order),
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
        community=_community_of(isolation),
        dated=day_in_words(local(isolation.created_at).date()),
        foot=foot(),
    )


def certificate_of(isolation: Isolation) -> Certificate:
    """What the release certificate says of somebody who was released."""
    ended_at = isolation.ended_at or now()
    course, grounds = _why_released(isolation, ended_at)
    return Certificate(
        number=number_of(isolation),
        measure=MEASURES[isolation.kind],
        name=isolation.resident.name,
        document=mask_document(isolation.resident.document),
        address=isolation.household.address,
        course=course,
        grounds=grounds,
        released=moment_in_words(ended_at),
        order=cited(isolation.order),
        tests=isolation.tests,
        medic=isolation.medic,
        medic_unit=isolation.medic_unit,
        community=_community_of(isolation),
        dated=day_in_words(local(ended_at).date()),
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


def _why_released(isolation: Isolation, ended_at: datetime) -> tuple[str, str]:
    """From when until when, and on what grounds: nobody whose order ended has served all days, or been looked at."""
    basis_ended = standing.basis_ends_at(isolation)
    if basis_ended > ended_at:
        return f"自 {period_of(isolation)}", "现期满，体温及健康状况经核查符合解除条件"
    since = moment_in_words(isolation.starts_at)
    return f"自 {since} 起", f"上述指令已于 {moment_in_words(basis_ended)} 终止"


def _obligations(kind: IsolationKind, rule: rules.Rule) -> tuple[str, ...]:
    morning, evening = hour_words(rule.morning), hour_words(rule.evening)
    fever = degrees(rule.threshold)
    return (
        GOING_OUT[kind],
        f"每日早、晚两次测量体温（早 {morning} 前、晚 {evening} 前），如实报告社区（村）和所在单位。",
        f"体温达到 {fever} ℃，或出现{SYMPTOMS}等症状的，立即报告，拨打 120 转运就诊，不自行前往医院。",
        "居室每日开窗通风，餐具、毛巾单独使用，做好清洁消毒；同住人员共同遵守。",
        "生活、用药、就医有困难的，联系下列人员；期满经医疗卫生机构确认后，领取解除告知书。",
        "不遵守以上规定的，依照上述法律和指令承担相应责任。",
    )


def _community_of(isolation: Isolation) -> str:
    unit = db.session.get(Unit, isolation.community_id or isolation.unit_id)
    return unit.full_name if unit else ""
