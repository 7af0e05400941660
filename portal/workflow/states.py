"""States and steps as data: who may take a step, from which states, what it writes.

A workflow lists its steps in TRANSITIONS; ``take`` is the only thing that changes a state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from portal.access.acting import acting, may
from portal.access.policy import May
from portal.audit import service as audit
from portal.clock import now
from portal.database import Base, db
from portal.web.errors import Refused
from portal.web.formats import moment
from portal.workflow import figures
from portal.workflow.models import StepTaken
from portal.workflow.record import steps_of

Kept = TypeVar("Kept", bound=Base)


@dataclass(frozen=True)
class Step:
    """One named step. ``label`` is lazy; ``gravity`` is ``main``, ``quiet`` or ``destroys``."""

    name: str
    label: Any
    needs: May
    from_states: tuple[StrEnum, ...]
    to: StrEnum
    asks_reason: bool = False
    gravity: str = "quiet"


def steps_open(record: Any, transitions: Iterable[Step]) -> list[Step]:
    """The steps that the one acting now may take from the record's present state, in the order of TRANSITIONS."""
    return [step for step in transitions if record.state in step.from_states and may(step.needs)]


def refuse_closed(record: Any, step: Step) -> None:
    """``Refused`` where this step cannot be taken from the record's state: before anything is asked."""
    if record.state not in step.from_states:
        what = {"step": step.label, "state": record.state.label}
        raise Refused(_("“%(step)s” is not possible here: the state is now “%(state)s”.", **what))


def lock(record: Any) -> None:
    """Nobody else changes it until this request is done; from now on it says what it says in the database."""
    db.session.flush()
    db.session.refresh(record, with_for_update=True)


def for_step(model: type[Kept], record_id: int, step: Step) -> Kept:
    """The record, if this step can be taken from its state; else ``Refused`` before anything is asked."""
    record = db.get_or_404(model, record_id)
    refuse_closed(record, step)
    return record


def begin(record: Any, *, step: str, **details: Any) -> None:
    """Note that a new record came into being, in the state that it has."""
    db.session.add(record)
    db.session.flush()
    _note(record, step, from_state="", reason="", details=details)


def take(record: Any, step: Step, *, reason: str = "", **details: Any) -> None:
    """Move the record by ``step``. Of several at once one wins; ``Refused`` tells the others who was first.

    ``details`` go to the audit trail: nothing personal.
    """
    lock(record)
    if record.state not in step.from_states:
        raise Refused(_somebody_was_first(record))
    from_state = record.state
    record.state = step.to
    record.changed_at = now()
    _note(record, step.name, from_state=from_state, reason=reason, details=details)


def _note(record: Any, step: str, *, from_state: str, reason: str, details: dict[str, Any]) -> None:
    who = acting()
    db.session.add(
        StepTaken(
            unit_id=record.unit_id,
            record=record.__tablename__,
            record_id=record.id,
            step=step,
            from_state=from_state,
            to_state=record.state,
            at=record.changed_at,
            account_id=who.account_id,
            by=who.name,
            by_unit=who.unit_name,
            by_role=who.role,
            reason=reason,
        )
    )
    figures.step_taken(record, step, record.changed_at)
    audit.record(
        f"{record.__tablename__}.{step}",
        record,
        reason=reason,
        from_state=str(from_state),
        to_state=str(record.state),
        **details,
    )


def _somebody_was_first(record: Any) -> str:
    last = steps_of(record)[-1:]
    if not last:
        return _("This can no longer be done: the state is now “%(state)s”.", state=record.state.label)
    return _(
        "This can no longer be done: %(who)s was first (%(when)s), the state is now “%(state)s”.",
        who=last[0].by,
        when=moment(last[0].at),
        state=record.state.label,
    )
