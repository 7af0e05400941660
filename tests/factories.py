"""Rows that tests need, made with one call each and committed. What is returned can be read, not changed.

People are invented: their identity numbers say 18xx, their phones belong to no network.
"""

from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from portal.access.scope import everywhere
from portal.clock import now
from portal.database import db
from portal.orders.models import Measure, Order, OrderState
from portal.registry.identifiers import synthetic_id
from portal.registry.models import Household, HouseholdRestriction, Resident
from portal.registry.restrictions import RestrictionKind
from portal.registry.service import set_document, set_phone
from tests.people import unit as unit_named

Measures = dict[tuple[str, str], dict[str, Any]]  # {("passes", "household"): parameters}
SERIALS = count(1)
Row = TypeVar("Row")


def order_in_force(
    unit: str = "重阳街道", *, measures: dict[tuple[str, str], dict[str, Any]] | None = None, **values: Any
) -> Order:
    """An order since yesterday and for two weeks. ``measures`` is {("passes", "household"): parameters}."""
    serial = next(SERIALS)
    order = Order(
        **{
            "unit_id": unit_named(unit).id,
            "state": OrderState.IN_FORCE,
            "number": f"重阳防指〔2026〕{serial}号",
            "title": "关于严格管控人员出入的通告",
            "legal_basis": "《中华人民共和国传染病防治法》",
            "issued_by": "重阳街道疫情防控指挥部",
            "effective_from": now() - timedelta(days=1),
            "until": now() + timedelta(days=14),
        }
        | values
    )
    order.measures = [
        Measure(unit_id=order.unit_id, area=area, item=item, parameters=parameters)
        for (area, item), parameters in (measures or {}).items()
    ]
    return _written(order)


def household(grid: str = "豫苑社区三组二格", **values: Any) -> Household:
    """A household with an address of its own and nobody in it yet."""
    serial = next(SERIALS)
    address = {
        "compound": "3号院",
        "building": f"{serial % 9 + 1}号楼",
        "stairwell": "1",
        "room": str(100 + serial),
    }
    return _written(Household(**{"unit_id": unit_named(grid).id} | address | values))


def resident(
    household: Household, *, document: str | None = "", phone: str | None = "", **values: Any
) -> Resident:
    """A person of the household, with an invented identity number and phone; None for one without."""
    serial = next(SERIALS)
    person = Resident(
        **{"household_id": household.id, "unit_id": household.unit_id, "name": f"演示·张{serial}"} | values
    )
    set_document(person, synthetic_id("411722", serial) if document == "" else document)
    set_phone(person, f"1540000{serial:04d}" if phone == "" else phone)
    return _written(person)


def restriction(household: Household, **values: Any) -> HouseholdRestriction:
    """A household's restriction since an hour ago, until it is lifted."""
    given = {
        "kind": RestrictionKind.RETURNEE,
        "since": now() - timedelta(hours=1),
        "source": "排查登记",
    } | values
    return _written(HouseholdRestriction(household_id=household.id, unit_id=household.unit_id, **given))


def _written(row: Row) -> Row:
    with everywhere(because="tests make rows of every unit"):
        db.session.add(row)
        db.session.commit()
        db.session.refresh(row)
        db.session.expunge(row)
    return row
