"""The papers of findings: the written notice 告知书, one sheet a person, and the referral sheet 移交单.

Paper is Chinese in both languages, so its words are written here and in ``templates/print/findings/``.
"""

from dataclasses import dataclass

from flask import Response

from portal.printing.document import printed
from portal.printing.foot import Foot


@dataclass(frozen=True)
class NoticeSheet:
    """The notice for one person; ``to`` empty: for whoever is met, written in by hand."""

    number: str
    to: str
    address: str
    facts: str
    basis: str
    asks: str
    given_by: str
    unit: str
    day: str


@dataclass(frozen=True)
class Notices:
    """The sheets of one finding."""

    sheets: tuple[NoticeSheet, ...]
    foot: Foot


@dataclass(frozen=True)
class Involved:
    """Somebody on the sheet for the police, in full."""

    name: str
    document: str
    phone: str
    address: str
    note: str


@dataclass(frozen=True)
class ReferralSheet:
    """What goes to the police. Texts as they are; ``rungs`` are (step, moment), ``evidence`` a line each."""

    number: str
    station: str
    unit: str
    what: str
    place: str
    when: str
    people: str
    facts: str
    rungs: tuple[tuple[str, str], ...]
    persons: tuple[Involved, ...]
    basis: str
    evidence: tuple[str, ...]
    referred_by: str
    referred_at: str
    foot: Foot


def print_notices(notices: Notices) -> Response:
    """The answer to a request for paper; see ``portal.printing.document.printed``."""
    return printed("findings/notice.html", notices, file_name="notice")


def print_referral(sheet: ReferralSheet) -> Response:
    """The same for the police."""
    return printed("findings/referral.html", sheet, file_name="referral")
