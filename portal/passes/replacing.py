"""New passes for old ones: re-issue, extension, and the changeover of a whole series."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select, update

from portal.access.acting import acting
from portal.access.scope import lies_in, place_of
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.passes import applying, models, objections, service
from portal.passes.applying import Application
from portal.passes.kinds import Kind, PassState
from portal.passes.models import Pass, SeriesChange
from portal.web.errors import Refused
from portal.workflow.states import begin

COPIED = (
    "order_id",
    "rule",
    "suspended_by",
    "expiring_from",
    "holder_index",
    "windows",
    "checkpoint_ids",
    *service.WRITTEN_AS_THEY_ARE,
)


@dataclass(frozen=True)
class Changeover:
    """From ``since`` on only ``series`` is valid in ``unit_id`` and below; ``kind`` None: all kinds."""

    unit_id: int
    series: str
    kind: Kind | None
    since: datetime
    reason: str


def reissue(pass_: Pass, reason: str) -> Pass:
    """补发: a new pass that says the same; the old serial number is dead from now on."""
    refuse_ended(pass_)
    new = _copy_of(pass_)
    begin(new, step="replace", replaces=pass_.serial)
    service.put_into_force(new, models.SUCCEED, None, instead_of=pass_, reason=reason)
    return new


def extend(pass_: Pass, until: datetime) -> Pass:
    """延期 by somebody who issues: a new pass until ``until``, by the rule of today, instead of the old one.

    Not one's own application: an applicant extends by applying (``longer``).
    """
    refuse_ended(pass_)
    objections.refuse_own(pass_)
    wanted = longer(pass_, until)
    basis = objections.required_basis(wanted.kind, wanted.unit_id)
    objections.refuse_restricted(wanted.household_id, basis.rule, now())
    for problem in applying.problems(wanted, basis, now()):
        raise Refused(problem.sentence)
    new = _copy_of(pass_)
    fitting = applying.within(wanted, basis)
    new.valid_from, new.valid_until = fitting.valid_from, fitting.valid_until
    begin(new, step="replace", replaces=pass_.serial)
    service.put_into_force(new, models.SUCCEED, basis, instead_of=pass_)
    return new


def longer(pass_: Pass, until: datetime) -> Application:
    """The application that extends a pass: the same from now on, until ``until``."""
    return replace(
        service.as_application(pass_),
        valid_from=max(now().replace(second=0, microsecond=0), pass_.valid_from),
        valid_until=until,
        replaces_id=pass_.id,
    )


def refuse_ended(pass_: Pass) -> None:
    """``Refused`` unless the pass is issued and has not been ended."""
    if pass_.state is not PassState.ISSUED:
        raise Refused(_l("Only an issued pass can be replaced. Apply for a new one."))


def change_series(changeover: Changeover) -> int:
    """换证: end all other series at an hour. Passes issued from now on belong to the new one. Returns how many end."""
    change = SeriesChange(
        unit_id=changeover.unit_id,
        series=changeover.series,
        kind=changeover.kind,
        from_=changeover.since,
        reason=changeover.reason,
        created_at=now(),
    )
    db.session.add(change)
    ending = (
        update(Pass).where(ends_by(changeover)).values(series_ends_at=changeover.since).returning(Pass.id)
    )
    ended = len(db.session.scalars(ending.execution_options(synchronize_session=False)).all())
    _spare(changeover)
    audit.record(
        "pass.change_series",
        change,
        reason=changeover.reason,
        series=changeover.series,
        kind=changeover.kind.value if changeover.kind else "",
        passes=ended,
    )
    return ended


def count_ending(changeover: Changeover) -> int:
    """How many passes that would still be valid a changeover would end."""
    found = select(Pass.id).where(ends_by(changeover), Pass.valid_until > changeover.since)
    return len(db.session.scalars(found).all())


def ends_by(changeover: Changeover) -> ColumnElement[bool]:
    """The condition that a pass ends by a changeover: issued, of another series, and not ended earlier anyway."""
    return and_(
        _concerned(changeover),
        Pass.series != changeover.series,
        or_(Pass.series_ends_at.is_(None), Pass.series_ends_at > changeover.since),
    )


def _spare(changeover: Changeover) -> None:
    """A series that an earlier changeover was to end goes on if this one names it before that hour."""
    goes_on = and_(
        _concerned(changeover), Pass.series == changeover.series, Pass.series_ends_at >= changeover.since
    )
    db.session.execute(
        update(Pass).where(goes_on).values(series_ends_at=None).execution_options(synchronize_session=False)
    )


def _concerned(changeover: Changeover) -> ColumnElement[bool]:
    place = place_of(changeover.unit_id)
    here = and_(Pass.state == PassState.ISSUED, lies_in(Pass, place))
    return and_(here, Pass.kind == changeover.kind) if changeover.kind else here


def _copy_of(pass_: Pass) -> Pass:
    copied = {name: getattr(pass_, name) for name in COPIED}
    return Pass(
        unit_id=pass_.unit_id,
        kind=pass_.kind,
        replaces_id=pass_.id,
        created_by_id=acting().account_id,
        **copied,
    )
