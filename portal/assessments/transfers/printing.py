"""转送单: what goes to the other side on paper, in two copies, with the person in full."""

from dataclasses import dataclass

from flask import Response

from portal.assessments.models import Transfer
from portal.audit import service as audit
from portal.clock import local
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import moment_in_words
from portal.units.installation import foot
from portal.workflow.record import steps_of

COPIES = ("转出方存", "接收方存")
SLIP_WITH = COPIES[1]


@dataclass(frozen=True)
class TransferSheet:
    """What both copies say. ``slip_with``: the copy that ends in a slip to be signed, cut off and sent back."""

    number: str
    giver: str
    receiver: str
    handed_by: str
    when: str
    name: str
    document: str
    phone: str
    facts: str
    answer_by: str
    copies: tuple[str, ...]
    slip_with: str
    foot: Foot


def sheet_of(transfer: Transfer) -> TransferSheet:
    """The sheet, the same from either side."""
    return TransferSheet(
        number=f"转送{local(transfer.created_at):%Y%m%d}-{transfer.pair[:6]}",
        giver=transfer.from_name,
        receiver=transfer.to_name,
        handed_by=steps_of(transfer)[0].by,
        when=moment_in_words(transfer.created_at),
        name=transfer.name,
        document=transfer.document or "",
        phone=transfer.phone or "",
        facts=transfer.facts,
        answer_by=moment_in_words(transfer.due_at),
        copies=COPIES,
        slip_with="" if transfer.to_unit_id else SLIP_WITH,
        foot=foot(),
    )


def sheet(transfer: Transfer, reason: str) -> Response:
    """The sheet as the answer to a request. It shows the person in full, so it asks for a reason."""
    audit.record("transfer.print", transfer, reason=reason)
    return printed("assessments/transfer.html", sheet_of(transfer), file_name=f"transfer-{transfer.id}")
