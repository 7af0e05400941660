"""What is done with passes, from application to the end. Each verb refuses with a sentence that says what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.access.acting import Place, acting
from portal.access.scope import place_of
from portal.audit import service as audit
from portal.database import db
from portal.passes import applying, models, signing
from portal.passes.applying import Application, Basis
from portal.passes.kinds import PassState
from portal.passes.models import Pass
from portal.passes.objections import checked, refuse_own
from portal.passes.standing import expiring_from
from portal.registry.models import Household
from portal.vault import blind_index
from portal.web.errors import Refused
from portal.workflow.record import move_with_households
from portal.workflow.states import Step, begin, lock, take

WRITTEN_AS_THEY_ARE = (
    "household_id",
    "resident_id",
    "holder_name",
    "holder_document",
    "purpose",
    "purpose_note",
    "plate",
    "route",
    "employer",
    "valid_from",
    "valid_until",
    "max_minutes",
)


# ── applying ─────────────────────────────────────────────────────────────────────────────────────────────────────


def draft(wanted: Application) -> Pass:
    """Write an application down; nobody decides on it yet."""
    basis = checked(wanted)
    pass_ = Pass(unit_id=wanted.unit_id, kind=wanted.kind, replaces_id=wanted.replaces_id)
    pass_.created_by_id = acting().account_id
    _write(pass_, wanted, basis)
    begin(pass_, step="draft", kind=wanted.kind.value)
    return pass_


def change(pass_: Pass, wanted: Application) -> None:
    """Change a draft, or one that was returned. Its kind and its household stay."""
    take(pass_, models.CHANGE)
    kept = replace(wanted, kind=pass_.kind, household_id=pass_.household_id, replaces_id=pass_.replaces_id)
    _write(pass_, kept, checked(kept, but=pass_.id))


def apply(pass_: Pass) -> None:
    """Send a draft to the shock team."""
    _check_again(pass_)
    take(pass_, models.APPLY)
    pass_.returned_because = ""


def endorse(pass_: Pass) -> None:
    """The shock team has made sure of it: send it to the commander. Not one's own application."""
    refuse_own(pass_)
    _check_again(pass_)
    take(pass_, models.ENDORSE)
    pass_.returned_because = ""


def return_(pass_: Pass, reason: str) -> None:
    """Send it back one step: from the commander to the shock team, from there to the applicant."""
    endorsed = pass_.state is PassState.ENDORSED
    take(pass_, models.RETURN_TO_TEAM if endorsed else models.RETURN_TO_APPLICANT, reason=reason)
    pass_.returned_because = reason


def reject(pass_: Pass, reason: str) -> None:
    """No pass will be issued."""
    take(pass_, models.REJECT, reason=reason)
    pass_.returned_because = ""
    _end(pass_, reason)


# ── issuing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def issue(pass_: Pass) -> None:
    """The commander issues what was endorsed: from now on it can be printed. Not one's own application."""
    _issue(pass_, models.ISSUE)


def issue_at_once(pass_: Pass) -> None:
    """The office issues without the steps before. Not one's own application."""
    _issue(pass_, models.ISSUE_AT_ONCE)


def issue_several(passes: Iterable[Pass]) -> list[tuple[Pass, Any]]:
    """Issue each that can be issued. Returns those that cannot, with the sentence why; they stay as they are."""
    refused: list[tuple[Pass, Any]] = []
    for pass_ in passes:
        try:
            with db.session.begin_nested():
                issue(pass_)
        except Refused as why_not:
            refused.append((pass_, why_not.sentence))
    return refused


def _issue(pass_: Pass, step: Step) -> None:
    refuse_own(pass_)
    basis = _check_again(pass_)
    old = db.session.get(Pass, pass_.replaces_id) if pass_.replaces_id else None
    put_into_force(pass_, step, basis, instead_of=old)


def put_into_force(
    pass_: Pass, step: Step, basis: Basis | None, *, instead_of: Pass | None = None, reason: str = ""
) -> None:
    """Take the step that issues, with numbers, the rule as it stands and the signed code; the old pass gives way.

    ``basis`` None: order and rule stay those that the pass already has.
    """
    signing.number(pass_)
    take(pass_, step, reason=reason, serial=pass_.serial)
    if basis:
        _rest_on(pass_, basis)
    pass_.issued_at = pass_.changed_at
    pass_.series = current_series(pass_)
    pass_.returned_because = ""
    pass_.code = signing.signed_code(pass_, pass_.issued_at)
    if instead_of:
        _let_give_way(instead_of, pass_)


def _let_give_way(old: Pass, new: Pass) -> None:
    take(old, models.GIVE_WAY, by=new.serial)
    old.replaced = True
    _end(old, new.serial or "")
    for trip in db.session.scalars(
        select(models.Trip).where(models.Trip.pass_id == old.id, models.Trip.in_at.is_(None))
    ):
        trip.pass_id = new.id  # who is out with the old pass comes back with the new one


def current_series(pass_: Pass) -> str:
    """The series in which passes like this one are issued now: that of the last changeover, also of one to come."""
    line = place_of(pass_.unit_id).line
    change = models.SeriesChange
    latest = (
        select(change.series)
        .where(change.unit_id.in_(line), or_(change.kind.is_(None), change.kind == pass_.kind))
        .order_by(change.id.desc())
        .limit(1)
    )
    return db.session.scalar(latest) or ""


# ── ending ───────────────────────────────────────────────────────────────────────────────────────────────────────


def take_back(pass_: Pass) -> None:
    """交回: the household has handed the pass back."""
    take(pass_, models.TAKE_BACK, serial=pass_.serial)
    _end(pass_, "")


def revoke(pass_: Pass, reason: str) -> None:
    """The pass is no longer valid; every gate refuses it."""
    take(pass_, models.REVOKE, reason=reason, serial=pass_.serial)
    _end(pass_, reason)


def revoke_household(household: Household, reason: str) -> int:
    """Revoke all issued passes of a household together. Returns how many."""
    issued = issued_of(household)
    if not issued:
        raise Refused(_l("This household has no issued pass any more: nothing was changed."))
    for pass_ in issued:
        revoke(pass_, reason)
    return len(issued)


def issued_of(household: Household) -> list[Pass]:
    """A household's issued passes, the first issued first."""
    issued = select(Pass).where(Pass.household_id == household.id, Pass.state == PassState.ISSUED)
    return list(db.session.scalars(issued.order_by(Pass.id)))


def _end(pass_: Pass, because: str) -> None:
    pass_.ended_at = pass_.changed_at
    pass_.ended_because = because


# ── paper and eyes ───────────────────────────────────────────────────────────────────────────────────────────────


def mark_printed(passes: Iterable[Pass]) -> None:
    """Count a copy of each and note it. ``Refused`` if one isn't issued: no paper says what is not so."""
    for pass_ in passes:
        lock(pass_)
        if pass_.state is not PassState.ISSUED:
            raise Refused(_l("Only issued passes can be printed. Load the list again and choose anew."))
        pass_.copies += 1
        audit.record("pass.print", pass_, serial=pass_.serial, copy=pass_.copies)


def reveal_document(pass_: Pass, reason: str) -> str:
    """The number of the holder's document in full, noted with the reason."""
    audit.record("pass.reveal", pass_, reason=reason, field="document")
    return pass_.document or ""


def follow_households(household_ids: Sequence[int], to: Place) -> None:
    """Households have moved to another grid: their passes, trips and steps go with them."""
    move_with_households((Pass, models.Trip), household_ids, to)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(pass_: Pass, wanted: Application, basis: Basis) -> None:
    fitting = applying.within(wanted, basis)
    for name in WRITTEN_AS_THEY_ARE:
        setattr(pass_, name, getattr(fitting, name))
    pass_.holder_index = blind_index("document", wanted.holder_document) if wanted.holder_document else None
    pass_.windows = [list(hours) for hours in wanted.hours]
    pass_.checkpoint_ids = list(wanted.gates)
    _rest_on(pass_, basis)


def _rest_on(pass_: Pass, basis: Basis) -> None:
    """The order and the rule as they stand now; a pass never outlasts its order."""
    pass_.order_id = basis.order_id
    pass_.rule = basis.rule.to_json()
    pass_.suspended_by = " ".join(basis.rule.suspended_by)
    pass_.valid_until = min(pass_.valid_until, basis.order_until)
    pass_.expiring_from = expiring_from(pass_.valid_from, pass_.valid_until)


def _check_again(pass_: Pass) -> Basis:
    """Order, rule and household may have changed since the application was written."""
    return checked(as_application(pass_), but=pass_.id)


def as_application(pass_: Pass) -> Application:
    """What a pass asks for, as it stands."""
    same = {name: getattr(pass_, name) for name in WRITTEN_AS_THEY_ARE}
    return Application(
        kind=pass_.kind,
        unit_id=pass_.unit_id,
        hours=tuple((start, end) for start, end in pass_.windows),
        gates=tuple(pass_.checkpoint_ids),
        replaces_id=pass_.replaces_id,
        **same,
    )
