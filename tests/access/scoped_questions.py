"""Every way of asking that the scope filters, each with what plain Python would answer: ``QUESTIONS``."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    CTE,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import (
    Session,
    aliased,
    contains_eager,
    joinedload,
    selectinload,
    subqueryload,
    with_parent,
)

from portal.access.scope import everywhere
from portal.orders.models import Measure, Order
from portal.registry.models import Household, Resident
from portal.units.models import Unit
from tests.access.scoped_world import World

Answer = set[Any]
QUESTIONS: dict[str, tuple[Callable[[Session], Answer], Callable[[World], Answer]]] = {}
IN_BULK = {"synchronize_session": False}


def question(expected: Callable[[World], Answer]) -> Callable[[Callable[[Session], Answer]], None]:
    def note(ask: Callable[[Session], Answer]) -> None:
        QUESTIONS[ask.__name__] = ask, expected

    return note


# ── what plain Python says ───────────────────────────────────────────────────────────────────────────────────────


def households(world: World) -> Answer:
    return world.mine(world.households)


def residents(world: World) -> Answer:
    return world.mine(world.residents)


def pairs(world: World) -> Answer:
    """(household, resident) where both are visible."""
    seen = households(world)
    return {(world.household_of[r], r) for r in residents(world) if world.household_of[r] in seen}


def with_people(world: World) -> Answer:
    return {household for household, _resident in pairs(world)}


def housed(world: World) -> Answer:
    return {resident for _household, resident in pairs(world)}


def orders(world: World) -> Answer:
    return world.shown(world.orders)


def units(world: World) -> Answer:
    return world.shown(world.units)


def measured(world: World) -> Answer:
    seen = orders(world)
    return {(world.order_of[m], m) for m in world.shown(world.measures) if world.order_of[m] in seen}


# ── entities and columns ─────────────────────────────────────────────────────────────────────────────────────────


def ids(session: Session, statement: Select[Any]) -> Answer:
    return set(session.scalars(statement))


def tuples(session: Session, statement: Select[Any]) -> Answer:
    return {tuple(row) for row in session.execute(statement)}


@question(households)
def entities(session: Session) -> Answer:
    return {row.id for row in session.scalars(select(Household))}


@question(households)
def columns(session: Session) -> Answer:
    return ids(session, select(Household.id))


@question(households)
def legacy_query(session: Session) -> Answer:
    return {row.id for row in session.query(Household).filter(Household.id > 0)}


@question(households)
def in_pieces(session: Session) -> Answer:
    found = session.scalars(select(Household).execution_options(yield_per=2))
    return {row.id for piece in found.partitions(2) for row in piece}


@question(households)
def by_an_expression(session: Session) -> Answer:
    number = (Household.id + 0).label("number")
    return ids(session, select(number).distinct().order_by(number).limit(100))


@question(lambda world: {len(households(world))})
def count(session: Session) -> Answer:
    return {session.scalar(select(func.count()).select_from(Household))}


@question(lambda world: {(max(households(world), default=None), len(households(world)))})
def aggregate(session: Session) -> Answer:
    return tuples(session, select(func.max(Household.id), func.count(Household.id)))


@question(lambda world: {(h, sum(1 for other, _ in pairs(world) if other == h)) for h in with_people(world)})
def grouped(session: Session) -> Answer:
    counted = select(Household.id, func.count(Resident.id)).join(Household.residents).group_by(Household.id)
    return tuples(session, counted)


@question(lambda world: {(h, len(households(world))) for h in households(world)})
def window(session: Session) -> Answer:
    return tuples(session, select(Household.id, func.count().over()))


@question(households)
def get_each(session: Session) -> Answer:
    present = session.connection().scalars(
        select(Household.__table__.c.id).where(Household.__table__.c.id >= 10**6)
    )
    return {id_ for id_ in present.all() if session.get(Household, id_)}


@question(households)
def refreshed(session: Session) -> Answer:
    rows = session.scalars(select(Household)).all()
    for row in rows:
        session.refresh(row)
        session.expire(row)
    return {row.id for row in rows}


# ── more than one table ──────────────────────────────────────────────────────────────────────────────────────────


@question(pairs)
def join_by_relationship(session: Session) -> Answer:
    return tuples(session, select(Household.id, Resident.id).join(Household.residents))


@question(pairs)
def join_by_key(session: Session) -> Answer:
    return tuples(
        session, select(Household.id, Resident.id).join(Resident, Resident.household_id == Household.id)
    )


@question(pairs)
def join_in_the_where(session: Session) -> Answer:
    return tuples(session, select(Household.id, Resident.id).where(Resident.household_id == Household.id))


@question(lambda world: pairs(world) | {(None, r) for r in residents(world) - housed(world)})
def outer_join(session: Session) -> Answer:
    return tuples(
        session, select(Household.id, Resident.id).select_from(Resident).outerjoin(Resident.household)
    )


@question(housed)
def join_for_the_condition(session: Session) -> Answer:
    return ids(session, select(Resident.id).join(Resident.household))


@question(pairs)
def join_of_aliases(session: Session) -> Answer:
    home, person = aliased(Household), aliased(Resident)
    return tuples(session, select(home.id, person.id).join(person, home.residents))


@question(households)
def alias(session: Session) -> Answer:
    home = aliased(Household)
    return {row.id for row in session.scalars(select(home))}


@question(
    lambda world: {
        (a, b)
        for a in households(world)
        for b in households(world)
        if world.households[a] == world.households[b]
    }
)
def join_with_itself(session: Session) -> Answer:
    one, other = aliased(Household), aliased(Household)
    return tuples(session, select(one.id, other.id).join(other, one.unit_id == other.unit_id))


@question(lambda world: {(h, world.households[h].id) for h in households(world)})
def joined_with_its_unit(session: Session) -> Answer:
    return tuples(session, select(Household.id, Unit.id).join(Unit, Unit.id == Household.unit_id))


# ── questions inside questions ───────────────────────────────────────────────────────────────────────────────────


@question(with_people)
def exists_inside(session: Session) -> Answer:
    return ids(session, select(Household.id).where(exists().where(Resident.household_id == Household.id)))


@question(with_people)
def any_resident(session: Session) -> Answer:
    return ids(session, select(Household.id).where(Household.residents.any()))


@question(with_people)
def any_resident_of_an_alias(session: Session) -> Answer:
    home = aliased(Household)
    return ids(session, select(home.id).where(home.residents.any()))


@question(lambda world: {len(pairs(world))})
def count_of_a_join_of_aliases(session: Session) -> Answer:
    home, person = aliased(Household), aliased(Resident)
    return {session.scalar(select(func.count(home.id)).join(person, home.residents))}


@question(lambda world: households(world) - with_people(world))
def no_resident(session: Session) -> Answer:
    return ids(session, select(Household.id).where(~Household.residents.any(Resident.id > 0)))


@question(housed)
def has_household(session: Session) -> Answer:
    return ids(session, select(Resident.id).where(Resident.household.has()))


@question(with_people)
def in_a_list(session: Session) -> Answer:
    return ids(session, select(Household.id).where(Household.id.in_(select(Resident.household_id))))


@question(lambda world: {(h, sum(1 for other, _ in pairs(world) if other == h)) for h in households(world)})
def scalar_subquery(session: Session) -> Answer:
    people = select(func.count(Resident.id)).where(Resident.household_id == Household.id).scalar_subquery()
    return tuples(session, select(Household.id, people))


@question(households)
def subquery(session: Session) -> Answer:
    inner = select(Household).subquery()
    return ids(session, select(inner.c.id))


@question(households)
def alias_of_a_subquery(session: Session) -> Answer:
    home = aliased(Household, select(Household).subquery())
    return {row.id for row in session.scalars(select(home))}


@question(households)
def common_table(session: Session) -> Answer:
    inner: CTE = select(Household.id).cte()
    return ids(session, select(inner.c.id))


@question(lambda world: {("h", h) for h in households(world)} | {("r", r) for r in residents(world)})
def union_of_two(session: Session) -> Answer:
    both = union_all(select(literal("h"), Household.id), select(literal("r"), Resident.id))
    return {tuple(row) for row in session.execute(both)}


@question(lambda world: households(world) | residents(world))
def union_inside(session: Session) -> Answer:
    both = union(select(Household.id), select(Resident.id)).subquery()
    return ids(session, select(both.c[0]))


@question(lambda world: households(world) - residents(world))
def difference(session: Session) -> Answer:
    return set(session.scalars(select(Household.id).except_(select(Resident.id))))


@question(with_people)
def pairs_in_a_list(session: Session) -> Answer:
    people = select(Resident.household_id, Resident.household_id)
    return ids(session, select(Household.id).where(tuple_(Household.id, Household.id).in_(people)))


@question(lambda world: {h for h, r in pairs(world)} | households(world))
def odd_conditions(session: Session) -> Answer:
    wanted = or_(and_(Household.id > 0, not_(Household.id < 0)), Household.residents.any())
    return ids(session, select(Household.id).where(wanted))


# ── relationships ────────────────────────────────────────────────────────────────────────────────────────────────


def walked(rows: Any) -> Answer:
    return {(home.id, person.id) for home in rows for person in home.residents}


@question(pairs)
def lazy_collection(session: Session) -> Answer:
    return walked(session.scalars(select(Household)).all())


@question(pairs)
def joined_collection(session: Session) -> Answer:
    return walked(session.scalars(select(Household).options(joinedload(Household.residents))).unique().all())


@question(pairs)
def selected_collection(session: Session) -> Answer:
    return walked(session.scalars(select(Household).options(selectinload(Household.residents))).all())


@question(pairs)
def collection_by_a_subquery(session: Session) -> Answer:
    return walked(session.scalars(select(Household).options(subqueryload(Household.residents))).all())


@question(pairs)
def collection_out_of_a_join(session: Session) -> Answer:
    rows = select(Household).join(Household.residents).options(contains_eager(Household.residents))
    return walked(session.scalars(rows).unique().all())


def homes(rows: Any) -> Answer:
    return {(person.household.id, person.id) for person in rows if person.household}


@question(pairs)
def lazy_parent(session: Session) -> Answer:
    return homes(session.scalars(select(Resident)).all())


@question(pairs)
def joined_parent(session: Session) -> Answer:
    return homes(session.scalars(select(Resident).options(joinedload(Resident.household))).all())


@question(pairs)
def selected_parent(session: Session) -> Answer:
    return homes(session.scalars(select(Resident).options(selectinload(Resident.household))).all())


@question(pairs)
def with_its_parent(session: Session) -> Answer:
    return {
        (home.id, person)
        for home in session.scalars(select(Household)).all()
        for person in session.scalars(select(Resident.id).where(with_parent(home, Household.residents)))
    }


# ── what applies from above ──────────────────────────────────────────────────────────────────────────────────────


@question(orders)
def from_above(session: Session) -> Answer:
    return {row.id for row in session.scalars(select(Order))}


@question(units)
def the_line_of_units(session: Session) -> Answer:
    return {i for i in ids(session, select(Unit.id)) if i >= 10**6}


@question(measured)
def joined_from_above(session: Session) -> Answer:
    return tuples(session, select(Order.id, Measure.id).join(Order.measures))


@question(measured)
def lazy_from_above(session: Session) -> Answer:
    return {(order.id, measure.id) for order in session.scalars(select(Order)) for measure in order.measures}


@question(lambda world: {unit for unit in units(world) if world.units[unit].line[0] in units(world)})
def the_tree_from_its_top(session: Session) -> Answer:
    """Down from those units whose parent is out of sight."""
    above = aliased(Unit)
    hanging = exists().where(above.id == Unit.parent_id)
    tops = select(Unit.id).where(~hanging, Unit.id >= 10**6).cte(recursive=True)
    tree = tops.union_all(select(Unit.id).join(tops, Unit.parent_id == tops.c.id))
    return ids(session, select(tree.c.id))


# ── functions, pages, and rows by their number ───────────────────────────────────────────────────────────────────


@question(lambda world: {len(households(world))})
def sum_of_cases(session: Session) -> Answer:
    return {session.scalar(select(func.coalesce(func.sum(case((Household.id > 0, 1), else_=0)), 0)))}


@question(with_people)
def function_of_what_is_joined(session: Session) -> Answer:
    return ids(session, select(Household.id).join(Household.residents).where(func.abs(Resident.id) > 0))


@question(with_people)
def function_inside_any(session: Session) -> Answer:
    return ids(session, select(Household.id).where(Household.residents.any(func.abs(Resident.id) > 0)))


@question(lambda world: {1} if residents(world) else set())
def literal_where_something_exists(session: Session) -> Answer:
    return ids(session, select(literal(1)).where(exists().where(Resident.id >= 10**6)))


@question(households)
def page_by_page(session: Session) -> Answer:
    seen: list[int] = []
    while page := session.scalars(
        select(Household.id)
        .where(tuple_(Household.id) > tuple_(literal(max(seen, default=0))))
        .limit(2)
        .order_by("id")
    ).all():
        seen += page
    return set(seen)


@question(households)
def get_each_locked(session: Session) -> Answer:
    everybody = range(10**6, 10**6 + 12)
    return {i for i in everybody if session.get(Household, i, populate_existing=True, with_for_update=True)}


@question(households)
def get_each_expired(session: Session) -> Answer:
    """Rows that are in the session from before, when everything was shown, and are read anew."""
    with everywhere(because="the test looks beside the scope"):
        kept = session.scalars(select(Household)).all()
        for row in kept:
            session.expire(row)
    return {i for i in range(10**6, 10**6 + 12) if session.get(Household, i)} if kept else set()


@question(measured)
def collections_from_before(session: Session) -> Answer:
    with everywhere(because="the test looks beside the scope"):
        rows = session.scalars(select(Order).options(selectinload(Order.measures))).all()
    return {(order.id, measure.id) for order in rows if order in session for measure in order.measures}


# ── writing by a condition ───────────────────────────────────────────────────────────────────────────────────────


@question(households)
def update_by_condition(session: Session) -> Answer:
    changed = update(Household).values(room="x").returning(Household.id)
    return set(session.scalars(changed, execution_options=IN_BULK))


@question(residents)
def delete_by_condition(session: Session) -> Answer:
    return set(session.scalars(delete(Resident).returning(Resident.id), execution_options=IN_BULK))


@question(with_people)
def update_where_another_exists(session: Session) -> Answer:
    changed = update(Household).where(Household.residents.any()).values(room="x").returning(Household.id)
    return set(session.scalars(changed, execution_options=IN_BULK))


@question(lambda world: {len(world.mine(world.orders))})
def update_only_ones_own(session: Session) -> Answer:
    return {session.execute(update(Order).values(title="x"), execution_options=IN_BULK).rowcount}


@question(lambda world: {len(world.mine(world.measures))})
def delete_only_ones_own(session: Session) -> Answer:
    return {session.execute(delete(Measure), execution_options=IN_BULK).rowcount}
