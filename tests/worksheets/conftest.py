"""A staircase to walk up, and what is written down on the way."""

import pytest
from flask import Flask

from portal.registry.models import Household
from tests import factories
from tests.registry.staff import account


@pytest.fixture
def stairs(app: Flask) -> list[Household]:
    """Three households of the grid of qian, not taken up in the order in which people walk."""
    answers = {"responsible_id": account("qian"), "deputy_id": account("zhao")}
    rooms = ("1001", "201", "301")
    homes = [factories.household(building="2", room=room, note="旧", **answers) for room in rooms]
    for home in homes:
        factories.resident(home, name=f"演示·住{home.room}户", is_head=True)
    return homes
