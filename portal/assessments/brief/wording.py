"""The brief in the words in which it is sent to a chat group. Chinese, and nobody's name in it, not even masked."""

from flask_babel import force_locale

from portal.assessments.brief.looks import Brief, Change
from portal.assessments.listing import Show
from portal.clock import local
from portal.printing.words import CHINESE
from portal.workflow.figures import Counting

MOST_NAMED = 10


def text(brief: Brief) -> str:
    """【重阳街道】11月23日晨会简报（截至08时10分）… what changed, who has not reported, how many contradictions."""
    here = local(brief.at)
    title = f"【{brief.unit.full_name}】{brief.day.month}月{brief.day.day}日晨会简报（截至{here:%H:%M}）"
    with force_locale(CHINESE):
        lines = [title, _waiting(brief), *_changes(brief), _missing(brief), *_contradictions(brief)]
    return "\n".join(line for line in lines if line)


def change_words(change: Change) -> str:
    """在管居家隔离12人（比前日+3）"""
    figure = change.figure
    stands = figure.counting is Counting.AT_ITS_END
    number = change.today if stands else change.yesterday
    said = f"{figure.label}{number}{figure.unit}"
    return f"{said}（较前日{change.change}）" if change.change else said


def _waiting(brief: Brief) -> str:
    waits = brief.waiting
    return (
        f"一、研判：待研判{waits[Show.WAITING]}人，逾期未落实{waits[Show.OVERDUE]}人，"
        f"已反馈待办结{waits[Show.REPORTED]}人。"
    )


def _changes(brief: Brief) -> list[str]:
    if not brief.changes:
        return ["二、昨日以来：各项无变化。"]
    told = [
        f"{heading}：{'，'.join(map(change_words, said))}。"
        for heading, some in brief.headed
        if (said := [one for one in some if is_told(one)])
    ]
    return ["二、昨日以来变化（当日发生的为昨日数，其余为现有数）：", *told]


def is_told(change: Change) -> bool:
    """What has only begun today is told tomorrow."""
    return change.figure.counting is Counting.AT_ITS_END or bool(change.yesterday or change.change)


def _missing(brief: Brief) -> str:
    if not brief.asked:
        return ""
    if not brief.missing:
        return f"三、昨日日报：{brief.asked}个单位已全部报告。"
    named = "、".join(one.name for one in brief.missing[:MOST_NAMED])
    more = f"等{len(brief.missing)}个" if len(brief.missing) > MOST_NAMED else ""
    return f"三、昨日日报：未报{named}{more}（应报{brief.asked}）。"


def _contradictions(brief: Brief) -> list[str]:
    number = "四" if brief.asked else "三"
    if not brief.findings:
        return [f"{number}、数据核对：未发现矛盾{_sought(brief)}。"]
    told = "；".join(
        f"{one.kind.label}{len(one.lines)}条{'以上' if one.more else ''}" for one in brief.findings
    )
    return [f"{number}、数据核对，请核实：{told}{_sought(brief)}。"]


def _sought(brief: Brief) -> str:
    """Doubles are looked for at night; a brief says so where nobody has looked yet."""
    return "" if brief.sought_at else "（重复登记尚未核对）"
