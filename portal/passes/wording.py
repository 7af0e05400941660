"""A gate's decision in the words of the reader's language, translated when asked for."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.passes.facts import Decision
from portal.passes.quota import ONE_DAY, UTC8, local_minute
from portal.passes.rules import NAMES_NEXT
from portal.passes.verdicts import Direction, Reason, Verdict
from portal.web import formats
from portal.web.temperatures import degrees


def headline(decision: Decision) -> str:
    """The reason in one big word."""
    return str(HEADLINES[decision.reason])


def sentence(decision: Decision) -> str:
    """What is the case and what to do now. Plain text."""
    if decision.verdict is Verdict.GREEN:
        return _when_let_through(decision)
    fact = str(FACTS[decision.reason]) % _named(decision)
    return _("%(fact)s %(step)s", fact=fact, step=_step(decision))


def clock_note(decision: Decision) -> str:
    """That the device's clock is off, or nothing."""
    if decision.clock_off is None:
        return ""
    off = formats.minutes(abs(decision.clock_off))
    if decision.clock_off > 0:
        return str(ENDS["fast"]) % {"off": off}
    return str(ENDS["slow"]) % {"off": off}


def end_of(moment: datetime) -> str:
    """An end as people say it: midnight is 24:00 of the day before."""
    if local_minute(moment) == 0:
        return _(
            "%(day)s %(time)s", day=formats.day((moment.astimezone(UTC8) - ONE_DAY).date()), time="24:00"
        )
    return formats.moment(moment)


def _when_let_through(decision: Decision) -> str:
    if decision.back_by is None:
        return str(ENDS["free"])
    which = "leave_by" if decision.direction is Direction.ENTRY else "back_by"
    return str(ENDS[which]) % {"when": formats.moment(decision.back_by)}


def _step(decision: Decision) -> str:
    if decision.verdict is Verdict.AMBER:
        return _step_at_the_end(decision)
    if decision.reason in NAMES_NEXT:
        return _next_time(decision)
    return str(STEPS[decision.reason])


def _next_time(decision: Decision) -> str:
    if decision.next_at is None:
        return str(ENDS["no_next"])
    return str(ENDS["next"]) % {"when": formats.moment(decision.next_at)}


def _step_at_the_end(decision: Decision) -> str:
    if decision.cancels_next:
        return str(ENDS["cancels_next"])
    if decision.reason is Reason.NOT_OUT:
        return str(ENDS["not_out"])
    if decision.reason is Reason.OVERTIME and decision.direction is Direction.ENTRY:
        return str(ENDS["overtime"])
    return str(ENDS["let_in" if decision.direction is Direction.ENTRY else "let_out"])


def _named(decision: Decision) -> dict[str, object]:
    since = decision.since
    told = end_of if decision.reason is Reason.EXPIRED else formats.moment
    return {
        "since": told(since) if since else str(ENDS["earlier"]),
        "late": formats.minutes(decision.minutes_late or 0),
        "persons": decision.persons,
        "temperature": degrees(decision.temperature) if decision.temperature else "",
    }


HEADLINES = {
    Reason.FEVER: _l("Fever"),
    Reason.CODE_FOREIGN: _l("Not our code"),
    Reason.CODE_DAMAGED: _l("Code incomplete"),
    Reason.CODE_ALTERED: _l("Code altered"),
    Reason.UNKNOWN: _l("No such pass"),
    Reason.KEY_WINDOW: _l("Signature not valid"),
    Reason.REPLACED: _l("Replaced"),
    Reason.NOT_ISSUED: _l("Not issued"),
    Reason.REVOKED: _l("Revoked"),
    Reason.SURRENDERED: _l("Handed back"),
    Reason.SERIES_ENDED: _l("Old series"),
    Reason.NOT_YET: _l("Not yet valid"),
    Reason.EXPIRED: _l("Expired"),
    Reason.ORDER_ENDED: _l("Order not in force"),
    Reason.SUSPENDED: _l("Suspended"),
    Reason.WRONG_GATE: _l("Another gate"),
    Reason.WRONG_DAY: _l("Not today"),
    Reason.WRONG_HOUR: _l("Not at this hour"),
    Reason.QUOTA_USED: _l("Trips used up"),
    Reason.TRIP_CANCELLED: _l("Trip cancelled"),
    Reason.ALREADY_OUT: _l("Already out"),
    Reason.ALREADY_IN: _l("Already inside"),
    Reason.TOO_MANY: _l("Too many people"),
    Reason.NOT_OUT: _l("No exit recorded"),
    Reason.NOT_IN: _l("No entry recorded"),
    Reason.OVERTIME: _l("Back late"),
    Reason.MAY_GO: _l("May pass"),
    Reason.WELCOME_BACK: _l("May pass"),
}

# What is the case.
FACTS = {
    Reason.FEVER: _l("Temperature %(temperature)s ℃."),
    Reason.CODE_FOREIGN: _l("This is not the code of a pass of this portal."),
    Reason.CODE_DAMAGED: _l("The code was not read to its end."),
    Reason.CODE_ALTERED: _l("The signature does not fit: the code was changed or forged."),
    Reason.UNKNOWN: _l("There is no pass with this code."),
    Reason.KEY_WINDOW: _l("This pass was not signed in the time of its key."),
    Reason.REPLACED: _l("This pass was replaced by a new one (%(since)s)."),
    Reason.NOT_ISSUED: _l("This pass has not been issued."),
    Reason.REVOKED: _l("This pass was revoked (%(since)s)."),
    Reason.SURRENDERED: _l("This pass was handed back (%(since)s)."),
    Reason.SERIES_ENDED: _l("Passes of this series ended (%(since)s)."),
    Reason.NOT_YET: _l("This pass is valid from %(since)s."),
    Reason.EXPIRED: _l("This pass was valid until %(since)s."),
    Reason.ORDER_ENDED: _l("The order behind this pass is not in force."),
    Reason.SUSPENDED: _l("This household's passes are suspended for now."),
    Reason.WRONG_GATE: _l("This pass is not for this gate."),
    Reason.WRONG_DAY: _l("This pass does not let out on this day."),
    Reason.WRONG_HOUR: _l("It is outside the hours of this pass."),
    Reason.QUOTA_USED: _l("The trips of this period are used up, the last one began %(since)s."),
    Reason.TRIP_CANCELLED: _l("The trip of %(since)s was %(late)s late, so this one is cancelled."),
    Reason.ALREADY_OUT: _l("This pass went out %(since)s and has not come back."),
    Reason.ALREADY_IN: _l("This pass came in %(since)s and has not left."),
    Reason.TOO_MANY: _l("People on this pass at a time: %(persons)s."),
    Reason.NOT_OUT: _l("There is no exit for this entry."),
    Reason.NOT_IN: _l("There is no entry for this exit."),
    Reason.OVERTIME: _l("Due %(since)s, %(late)s late."),
}

# What a sentence ends with where the reason alone does not say it.
ENDS = {
    "free": _l("Nothing stands in the way."),
    "back_by": _l("To be back by %(when)s."),
    "leave_by": _l("To leave by %(when)s."),
    "next": _l("Next time: %(when)s."),
    "no_next": _l("Ask the community when the next time is."),
    "cancels_next": _l("Let the person in; the next trip is cancelled."),
    "not_out": _l("Ask when and by which gate the person left, record the exit, then let the person in."),
    "overtime": _l("Let the person in and ask to be on time."),
    "let_in": _l("Someone who lives here is let in: note the room and tell the community."),
    "let_out": _l("Let the visitor leave, note the time and tell the community."),
    "earlier": _l("earlier"),
    "fast": _l("The clock of this device is %(off)s fast: set it right."),
    "slow": _l("The clock of this device is %(off)s slow: set it right."),
}

# What to do when a trip is refused.
STEPS = {
    Reason.FEVER: _l("Ask the person to wait apart with a mask on; call 120 and tell the community."),
    Reason.CODE_FOREIGN: _l("Ask for the pass itself, or type its short code."),
    Reason.CODE_DAMAGED: _l("Scan it again, or type the short code."),
    Reason.CODE_ALTERED: _l("Keep the pass and tell the community."),
    Reason.UNKNOWN: _l("Compare it with the paper and type it again; otherwise ask the community."),
    Reason.KEY_WINDOW: _l("Keep the pass and send the person to the community for a new one."),
    Reason.REPLACED: _l("Keep the old pass and ask for the new one."),
    Reason.NOT_ISSUED: _l("Send the person to the grid member."),
    Reason.REVOKED: _l("Keep the pass and send the person to the community."),
    Reason.SURRENDERED: _l("Keep the pass and tell the community."),
    Reason.SERIES_ENDED: _l("Send the person to the community for a pass of the new series."),
    Reason.NOT_YET: _l("Ask the person to come back then."),
    Reason.EXPIRED: _l("Send the person to the grid member to have it extended."),
    Reason.ORDER_ENDED: _l("Ask the community; with no order in force nobody needs a pass."),
    Reason.SUSPENDED: _l(
        "Ask the person to go home; the grid member brings what is needed. In an emergency call 120."
    ),
    Reason.WRONG_GATE: _l("Send the person to a gate named on the pass."),
    Reason.ALREADY_OUT: _l(
        "If the holder is back, record the entry first; otherwise keep the pass and tell the community."
    ),
    Reason.ALREADY_IN: _l(
        "If the visitor has left, record the exit first; otherwise keep the pass and tell the community."
    ),
    Reason.TOO_MANY: _l("Ask the others to turn back, then check again."),
}
