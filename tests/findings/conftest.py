"""Time that passes within a test."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from portal.clock import now


@pytest.fixture
def time_passes(app) -> Iterator[Callable[..., None]]:
    """``time_passes(hours=25)``"""
    travels = []

    def passes(**length: float) -> None:
        travels.append(time_machine.travel(now() + timedelta(**length)))
        travels[-1].start()

    yield passes
    for travel in reversed(travels):
        travel.stop()
