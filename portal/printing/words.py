"""What all paper says in the same words. Paper is Chinese in both languages of the portal."""

from datetime import date, datetime

from portal import clock

CHINESE = "zh_Hans"


def day_in_words(day: date) -> str:
    """2026年2月4日: Arabic figures, in full, without leading noughts (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_in_words(moment: datetime) -> str:
    """2026年11月23日 08:10, as it was here."""
    here = clock.local(moment)
    return f"{day_in_words(here)} {here:%H:%M}"
