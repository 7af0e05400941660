"""Who needs looking after: asked, shown and written only while an order in force switches it on."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, select

from portal.access.scope import place_of
from portal.audit import service as audit
from portal.clock import now
from portal.database import db
from portal.orders.service import measure_in_force, measure_of, orders_in_force
from portal.registry.kinds import Need
from portal.registry.models import Household, Resident, ResidentNeed

AREA, ITEM = "registry", "vulnerable"


def asked_at(unit_id: int) -> tuple[int | None, list[Need]]:
    """The order that asks for needs at a unit, and for which; (None, []): none does."""
    found = measure_in_force(AREA, ITEM, place_of(unit_id), now())
    if found is None:
        return None, []
    order, parameters = found
    return order.id, [need for need in Need if need.value in parameters["needs"]]


def asked_here() -> list[Need]:
    """What any order in force that the one acting sees asks for: of lists, which span several units."""
    measures = [measure_of(order, AREA, ITEM) for order in orders_in_force(now())]
    asked = {need for measure in measures if measure for need in measure.parameters["needs"]}
    return [need for need in Need if need.value in asked]


def of_people(resident_ids: Collection[int], among: Collection[Need]) -> dict[int, list[Need]]:
    """What these people need now, of the needs that are asked for: {resident id: needs}."""
    found: dict[int, list[Need]] = {}
    for one in _open(resident_ids, among):
        found.setdefault(one.resident_id, []).append(one.need)
    return found


def households_with(among: Collection[Need]) -> ColumnElement[bool]:
    """The condition that somebody living in a household has one of these needs, for a list of households."""
    return exists().where(
        ResidentNeed.household_id == Household.id,
        ResidentNeed.need.in_(among),
        ResidentNeed.until.is_(None),
        Resident.id == ResidentNeed.resident_id,
        Resident.left_at.is_(None),
    )


def note(resident: Resident, needs: Collection[Need]) -> None:
    """Write down what somebody needs, of the needs that an order in force asks for. The others stay as they are."""
    order_id, asked = asked_at(resident.unit_id)
    open_ = {one.need: one for one in _open([resident.id], asked)}
    ended = [one for need, one in open_.items() if need not in needs]
    new = [need for need in asked if need in needs and need not in open_]
    for one in ended:
        one.until = now()
    for need in new:
        db.session.add(
            ResidentNeed(
                unit_id=resident.unit_id,
                household_id=resident.household_id,
                resident_id=resident.id,
                need=need,
                order_id=order_id,
            )
        )
    if ended or new:
        audit.record("registry.note_needs", resident, changed=len(ended) + len(new))


def _open(resident_ids: Collection[int], among: Collection[Need]) -> Sequence[ResidentNeed]:
    theirs = select(ResidentNeed).where(
        ResidentNeed.resident_id.in_(resident_ids),
        ResidentNeed.need.in_(among),
        ResidentNeed.until.is_(None),
    )
    return db.session.scalars(theirs.order_by(ResidentNeed.id)).all()
