"""What the figures are, counted from the records themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from portal.clock import local
from portal.database import db
from portal.workflow import figures
from portal.workflow.figures import TO_THIS_DAY, Counting, Figure
from portal.workflow.models import StepTaken, Tally

NOW = None
Numbers = Counter[tuple[str, date | None]]  # {(figure, the day on which it counts, or now): how many}


def kept() -> Numbers:
    told: Numbers = Counter()
    for code, since, value in db.session.execute(select(Tally.figure, Tally.since, Tally.value)):
        standing = figures.figures()[code].counting is Counting.AT_ITS_END
        if not standing or since == TO_THIS_DAY:
            told[code, NOW if standing else local(since).date()] += value
    return told


def recounted() -> Numbers:
    told: Numbers = Counter()
    for figure in figures.figures().values():
        if figure.model is not None:
            for day, number in _steps(figure) if figure.steps else _rows(figure):
                told[figure.code, NOW if figure.counting is Counting.AT_ITS_END else day] += number
    return told


def _rows(figure: Figure) -> Iterator[tuple[date | None, int]]:
    for row in db.session.scalars(select(figure.model)):
        if all(getattr(row, name) in some for name, some in figure.holds_of.items()):
            dated = next((at for name in figure.dated_by if (at := getattr(row, name))), None)
            yield local(dated).date() if dated else NOW, figure.weighed(row)


def _steps(figure: Figure) -> Iterator[tuple[date, int]]:
    taken = select(StepTaken.at).where(
        StepTaken.record == figure.model.__tablename__, StepTaken.step.in_(figure.steps)
    )
    for at in db.session.scalars(taken):
        yield local(at).date(), 1
