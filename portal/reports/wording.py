"""A day's report in the words in which it is sent to a chat group. Chinese, as all that is sent or printed."""

from datetime import datetime

from flask_babel import force_locale

from portal import clock
from portal.printing.words import CHINESE
from portal.reports.kinds import Standing
from portal.reports.looks import Day, Line

NUMERALS = "一二三四五六七八九十"
STANDING_WORDS = {
    Standing.NOT_YET: "未报",
    Standing.LATE: "未报（逾期）",
    Standing.RETURNED: "已退回",
    Standing.REPORTED: "已报",
    Standing.NIL: "已报（零报告）",
    Standing.RECEIVED: "已签收",
    Standing.NOT_ASKED: "不需报",
}
MOST_NAMED = 10


def hour_words(moment: datetime) -> str:
    """17时, 16时30分, 24时."""
    here = clock.local(moment)
    if (here.hour, here.minute) == (0, 0):
        return "24时"
    return f"{here.hour}时{here.minute:02d}分" if here.minute else f"{here.hour}时"


def until_words(shown: Day) -> str:
    """截至17时; before the cut-off until the present minute."""
    if shown.clock is None:
        return "全天"
    confirmed = shown.report.confirmed_at if shown.report and shown.is_confirmed else clock.now()
    return f"截至{hour_words(min(shown.clock.cut_off_at, confirmed or shown.clock.cut_off_at))}"


def text(shown: Day) -> str:
    """【豫苑社区】11月23日疫情防控日报告（截至17时）… a heading a line, then who has not reported."""
    title = f"【{shown.unit.full_name}】{shown.day.month}月{shown.day.day}日疫情防控日报告（{until_words(shown)}）"
    with force_locale(CHINESE):
        lines = [
            f"{_numeral(place)}、{heading}：{'，'.join(map(_words, told))}。"
            for place, (heading, told) in enumerate(_told(shown))
        ]
        if any(not line.number for line in shown.lines):
            lines.append("其余各项均为0。" if lines else "各项均为0。")
    is_nil = shown.report is not None and shown.is_confirmed and shown.report.is_nil
    body = ["今日无新增情况，零报告。"] if is_nil else []
    body += lines
    if shown.below:
        body.append(_of_those_below(shown))
    body.append(f"需协调事项：{(shown.report and shown.report.to_coordinate) or '无'}。")
    if not shown.is_confirmed:
        body.append("（未确认，仅供核对）")
    return "\n".join([title, *body])


def _told(shown: Day) -> list[tuple[str, list[Line]]]:
    """What isn't nought today, under its headings."""
    told = [(heading, [line for line in lines if line.number]) for heading, lines in shown.groups]
    return [(heading, lines) for heading, lines in told if lines]


def _words(line: Line) -> str:
    return f"{line.figure.label}{line.number}{line.figure.unit}"


def nought_words(shown: Day) -> str:
    """卡点：出、入；巡逻：…: what was nought, by name, so that nothing is left unsaid."""
    with force_locale(CHINESE):
        return "；".join(
            f"{heading}：{'、'.join(str(line.figure.label) for line in lines)}"
            for heading, lines in shown.noughts
        )


def _numeral(place: int) -> str:
    return NUMERALS[place] if place < len(NUMERALS) else str(place + 1)


def _of_those_below(shown: Day) -> str:
    if not shown.missing:
        return f"下级{len(shown.below)}个单位已全部报告。"
    named = "、".join(one.name for one in shown.missing[:MOST_NAMED])
    more = f"等{len(shown.missing)}个" if len(shown.missing) > MOST_NAMED else ""
    return f"下级已报{shown.reported}/{len(shown.below)}，未报：{named}{more}。"
