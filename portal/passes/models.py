"""Passes 通行证, and the trips made with them."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.access.policy import May
from portal.access.scope import AppliesBelow, Scoped, place_indexes
from portal.database import Base, UtcDateTime, choice
from portal.orders.models import Order
from portal.passes.kinds import Kind, PassState
from portal.passes.purposes import Purpose, words_for
from portal.registry.models import Household, Resident
from portal.vault import Sealed, new_seal_id
from portal.workflow.record import Record
from portal.workflow.states import Step

APPLY = Step(
    "apply",
    _l("Send for endorsement"),
    May.APPLY_FOR_PASSES,
    (PassState.DRAFT,),
    PassState.APPLIED,
    gravity="main",
)
ENDORSE = Step(
    "endorse", _l("Endorse"), May.ENDORSE_PASSES, (PassState.APPLIED,), PassState.ENDORSED, gravity="main"
)
ISSUE = Step("issue", _l("Issue"), May.ISSUE_PASSES, (PassState.ENDORSED,), PassState.ISSUED, gravity="main")
ISSUE_AT_ONCE = Step(
    "issue_at_once",
    _l("Issue at once"),
    May.ISSUE_AT_ONCE,
    (PassState.DRAFT, PassState.APPLIED),
    PassState.ISSUED,
)
RETURN_TO_APPLICANT = Step(
    "return_to_applicant",
    _l("Return"),
    May.ENDORSE_PASSES,
    (PassState.APPLIED,),
    PassState.DRAFT,
    asks_reason=True,
)
RETURN_TO_TEAM = Step(
    "return_to_team",
    _l("Return"),
    May.ISSUE_PASSES,
    (PassState.ENDORSED,),
    PassState.APPLIED,
    asks_reason=True,
)
REJECT = Step(
    "reject",
    _l("Reject"),
    May.ISSUE_PASSES,
    (PassState.APPLIED, PassState.ENDORSED),
    PassState.REJECTED,
    asks_reason=True,
    gravity="destroys",
)
TAKE_BACK = Step(
    "take_back",
    _l("Record as handed back"),
    May.APPLY_FOR_PASSES,
    (PassState.ISSUED,),
    PassState.SURRENDERED,
)
REVOKE = Step(
    "revoke",
    _l("Revoke"),
    May.REVOKE_PASSES,
    (PassState.ISSUED,),
    PassState.REVOKED,
    asks_reason=True,
    gravity="destroys",
)
TRANSITIONS = (
    APPLY,
    ENDORSE,
    ISSUE,
    ISSUE_AT_ONCE,
    RETURN_TO_APPLICANT,
    RETURN_TO_TEAM,
    REJECT,
    TAKE_BACK,
    REVOKE,
)

# A draft is changed by its form.
CHANGE = Step("change", _l("Change"), May.APPLY_FOR_PASSES, (PassState.DRAFT,), PassState.DRAFT)
# Written on the new pass; what is asked first is the old one's state.
REISSUE = Step(
    "reissue", _l("Re-issue"), May.ISSUE_PASSES, (PassState.ISSUED,), PassState.REVOKED, asks_reason=True
)
# What re-issue and extension write: the new pass is issued in the old one's place, the old one gives way.
SUCCEED = Step("succeed", _l("Issue"), May.ISSUE_PASSES, (PassState.DRAFT,), PassState.ISSUED)
GIVE_WAY = Step("give_way", _l("Replaced"), May.ISSUE_PASSES, (PassState.ISSUED,), PassState.REVOKED)

# The steps in the account of what happened to a pass.
STEP_WORDS = {
    "draft": _lp("what was done", "Drafted"),
    "replace": _lp("what was done", "Written to replace another"),
    CHANGE.name: _lp("what was done", "Changed"),
    APPLY.name: _lp("what was done", "Applied for"),
    ENDORSE.name: _lp("what was done", "Endorsed"),
    ISSUE.name: _lp("what was done", "Issued"),
    ISSUE_AT_ONCE.name: _lp("what was done", "Issued at once"),
    SUCCEED.name: _lp("what was done", "Issued"),
    RETURN_TO_APPLICANT.name: _lp("what was done", "Returned"),
    RETURN_TO_TEAM.name: _lp("what was done", "Returned"),
    REJECT.name: _lp("what was done", "Rejected"),
    TAKE_BACK.name: _lp("what was done", "Handed back"),
    REVOKE.name: _lp("what was done", "Revoked"),
    GIVE_WAY.name: _lp("what was done", "Replaced"),
}


class Pass(Record, Scoped, Base):
    """One pass, from draft to its end. What the paper says is fixed when it is issued.

    The holder is a resident, or somebody named here with a document. ``rule`` is the order's (``PassRule.to_json``);
    ``windows`` are [start, end] minutes of the day and ``max_minutes`` the longest time out, both within the rule.
    Valid from ``valid_from`` until (not including) ``valid_until``. No ``checkpoint_ids``: every gate.

    ``suspended_by`` (restriction kinds, with spaces between), ``expiring_from``, ``series_ends_at`` and ``replaced``
    say again what the rule, the days, a changeover and another pass say, so that lists can be filtered by the state
    that people see.
    """

    __tablename__ = "pass"
    __table_args__ = (
        CheckConstraint("valid_from < valid_until", name="ends_after_it_begins"),
        Index(None, "household_id", "state"),
        *place_indexes("changed_at", "id"),
        *place_indexes("state", "changed_at", "id"),
        *place_indexes("state", "valid_until", "id"),
    )

    kind: Mapped[Kind] = mapped_column(choice(Kind))
    state: Mapped[PassState] = mapped_column(choice(PassState), default=PassState.DRAFT)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    holder_name: Mapped[str] = mapped_column(String(60))
    holder_document_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    holder_index: Mapped[str | None] = mapped_column(String(32), index=True)
    seal_id: Mapped[str] = mapped_column(String(32), default=new_seal_id)
    holder_document = Sealed()
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    purpose_note: Mapped[str] = mapped_column(String(60), default="")
    plate: Mapped[str] = mapped_column(String(20), default="", index=True)
    route: Mapped[str] = mapped_column(String(60), default="")
    employer: Mapped[str] = mapped_column(String(60), default="")
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    windows: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    max_minutes: Mapped[int | None]
    checkpoint_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    rule: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    suspended_by: Mapped[str] = mapped_column(String(120), default="")
    expiring_from: Mapped[datetime] = mapped_column(UtcDateTime)
    returned_because: Mapped[str] = mapped_column(String(500), default="")

    serial: Mapped[str | None] = mapped_column(String(20), unique=True)
    short_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    status_index: Mapped[int | None] = mapped_column(unique=True)
    code: Mapped[str | None] = mapped_column(String(600))
    series: Mapped[str] = mapped_column(String(3), default="")
    series_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str] = mapped_column(String(500), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("pass.id"), index=True)
    replaced: Mapped[bool] = mapped_column(default=False)
    copies: Mapped[int] = mapped_column(default=0)

    household: Mapped[Household | None] = relationship()
    resident: Mapped[Resident | None] = relationship()
    order: Mapped[Order] = relationship()

    @property
    def document(self) -> str | None:
        """The number of the holder's document, in full."""
        return self.resident.document if self.resident else self.holder_document

    @property
    def purpose_words(self) -> str:
        return words_for(self.purpose, self.purpose_note)


class Trip(Scoped, Base):
    """One time out and, later, back in (of a visitor: one visit, in at ``out_at`` and gone at ``in_at``).

    Written by the gates, read by the rules. Belongs to the pass's unit.
    """

    __tablename__ = "trip"
    __table_args__ = (Index(None, "household_id", "out_at"), *place_indexes("in_at", "out_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    pass_id: Mapped[int | None] = mapped_column(ForeignKey("pass.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    out_at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    out_checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))
    in_checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))

    held: Mapped[Pass | None] = relationship()


class SeriesChange(AppliesBelow, Base):
    """换证: from this hour only passes of this series are valid in this unit and below. No ``kind``: all kinds."""

    __tablename__ = "series_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(3))
    kind: Mapped[Kind | None] = mapped_column(choice(Kind))
    from_: Mapped[datetime] = mapped_column("from", UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
