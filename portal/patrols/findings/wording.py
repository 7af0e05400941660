"""What the papers of findings say before somebody mends it. Paper is Chinese in both languages."""

from datetime import datetime

from portal import clock
from portal.patrols.findings.kinds import FindingKind
from portal.patrols.findings.models import RECORD_AGAIN, Finding
from portal.printing.words import day_in_words
from portal.workflow.record import steps_of

KIND_WORDS = {
    FindingKind.GATHERING: "聚集",
    FindingKind.NO_MASK: "不戴口罩",
    FindingKind.UNPERMITTED: "无证外出或超时未归",
    FindingKind.FORCED_GATE: "强闯卡点",
    FindingKind.LEFT_ISOLATION: "居家隔离期间外出",
    FindingKind.CONCEALED: "瞒报行程或拒绝登记、测温",
    FindingKind.CEREMONY: "违反规定举办红白事",
    FindingKind.OPEN_SHOP: "违反规定营业",
    FindingKind.OUTSIDER: "外来人员、车辆进入",
    FindingKind.DAMAGE: "损坏围挡设施",
    FindingKind.RUMOUR: "散布不实信息",
    FindingKind.OTHER: "其他",
}
ASKS = {
    FindingKind.GATHERING: "请立即散去，不再聚集。",
    FindingKind.NO_MASK: "请外出时全程戴好口罩。",
    FindingKind.UNPERMITTED: "请返回家中，需要外出的先申请通行证，并按时返回。",
    FindingKind.FORCED_GATE: "请从卡点出入，配合查验和测温。",
    FindingKind.LEFT_ISOLATION: "请立即返回住所，隔离期满前不外出；生活需要由网格员代办。",
    FindingKind.CONCEALED: "请如实说明行程，配合登记和测温。",
    FindingKind.CEREMONY: "请停办或缓办，确需办理的先向社区报告。",
    FindingKind.OPEN_SHOP: "请暂停营业，需要恢复的先向社区报告。",
    FindingKind.OUTSIDER: "请离开封闭管理区域，确需进入的在卡点登记。",
    FindingKind.DAMAGE: "请停止损坏围挡设施，并恢复原状。",
    FindingKind.RUMOUR: "请停止转发，以官方发布的信息为准。",
    FindingKind.OTHER: "请停止上述行为，配合疫情防控工作。",
}


def kind_words(finding: Finding) -> str:
    """聚集, or what was written where it is something else."""
    return finding.kind_note or KIND_WORDS[finding.kind]


def asks(finding: Finding) -> str:
    """What the notice asks for."""
    return ASKS[finding.kind]


def facts(finding: Finding) -> str:
    """What happened, rung by rung: found and persuaded, persuaded again, noticed."""
    return "".join((_found(finding), _again(finding), _noticed(finding)))


def basis(finding: Finding) -> str:
    """The legal basis as the order has it, with the order itself."""
    order = finding.order
    return f"{order.legal_basis.strip()}\n{order.title}（{order.number}）"


def moment(when: datetime) -> str:
    """2026年11月23日09时10分"""
    here = clock.local(when)
    return f"{day(when)}{here:%H}时{here:%M}分"


def day(when: datetime) -> str:
    """2026年11月23日"""
    return day_in_words(clock.local(when))


def count(people: int) -> str:
    """约 300 人 would be a guess: the number is what was written."""
    return f"{people}人" if people else "现场已无人"


def rungs(finding: Finding) -> list[tuple[str, str]]:
    """The steps taken with their times, as the sheet for the police lists them: (what, when)."""
    again = _moment_of(finding, RECORD_AGAIN.name)
    taken = [("当场劝导", finding.found_at), ("再次劝导并登记", again), ("书面告知", finding.noticed_at)]
    return [(what, moment(when)) for what, when in taken if when]


def _found(finding: Finding) -> str:
    said = f"{moment(finding.found_at)}，巡逻人员在{finding.place}发现{kind_words(finding)}，{count(finding.people)}。"
    return said + _sentence(finding.facts) + "巡逻人员当场劝导。"


def _again(finding: Finding) -> str:
    step = next((one for one in steps_of(finding) if one.step == RECORD_AGAIN.name), None)
    return f"{moment(step.at)}再次劝导并登记。{_sentence(step.reason)}" if step else ""


def _noticed(finding: Finding) -> str:
    if not finding.noticed_at:
        return ""
    return f"{moment(finding.noticed_at)}书面告知（{finding.notice_number}）。"


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if not plain or plain.endswith(("。", "；", "！", "？", ".")) else f"{plain}。"


def _moment_of(finding: Finding, step_name: str) -> datetime | None:
    return next((step.at for step in steps_of(finding) if step.step == step_name), None)
