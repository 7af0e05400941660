"""Numbers without gaps and without doubles, per series."""

from contextlib import suppress

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.database import db
from portal.workflow.models import Counter


def take(series: str) -> int:
    """The next number of the series, from 1. Given back if the request's transaction is rolled back."""
    db.session.flush()
    raised = (
        update(Counter)
        .where(Counter.series == series)
        .values(last=Counter.last + 1)
        .returning(Counter.last)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(raised)
    if number is None:
        _begin(series)
        number = db.session.scalars(raised).one()
    return number


def raise_to(series: str, number: int) -> None:
    """Count on from ``number``, which was given out elsewhere. A counter that is there already is never lowered."""
    db.session.flush()
    _begin(series)
    raised = update(Counter).where(Counter.series == series, Counter.last < number).values(last=number)
    db.session.execute(raised.execution_options(synchronize_session=False))


def last(series: str) -> int:
    """The last number that was given out; 0 if none was."""
    return db.session.scalar(select(Counter.last).where(Counter.series == series)) or 0


def _begin(series: str) -> None:
    """Start a series at 0; somebody else starting it at the same moment is as good."""
    beginning = insert(Counter).from_select(
        ["series", "last"],
        select(db.literal(series), db.literal(0)).where(~db.exists().where(Counter.series == series)),
    )
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.connection().execute(beginning)
