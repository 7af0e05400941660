"""A pass rule in the words of the reader's language: 每户每 2 天 1 人 1 次，最长 3 小时."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, pgettext

from portal.passes.kinds import CountsFor, OnOvertime, Period
from portal.passes.rule_data import EVERY_DAY, PassRule, Window
from portal.web.formats import minutes

WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
MONDAY_TO_FRIDAY = 0b0011111


def in_short(rule: PassRule) -> str:
    """The rule in one line, as it stands on a pass: who, how often, at most how long, at which hours."""
    return pgettext("between clauses", ", ").join(
        part for part in (_how_often(rule), _how_long(rule), hours_in_words(rule)) if part
    )


def describe(rule: PassRule) -> list[str]:
    """The whole rule, one plain sentence each, what people ask first at the top."""
    sentences = [_("%(words)s.", words=in_short(rule))]
    if rule.on_overtime is OnOvertime.SKIP_NEXT_TRIP:
        sentences.append(_overtime(rule))
    if rule.suspended_by:
        kinds = pgettext("between items", ", ").join(kind.label for kind in rule.suspended_by)
        sentences.append(_("Suspended while the household is restricted: %(kinds)s.", kinds=kinds))
    if rule.extra_proofs:
        sentences.append(
            _("To show as well: %(proofs)s.", proofs=pgettext("between items", ", ").join(rule.extra_proofs))
        )
    if rule.exempt:
        sentences.append(_("Not bound by this rule: %(who)s.", who=rule.exempt))
    longest = ngettext("%(num)s day", "%(num)s days", rule.longest_days)
    sentences.append(_("One pass is valid for at most %(days)s.", days=longest))
    return sentences


def hours_in_words(rule: PassRule) -> str:
    """08:00–11:00, or with the days of the week before; empty for any hour."""
    return pgettext("between items", "; ").join(_window(window) for window in rule.windows)


def _how_often(rule: PassRule) -> str:
    who, period = rule.counts_for.label, _period(rule)
    alone = rule.counts_for is CountsFor.PERSON and rule.persons == 1
    people = ngettext("%(num)s person", "%(num)s people", rule.persons)
    if rule.period is Period.UNLIMITED and alone:
        return _("%(who)s any number of trips", who=who)
    if rule.period is Period.UNLIMITED:
        return _("%(who)s any number of trips, %(people)s at a time", who=who, people=people)
    trips = ngettext("%(num)s trip", "%(num)s trips", rule.trips)
    if alone:
        return _("%(who)s %(period)s %(trips)s", who=who, period=period, trips=trips)
    return _("%(who)s %(period)s %(people)s %(trips)s", who=who, period=period, people=people, trips=trips)


def _period(rule: PassRule) -> str:
    if rule.period is Period.ODD_DAYS:
        return _("on odd dates")
    if rule.period is Period.EVEN_DAYS:
        return _("on even dates")
    if rule.period_days == 1:
        return _("every day")
    if rule.period is Period.CALENDAR:
        return _("in each %(days)s days from the first day of the order", days=rule.period_days)
    return _("every %(days)s days", days=rule.period_days)


def _how_long(rule: PassRule) -> str:
    if rule.max_minutes is None:
        return ""
    return _("at most %(length)s", length=minutes(rule.max_minutes))


def _overtime(rule: PassRule) -> str:
    if not rule.grace_minutes:
        return _("Coming back late cancels the next trip.")
    return _("More than %(grace)s late cancels the next trip.", grace=minutes(rule.grace_minutes))


def _window(window: Window) -> str:
    hours = f"{_clock(window.start)}–{_clock(window.end)}"
    days = _weekdays(window.weekdays)
    return _("%(days)s %(hours)s", days=days, hours=hours) if days else hours


def _weekdays(mask: int) -> str:
    if mask == EVERY_DAY:
        return ""
    if mask == MONDAY_TO_FRIDAY:
        return _("Mon to Fri")
    return pgettext("between items", ", ").join(
        str(name) for bit, name in enumerate(WEEKDAYS) if mask >> bit & 1
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
