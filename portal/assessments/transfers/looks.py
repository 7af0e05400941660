"""What the pages about transfers show."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.access.acting import acting
from portal.assessments import models
from portal.assessments.kinds import TransferState
from portal.assessments.models import Transfer
from portal.assessments.transfers import service
from portal.assessments.transfers.listing import look_of, side_words, state_words
from portal.clock import now
from portal.database import db
from portal.units.models import Unit
from portal.web.formats import mask_document, mask_name, mask_phone
from portal.workflow.record import Entry, entries_of
from portal.workflow.states import Step, steps_open

OF_SIDE = {
    "inside": (models.WITHDRAW,),
    "outside": (models.ANSWERED_ON_PAPER, models.REFUSED_ON_PAPER, models.WITHDRAW),
    "received": (models.ACKNOWLEDGE, models.REFUSE),
}
STEP_WORDS: dict[str, Any] = {
    "give": _lp("what was done", "Handed over"),
    "receive": _lp("what was done", "Handed over"),
    "acknowledge": _lp("what was done", "Acknowledged"),
    "refuse": _lp("what was done", "Refused"),
    "answered_on_paper": _lp("what was done", "Signed sheet recorded"),
    "refused_on_paper": _lp("what was done", "Refused on paper"),
    "withdraw": _lp("what was done", "Withdrawn"),
}
STEP_LOOKS = {"refuse": "no", "refused_on_paper": "no", "withdraw": "no"}


def at_transfer(transfer: Transfer) -> dict[str, Any]:
    """All that a transfer's own page shows."""
    return about(transfer) | {
        "phone": mask_phone(transfer.phone),
        "document": mask_document(transfer.document),
        "unit": db.session.get_one(Unit, transfer.unit_id).full_name,
        "waits": waits(transfer),
        "steps": steps_to_take(transfer),
        "entries": entries(transfer),
    }


def about(transfer: Transfer) -> dict[str, Any]:
    """What every page about one transfer says on top."""
    return {
        "transfer": transfer,
        "shown_name": mask_name(transfer.name),
        "side": side_words(
            is_giving=transfer.is_giving, to_name=transfer.to_name, from_name=transfer.from_name
        ),
        "state": state_words(transfer.state, is_giving=transfer.is_giving),
        "look": look_of(transfer.state, transfer.due_at),
        "waiting": transfer.state is TransferState.GIVEN,
        "is_late": transfer.state is TransferState.GIVEN and transfer.due_at < now(),
    }


def side_of(transfer: Transfer) -> tuple[Step, ...]:
    """The steps of the side that has this row."""
    if not transfer.is_giving:
        return OF_SIDE["received"]
    return OF_SIDE["inside" if transfer.to_unit_id else "outside"]


def steps_to_take(transfer: Transfer) -> list[Step]:
    """Those that the one acting now may take; nobody answers what they gave themselves."""
    if not transfer.is_giving and transfer.created_by_id == acting().account_id:
        return []
    return steps_open(transfer, side_of(transfer))


def waits(transfer: Transfer) -> Any:
    """What is waited for, in words; nothing where it is done."""
    if transfer.state is TransferState.REFUSED and transfer.is_giving:
        return _l(
            "The other side did not take the case, you are still responsible: ask the office, or hand it elsewhere."
        )
    if transfer.state is not TransferState.GIVEN:
        return ""
    if not transfer.is_giving:
        return _l("Make sure where the person is. With your acknowledgement the case is yours.")
    if transfer.to_unit_id and not service.is_anybody_there(transfer):
        return _l(
            "Nobody there can answer in the portal any more: withdraw this, and hand it over anew on paper."
        )
    if transfer.to_unit_id:
        return _l("The other side sees it in the portal. Until it acknowledges you are responsible.")
    return _l(
        "The other side has no part in this portal: print the sheet and have it signed. Until then you are responsible."
    )


def entries(transfer: Transfer) -> list[Entry]:
    """经过: the steps so far with their reasons."""
    return entries_of(transfer, STEP_WORDS, STEP_LOOKS)
