"""Until when somebody has to act on an assessment, as an order says it; and what holds where none says it. Pure.

The field's clocks are short: an arrival is known within the hour, the community reports within four (field-reference.md
§2.4), and what is urgent goes at once. A question to the office never waits for somebody to write its deadline into an
order, so there is always one: ``UNLESS_ORDERED``.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from portal.screenings.kinds import Category
from portal.screenings.rules import gravity


@dataclass(frozen=True)
class Deadlines:
    """Whole hours. From the category ``urgent_from`` up the office decides within ``urgent``, else within ``others``.

    ``again``: what was sent back is done; ``close``: what was reported back is closed; ``answer``: the other side
    answers what was handed over to it.
    """

    urgent_from: Category
    urgent: int
    others: int
    again: int
    close: int
    answer: int

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "Deadlines":
        """From the parameters of an order, as they are kept; without any those that hold unless one is ordered."""
        if not parameters:
            return UNLESS_ORDERED
        hours = {name: int(parameters[name]) for name in HOURS}
        return cls(Category(parameters["urgent_from"]), **hours)

    def to_json(self) -> dict[str, Any]:
        """As an order keeps them."""
        return asdict(self) | {"urgent_from": self.urgent_from.value}

    def is_urgent(self, category: Category) -> bool:
        """Whether somebody of this category is decided about first."""
        return gravity(category) <= gravity(self.urgent_from)

    def to_decide(self, category: Category) -> timedelta:
        """How long the office has."""
        return timedelta(hours=self.urgent if self.is_urgent(category) else self.others)


HOURS = ("urgent", "others", "again", "close", "answer")
UNLESS_ORDERED = Deadlines(Category.CONTACT, urgent=1, others=4, again=2, close=24, answer=4)
