"""Who needs looking after, as the registry has it: what orders ask for, and what is written down."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from portal.registry import needs
from portal.registry.kinds import Need


class Asked:
    """What orders in force ask for, grid by grid; looked up once."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[int | None, list[Need]]] = {}

    def at(self, grid_id: int) -> tuple[int | None, list[Need]]:
        """The order that asks at a grid, and for which needs; (None, []): none does."""
        if grid_id not in self.known:
            self.known[grid_id] = needs.asked_at(grid_id)
        return self.known[grid_id]

    def only(self, grid_id: int, said: Mapping[str, bool]) -> dict[str, bool]:
        """Of what is said that which may be written down there."""
        asked = self.at(grid_id)[1]
        return {name: is_so for name, is_so in said.items() if name in asked}


def of_people(resident_ids: Collection[int]) -> dict[int, set[Need]]:
    """What these people need, as far as it is written down."""
    found = needs.of_people(resident_ids, list(Need))
    return defaultdict(set, {resident_id: set(some) for resident_id, some in found.items()})
