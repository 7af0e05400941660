"""What the tests of this area share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.accounts.doing import Doing
from tests.page import Browser


@pytest.fixture
def doing(desk: Browser) -> Doing:
    """People who sign in through the real form, and what the database says afterwards."""
    return Doing(desk)


@pytest.fixture
def asked_for(app: Flask) -> Iterator[Callable[..., None]]:
    """Settings for one test, put back after it."""
    before = dict(app.config)
    yield lambda **settings: app.config.update(settings)
    app.config.clear()
    app.config.update(before)


@pytest.fixture
def with_second_factor(asked_for: Callable[..., None]) -> None:
    """The installation asks for second factors."""
    asked_for(SECOND_FACTOR=True)


@pytest.fixture
def token_of(desk: Browser) -> Callable[[Any], str]:
    """A form token of the person's browser."""
    return lambda person: str(
        desk.visit("/me", as_=person).tree.xpath("string(//input[@name='csrf_token']/@value)")
    )
