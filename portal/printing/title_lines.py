"""The lines of a title: even in length, shaped like a trapezium or a rhombus, broken where a reader takes breath.

GB/T 9704-2012, 7.3.1: 回行时，要做到词意完整，排列对称，长短适宜，间距恰当，应当使用梯形或菱形.
"""

import re
from itertools import combinations, pairwise

MOST_SHAPED = 4  # lines; a longer title is filled line by line
REACH = 4  # places to either side of an even break that are tried

NOT_FIRST = frozenset("，。、；：？！）》〉〕】”’·…%％℃—")
NOT_LAST = frozenset("（《〈〔【“‘—")
RATHER_NOT_FIRST = frozenset("的和与及等了之或性化者们里内上中下号级区县市省村镇乡")
RATHER_NOT_LAST = frozenset("和与及或在对从向为被把将第不再")
GOOD_LAST = frozenset("的")
FIGURES = r"[0-9A-Za-z０-９.:%％℃/-]+(?:号[院楼])?[年月日时分号个名人次条项期类级届]?"
UNBROKEN = re.compile(rf"(?:{FIGURES})+|第[0-9０-９一二三四五六七八九十百]+[号期次批条]?")
WORDS = re.compile(
    "|".join(
        (
            "新型冠状病毒(?:肺炎|感染)?|领导小组|公安局|派出所|卫生院|委员会|工作组|服务中心|办公室|办事处|指挥部|居委会|居民委员会|村民委员会|突击队|网格员|通行证",
            "关于|通告|通知|公告|决定|意见|方案|办法|规定|措施|告知书|温馨提示|倡议书|一封信",
            "疫情|防控|防疫|肺炎|感染|病毒|传染病|核酸|检测|监测|隔离|健康|消毒|消杀|测温|疫苗|接种|口罩",
            "社区|小区|街道|居民|村民|群众|人员|车辆|家庭|单位|企业|学校|场所|市场|超市|卡点|网格|楼栋|户籍",
            "严格|加强|进一步|切实|继续|全面|做好|开展|实行|实施|落实|调整|优化|规范|强化|严禁|禁止|暂停|恢复|解除",
            "管理|管控|封闭|封控|出入|外出|返乡|返回|来访|登记|报备|排查|巡查|巡逻|值守|值班|服务|保障|供应|配送",
            "工作|期间|有关|事项|生活|物资|春节|国庆|元旦|聚集|聚餐|红白|喜事|丧事|婚丧|简办|缓办|安全|秩序|时间|要求|重点|特殊",
        )
    )
)


def title_lines(title: str, widest: float) -> tuple[str, ...]:
    """``title`` in as few lines as there can be, none wider than ``widest`` characters (a Latin one is half of one).

    Up to four lines are balanced; never is a number cut, nor a line begun with what may not begin one, if avoidable.
    """
    text = " ".join(title.split())
    count = _least_lines(text, widest)
    if count <= 1:
        return (text,) if text else ()
    if count <= MOST_SHAPED:
        priced = [
            (cost + 12 * more, lines)
            for more in (0, 1)
            if count + more <= MOST_SHAPED
            for cost, lines in _best(text, count + more, widest)
        ]
        if priced:
            return min(priced)[1]
    return _filled(text, widest)


def width(text: str) -> float:
    """In characters of the type size: half for Latin letters and figures, one for all others."""
    return sum(0.55 if character.isascii() else 1 for character in text)


def _least_lines(text: str, widest: float) -> int:
    return -int(-width(text) // widest)


def _best(text: str, count: int, widest: float) -> list[tuple[float, tuple[str, ...]]]:
    """The best of all ways to break near the even places, and its cost; none where each has a line too wide."""
    costs = _costs(text)
    places = sorted(
        {
            place
            for line in range(1, count)
            for place in range(
                round(len(text) * line / count) - REACH, round(len(text) * line / count) + REACH + 1
            )
            if 0 < place < len(text)
        }
    )
    ways = ([0, *breaks, len(text)] for breaks in combinations(places, count - 1))
    priced = [
        (_shape_cost(lines) + sum(costs[place] for place in way[1:-1]), tuple(lines))
        for way in ways
        if max(map(width, lines := [text[a:b].strip() for a, b in pairwise(way)])) <= widest and all(lines)
    ]
    return [min(priced)] if priced else []


def _costs(text: str) -> list[float]:
    """What it costs to break before each place of a text."""
    costs = [0.0] * (len(text) + 1)
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        costs[place] += 100 * (after in NOT_FIRST or before in NOT_LAST)
        costs[place] += 12 * (after in RATHER_NOT_FIRST) + 8 * (before in RATHER_NOT_LAST)
        costs[place] -= 2 * (before in GOOD_LAST)
    for pattern, cost in ((UNBROKEN, 100), (WORDS, 15)):
        for found in pattern.finditer(text):
            for place in range(found.start() + 1, found.end()):
                costs[place] += cost
    return costs


def _shape_cost(lines: list[str]) -> float:
    """How far lines are from even, and more where the middle is narrower than both ends, like an hourglass."""
    widths = [width(line) for line in lines]
    even = sum(widths) / len(widths)
    uneven = sum((each - even) ** 2 for each in widths) / len(widths)
    waist = sum(
        max(0.0, min(max(widths[:place]), max(widths[place + 1 :])) - widths[place])
        for place in range(1, len(widths) - 1)
    )
    alike = sum(abs(one - other) < 0.1 for one, other in pairwise(widths))  # 梯形, 菱形: not a rectangle
    return uneven + 6 * waist + 0.5 * alike


def _filled(text: str, widest: float) -> tuple[str, ...]:
    """Line by line, as full as may be; the last two share what is left, so that none has a single character."""
    costs, lines, start = _costs(text), [], 0
    while width(text[start:]) > widest:
        end = start + _fitting(text, start, widest)
        least = max(start + 1, end - REACH)
        end = min(range(end, least - 1, -1), key=lambda place: costs[place] + 2 * (end - place))
        if len(text) - end == 1 and end - start > 2:
            end -= 1
        lines.append(text[start:end].strip())
        start = end
    return tuple(filter(None, [*lines, text[start:].strip()]))


def _fitting(text: str, start: int, widest: float) -> int:
    taken, count = 0.0, 0
    for character in text[start:]:
        taken += width(character)
        if taken > widest:
            break
        count += 1
    return max(count, 1)
