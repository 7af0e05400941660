"""The paper of a hand-over 交接单, in two copies, and what it says. Paper is Chinese in both languages."""

from dataclasses import dataclass

from flask import Response

from portal.access.acting import acting
from portal.audit import service as audit
from portal.patrols.findings.wording import moment
from portal.patrols.handovers.kinds import HandoverSide
from portal.patrols.handovers.models import Handover
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.units.installation import foot
from portal.workflow.offices import office_of
from portal.workflow.record import steps_of

COPIES = ("交出方存", "接收方存")


@dataclass(frozen=True)
class HandoverSheet:
    """What both copies say. Texts as they are; nobody of the public is named."""

    number: str
    giver: str
    receiver: str
    handed_by: str
    place: str
    when: str
    people: int
    vehicles: int
    facts: str
    copies: tuple[str, ...]
    foot: Foot


def sheet_of(handover: Handover) -> HandoverSheet:
    """The paper of a hand-over, the same from either side."""
    first = steps_of(handover)[0]
    gives = handover.side is HandoverSide.GIVEN
    return HandoverSheet(
        number=handover.number,
        giver=office_of(first, handover.street_id) if gives else handover.neighbour,
        receiver=handover.neighbour if gives else acting().unit_name,
        handed_by=first.by,
        place=handover.place,
        when=moment(handover.at),
        people=handover.people,
        vehicles=handover.vehicles,
        facts=handover.facts,
        copies=COPIES,
        foot=foot(),
    )


def print_sheet(handover: Handover) -> Response:
    """The answer to a request for paper; see ``portal.printing.document.printed``."""
    audit.record("handover.print", handover)
    return printed("handovers/sheet.html", sheet_of(handover), file_name="handover")
