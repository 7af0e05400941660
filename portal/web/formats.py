"""How moments, lengths of time and masked facts read. Everything here also is a Jinja filter of the same name."""

import re
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from flask import Flask
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _

from portal import clock

DEMO_MARK = "演示·"
HIDDEN = "****"
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3})-?(\d{7,8})")
CITIZEN_NUMBER = re.compile(r"\d{17}[\dX]")
PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])·?([A-Z0-9挂学警港澳]{5,6})")


def moment(when: datetime) -> str:
    """As people say it: 今天 08:10, 昨天 19:32, 11月23日 08:10; the year only where it is another one."""
    return _("%(day)s %(time)s", day=day(clock.local(when).date()), time=clock_time(when))


def full_moment(when: datetime) -> str:
    """Date with year, and time: for the title of a moment and for print."""
    here = clock.local(when)
    return _("%(day)s %(time)s", day=full_day(here.date()), time=clock_time(here))


def day(which: date) -> str:
    """今天, 明天, 昨天, 11月23日, or 2025年11月23日 in another year."""
    today = clock.today()
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((which - today).days)
    if near:
        return near
    # l10n: a date without its year, as a pattern of CLDR
    return _date(which, pgettext("pattern", "d MMM")) if which.year == today.year else full_day(which)


def full_day(which: date) -> str:
    """2026年11月23日, 23 Nov 2026."""
    # l10n: a date with its year, as a pattern of CLDR
    return _date(which, pgettext("pattern", "d MMM y"))


def clock_time(when: datetime | time) -> str:
    """24-hour clock, local: 08:10."""
    return (clock.local(when) if isinstance(when, datetime) else when).strftime("%H:%M")


def period(start: datetime | date | time, end: datetime | date | time) -> str:
    """From … to … for two times, two dates or two moments: 08:00–11:00, 11月23日 至 11月29日."""
    if isinstance(start, time) and isinstance(end, time):
        return f"{clock_time(start)}–{clock_time(end)}"
    if isinstance(start, datetime) and isinstance(end, datetime):
        if clock.local(start).date() == clock.local(end).date():
            return f"{moment(start)}–{clock_time(end)}"
        return _("%(start)s to %(end)s", start=moment(start), end=moment(end))
    return _("%(start)s to %(end)s", start=_day_of(start), end=_day_of(end))


def minutes(length: int | timedelta) -> str:
    """A length of time: 2 小时, 90 分钟, 2 小时 30 分钟."""
    total = int(length.total_seconds() // 60) if isinstance(length, timedelta) else length
    hours, rest = divmod(total, 60)
    if (rest and total < 120) or not total:
        return ngettext("%(num)s minute", "%(num)s minutes", total)
    whole = ngettext("%(num)s hour", "%(num)s hours", hours)
    return f"{whole} {ngettext('%(num)s minute', '%(num)s minutes', rest)}" if rest else whole


def mask_name(name: str | None) -> str:
    """The first character only: 张*. The mark of invented people stays: 演示·张*."""
    if not name:
        return ""
    mark = DEMO_MARK if name.startswith(DEMO_MARK) else ""
    own = name.removeprefix(mark).strip()
    return f"{mark}{own[0]}*" if len(own) > 1 else f"{mark}*"


def mask_phone(phone: str | None) -> str:
    """138****5678; a landline keeps its area code and the last three figures; anything else the last two."""
    plain = re.sub(r"[\s()-]", "", phone or "")
    if not plain:
        return ""
    if MOBILE.fullmatch(plain):
        return f"{plain[:3]}{HIDDEN}{plain[-4:]}"
    if landline := LANDLINE.fullmatch(plain):
        return f"{landline[1]}-{HIDDEN}{plain[-3:]}"
    return HIDDEN + (plain[-2:] if len(plain) >= 7 else "")


def mask_document(number: str | None) -> str:
    """An identity number keeps place and end (411722********0018), any other document first one and last two."""
    if not number:
        return ""
    if CITIZEN_NUMBER.fullmatch(number):
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    return f"{number[0]}{HIDDEN}{number[-2:]}" if len(number) >= 6 else HIDDEN


def mask_plate(plate: str | None) -> str:
    """豫Q·D31**7; what is no ordinary plate keeps its first and last character."""
    if not plate:
        return ""
    if ordinary := PLATE.fullmatch(plate):
        serial = ordinary[2]
        return f"{ordinary[1]}·{serial[:-3]}**{serial[-1]}"
    return f"{plate[0]}**{plate[-1]}" if len(plate) >= 4 else "**"


def _date(which: date, pattern: str) -> str:
    return format_date(which, pattern, locale=get_locale())


def _day_of(which: datetime | date | time) -> str:
    if isinstance(which, time):
        raise TypeError("a period is two times, two dates or two moments")
    return day(clock.local(which).date() if isinstance(which, datetime) else which)


FILTERS = (
    moment,
    full_moment,
    day,
    full_day,
    clock_time,
    period,
    minutes,
    mask_name,
    mask_phone,
    mask_document,
    mask_plate,
)


def lines_of(text: str) -> tuple[str, ...]:
    """What stands on each line, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def init_app(app: Flask) -> None:
    """Every format as a filter (``{{ pass.until|moment }}``) and as a function (``{{ period(a, b) }}``)."""
    named = {shape.__name__: shape for shape in FILTERS}
    app.jinja_env.filters.update(named)
    app.jinja_env.globals.update(named)
