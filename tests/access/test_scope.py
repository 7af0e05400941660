"""The scope against plain Python: random trees and rows, every way of asking, no row too many and none missing.

``SCOPE_EXAMPLES=2000`` looks at more worlds than every run can afford.
"""

import os
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings

from portal.access.acting import Place
from portal.access.scope import look_everywhere, look_through
from portal.database import db
from tests.access.scoped_questions import QUESTIONS
from tests.access.scoped_world import World, worlds, write

EXAMPLES = settings(
    max_examples=int(os.environ.get("SCOPE_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def look(place: Place | None) -> None:
    if place is None:
        look_everywhere(because="the drawn world is looked at as a whole")
    else:
        look_through(place)


def answers(world: World) -> dict[str, set[Any]]:
    """What each question is answered at the world's place, none disturbing another."""
    session = db.session()
    found = {}
    look(world.looking)
    for name, (ask, _expected) in QUESTIONS.items():
        with session.begin_nested() as savepoint:
            found[name] = ask(session)
            savepoint.rollback()
        session.expunge_all()
    return found


@EXAMPLES
@given(worlds())
def test_every_question_sees_what_is_there_and_nothing_else(app: Flask, world: World) -> None:
    session = db.session()
    try:
        write(world, session.connection())
        wanted = {name: expected(world) for name, (_ask, expected) in QUESTIONS.items()}
        found = answers(world)
        wrong = {
            name: {"leaked": found[name] - wanted[name], "missing": wanted[name] - found[name]}
            for name in QUESTIONS
            if found[name] != wanted[name]
        }
        assert not wrong
    finally:
        session.rollback()
        session.expunge_all()
