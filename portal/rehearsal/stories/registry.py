"""What a registry collects: one person and one household written down twice, each to be found in another way."""

from sqlalchemy import select

from portal.database import db
from portal.registry import service as registry
from portal.registry.models import Household
from portal.registry.service import Person
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.staff import GRID, unit_named


def tell(on: Calendar) -> None:
    """Three duplicates for whoever looks after the grid that is shown, made as they are made at the door."""
    with on.scene("qian", -9, 16, 20):
        *_, grandparents, _asked_twice, _in_words = homes = _homes()
        _tell_of_the_grandchild(next(home for home in homes if len(home.residents) > 2), grandparents)
    with on.scene("qian", -6, 10, 5):
        *_, asked_twice, in_words = _homes()
        _tell_of_the_second_visit(asked_twice)
        _tell_of_the_address_in_words(in_words)


def _tell_of_the_grandchild(home: Household, grandparents: Household) -> None:
    """At home with the parents, and during the week with the grandparents: one document in two households."""
    child = home.residents[-1]
    registry.add_resident(grandparents, Person(child.name, relation="孙辈", document=child.document))


def _tell_of_the_second_visit(home: Household) -> None:
    """Asked again by somebody else: without the identity card, and with one digit of the phone wrong."""
    head = home.residents[0]
    registry.add_resident(home, Person(head.name, phone=_misheard(head.phone or "")))


def _tell_of_the_address_in_words(home: Household) -> None:
    """The same flat once more, written as it is said."""
    head, again = home.residents[0], registry.add_household(home.unit_id, address_note=home.address)
    registry.add_resident(again, Person(head.name, is_head=True, phone=head.phone))


def _misheard(phone: str) -> str:
    """The last digit is another one."""
    return f"{phone[:-1]}{(int(phone[-1]) + 6) % 10}"


def _homes() -> list[Household]:
    here = select(Household).where(Household.unit_id == unit_named(GRID).id)
    return list(db.session.scalars(here.order_by(Household.id)))
