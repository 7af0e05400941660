"""Rounds and findings looked for, in the words of the reader's language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from portal.patrols.findings.kinds import FindingKind
from portal.web.formats import minutes


def hour_words(minute: int) -> str:
    """09:00"""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def hours_words(several: Iterable[int]) -> str:
    """09:00, 12:00, 15:00"""
    return pgettext("between items", ", ").join(map(hour_words, several))


def describe(parameters: dict[str, Any]) -> list[str]:
    """What an order asks of patrols, one plain sentence each, the shortest account first."""
    return [
        _("Rounds at %(hours)s.", hours=hours_words(parameters["rounds"])),
        _(
            "A round may begin up to %(length)s late; after that it counts as missed.",
            length=minutes(parameters["grace_minutes"]),
        ),
        _("Looked for: %(kinds)s.", kinds=kinds_words(parameters)),
    ]


def kinds_words(parameters: dict[str, Any]) -> str:
    """The kinds of findings that an order names, in their order."""
    named = parameters["kinds"]
    return pgettext("between items", "; ").join(kind.label for kind in FindingKind if kind.value in named)
