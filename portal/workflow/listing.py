"""What all lists share: how many each filter holds, the filters as links, and pages that begin where one ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask import url_for
from sqlalchemy import Row, Select, asc, desc, func, select, tuple_

from portal.access.guard import contributed
from portal.database import db

PAGE = 20
MOST_COUNTED = 1000

Named = TypeVar("Named")
Link = tuple[str, str, str | None, bool]


def count_each(
    questions: Mapping[Named, Select[*tuple[Any, ...]]], most: int = MOST_COUNTED + 1
) -> dict[Named, int]:
    """How many rows each question finds, counted up to ``most``; all in one question."""
    asked = [
        select(func.count()).select_from(question.limit(most).subquery()).scalar_subquery()
        for question in questions.values()
    ]
    return dict(zip(questions, db.session.execute(select(*asked)).one(), strict=True))


def in_words(count: int) -> str:
    """A count as the filters show it: 1,000+ where it was not counted to the end."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else str(count)


def filters(endpoint: str, shows: Iterable[Any], present: Any, numbers: Mapping[Any, int]) -> list[Link]:
    """The filters for ``ui.filters``: [(address, label, count in words or None, is the present one)].

    ``shows`` have a value and a label; one that is counted is left out while it holds nothing.
    """
    return [
        (
            url_for(endpoint, show=one.value),
            one.label,
            in_words(numbers[one]) if one in numbers else None,
            one is present,
        )
        for one in shows
        if numbers.get(one, 1) or one is present
    ]


def steps_for(name: str, part: str) -> list[tuple[str, str]]:
    """What can be done with a list as a whole, [(address, label)]: ``list_steps(name, part)`` of the areas.

    ``name`` is that of its export and of its worksheet, ``part`` the filter as they call it.
    """
    return [step for _area, steps in contributed("list_steps") for step in steps(name, part)]


def page_of(
    found: Select[*tuple[Any, ...]], order: Sequence[Any], after: int | None, *, upwards: bool = False
) -> tuple[Sequence[Row[Any]], int | None]:
    """One page, and the id after which the next one begins (None: there is none).

    ``order`` are columns, the id last: what comes last in it is first on the page, or the other way round where it
    goes ``upwards``. ``found`` has the id among its columns.
    """
    if after is not None:
        last = db.session.execute(select(*order).where(order[-1] == after)).one_or_none()
        if last is not None:
            here, there = tuple_(*order), tuple(last)
            found = found.where(here > there if upwards else here < there)
    rows = db.session.execute(found.order_by(*map(asc if upwards else desc, order)).limit(PAGE + 1)).all()
    return cut(rows)


def cut(rows: Sequence[Any]) -> tuple[Sequence[Any], int | None]:
    """A page of rows of which one more than a page was asked for, and the id of its last one (None: that was all)."""
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
