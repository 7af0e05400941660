"""Pass certificates on paper: cards, ten to an A4 sheet, or A5 with the trip grid on the back; counterfoils.

Certificates are Chinese in both languages, so their words are written here and in ``templates/print/passes/``.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal import clock
from portal.passes.kinds import Kind
from portal.passes.rule_data import DAY_MINUTES, EVERY_DAY, Window
from portal.printing.foot import Foot
from portal.printing.words import day_in_words

CARD_LINE = 12  # Chinese characters in a line of the card, of A5
A5_LINE = 24
ROOMY, DENSE, TIGHT = "roomy", "dense", "tight"

KIND_WORDS = {
    Kind.HOUSEHOLD: "居民",
    Kind.WORK: "复工",
    Kind.STAFF: "工作",
    Kind.VEHICLE: "车辆",
    Kind.SPECIAL: "特殊",
    Kind.VISITOR: "访客",
}


class Layout(StrEnum):
    """The paper that a pass is printed on."""

    CARDS = "cards"
    A5 = "a5"


@dataclass(frozen=True)
class Certificate:
    """What one pass says on paper. Plain data; texts as they are, moments aware, no windows or gates mean any."""

    serial: str
    short_code: str
    code: str
    kind: Kind
    holder: str
    document: str  # masked
    address: str
    reason: str
    valid_from: datetime
    valid_until: datetime
    windows: tuple[Window, ...]
    max_minutes: int | None
    rule: str  # 每户每 2 天 1 人 1 次
    gates: tuple[str, ...]
    issuer: str
    issued_on: date
    order_number: str
    series: str = ""
    plate: str = ""
    route: str = ""
    copy: int = 1

    @property
    def kind_word(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def period(self) -> str:
        """2026年11月23日至29日; hours only where they are not the edges of the day."""
        start, end = clock.local(self.valid_from), clock.local(self.valid_until)
        if end.time() == time(0) and end > start:
            end -= timedelta(minutes=1)
        return f"{_moment(start, time(0))}至{_moment(end, time(23, 59), after=start)}"

    @property
    def hours(self) -> str:
        """08:00–11:00、周六、日 15:00–17:00"""
        return "，".join(map(_hours, self.windows)) or "不限"

    @property
    def limits(self) -> str:
        """How often, and how long at most."""
        return "，".join(filter(None, (self.rule, self._longest())))

    @property
    def all_gates(self) -> str:
        return "、".join(self.gates) or "各卡点"

    @property
    def signed_on(self) -> str:
        return _day(self.issued_on)

    @property
    def card_rows(self) -> list[tuple[str, str]]:
        """What the card has room for: (label, text), each cut to two lines at most."""
        where = ("车牌", f"{self.plate} {self.route}") if self.plate else ("住址", self.address)
        rows = [
            where,
            ("有效期", self.period),
            ("时段", fit(self.hours, CARD_LINE + 3)),
            ("规则", self.limits),
        ]
        return [(label, fit(text, 2 * CARD_LINE)) for label, text in rows] + [("卡点", self._some_gates())]

    @property
    def a5_rows(self) -> list[tuple[str, str]]:
        """Everything but the holder: (label, text)."""
        vehicle = [("车牌", self.plate), ("路线", self.route)] if self.plate else []
        rows = [
            ("证件", self.document),
            ("住址", self.address),
            *vehicle,
            ("事由", self.reason),
            ("有效期", self.period),
            ("时段", self.hours),
            ("规则", self.limits),
            ("卡点", self.all_gates),
        ]
        return [(label, fit(text, 3 * A5_LINE)) for label, text in rows]

    @property
    def counterfoil_lines(self) -> list[str]:
        """Where and why, as far as a line of the counterfoil has room."""
        texts = (self.address, f"{self.plate} {self.route}" if self.plate else "", self.reason)
        return [fit(text, A5_LINE) for text in texts if text]

    @property
    def issuer_in_two_lines(self) -> str:
        return fit(self.issuer, 30)

    @property
    def order_in_one_line(self) -> str:
        return fit(self.order_number, 22)

    @property
    def check(self) -> str:
        """The short code in two halves, to be read out."""
        return f"查验码 {self.short_code[:4]} {self.short_code[4:]}"

    @property
    def copy_words(self) -> str:
        """Nothing on the first copy."""
        return f"第{self.copy}次" if self.copy > 1 else ""

    @property
    def basis(self) -> str:
        """The order on which the pass rests."""
        return f"依据 {self.order_in_one_line}，指令结束本证同时失效。"

    @property
    def card_density(self) -> str:
        return _density(self.card_rows, self.holder, CARD_LINE, roomy=7, dense=7)

    @property
    def a5_density(self) -> str:
        return _density(self.a5_rows, self.holder, A5_LINE, roomy=9, dense=14)

    def _longest(self) -> str:
        return f"最长 {_length(self.max_minutes)}" if self.max_minutes else ""

    def _some_gates(self) -> str:
        if _width(self.all_gates) <= CARD_LINE:
            return self.all_gates
        return f"{fit(self.gates[0], CARD_LINE - 5)}等 {len(self.gates)} 处"


@dataclass(frozen=True)
class Certificates:
    """Certificates to print, in the order in which they are to lie; counterfoils follow on request."""

    certificates: tuple[Certificate, ...]
    foot: Foot
    counterfoil: bool = False
    paper: Layout = Layout.CARDS  # of counterfoils that stand alone

    @property
    def sheets(self) -> list[tuple[Certificate, ...]]:
        """Ten cards each."""
        return [self.certificates[i : i + 10] for i in range(0, len(self.certificates), 10)]


def fit(text: str, characters: int) -> str:
    """``text`` in the room of so many Chinese characters, with … where something had to go."""
    if _width(text) <= characters:
        return text
    room = characters - 1.0
    end = 0
    while (room := room - _width(text[end])) >= 0:
        end += 1
    return f"{text[:end]}…"


def _width(text: str) -> float:
    """In Chinese characters: what is not wide takes six tenths."""
    return sum(10 if unicodedata.east_asian_width(c) in "WFA" else 6 for c in text) / 10


def _density(rows: list[tuple[str, str]], holder: str, line: int, *, roomy: int, dense: int) -> str:
    lines = sum(_lines(text, line) for _, text in rows) + _lines(holder, line * 2 // 3)
    return ROOMY if lines <= roomy else DENSE if lines <= dense else TIGHT


def _lines(text: str, line: int) -> int:
    return max(1, -int(-_width(text) // line))


def _moment(moment: datetime, silent: time, after: datetime | None = None) -> str:
    clock_time = "" if moment.time().replace(second=0, microsecond=0) == silent else f"{moment:%H:%M}"
    return _day(moment.date(), after.date() if after else None) + clock_time


def _day(day: date, after: date | None = None) -> str:
    """Year and month only where they differ from ``after``."""
    if after and day == after:
        return "当日"
    if after and (day.year, day.month) == (after.year, after.month):
        return f"{day.day}日"
    if after and day.year == after.year:
        return f"{day.month}月{day.day}日"
    return day_in_words(day)


def _hours(window: Window) -> str:
    hours = (
        "全天"
        if (window.start, window.end) == (0, DAY_MINUTES)
        else f"{_clock(window.start)}–{_clock(window.end)}"
    )
    if window.weekdays == EVERY_DAY:
        return hours
    days = [name for day, name in enumerate("一二三四五六日") if window.is_on(day)]
    return f"周{'、'.join(days)} {hours}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} 小时" if hours else "", f"{rest} 分钟" if rest else "")))
