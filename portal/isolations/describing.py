"""What an order asks of isolations, in the words of the reader's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.isolations.kinds import Slot
from portal.isolations.rules import Rule, SlotOfDay
from portal.web.formats import day
from portal.web.temperatures import degrees


def hour_words(minute: int) -> str:
    """10:00"""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def describe(parameters: dict[str, Any]) -> list[str]:
    """One plain sentence each, the shortest account first."""
    rule = Rule.of(parameters)
    sentences = [
        ngettext("%(num)s whole day.", "%(num)s whole days.", rule.days),
        _(
            "Two checks a day, by %(morning)s and by %(evening)s.",
            morning=hour_words(rule.morning),
            evening=hour_words(rule.evening),
        ),
        _("%(degrees)s ℃ and more is reported at once.", degrees=degrees(rule.threshold)),
    ]
    if rule.needs_tests:
        sentences.append(_("Release needs the results of the tests."))
    if rule.suspends_passes:
        sentences.append(
            _("The household's passes are suspended meanwhile, as far as their own rule says so.")
        )
    return sentences


def slot_words(one: SlotOfDay) -> str:
    """today, morning"""
    which, slot = one
    return _("%(day)s, %(slot)s", day=day(which), slot=slot_inside(slot))


def slot_inside(slot: Slot) -> str:
    """The slot within a sentence."""
    return _("morning") if slot is Slot.MORNING else _("evening")
