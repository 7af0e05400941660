"""Finding passes: by their own numbers, and through the people and households that the registry's search finds.

As there, each way of meaning what was typed is a question of its own that begins at an index.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, select

from portal.database import db
from portal.passes.models import Pass
from portal.registry.models import Household, Resident
from portal.registry.names import uniform_name
from portal.registry.searching.finding import ways_to_households, ways_to_people
from portal.registry.searching.understanding import understood

MOST = 40


def by_numbers(words: str) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """What else the words can be, and the condition for it: the serial number, the short code or the plate."""
    plain = "".join(words.upper().replace("·", "").split())
    for why, column in (
        (_l("serial number"), Pass.serial),
        (_l("short code"), Pass.short_code),
        (_l("plate"), Pass.plate),
    ):
        yield why, (column == plain) & (column != "")


def ids(words: str) -> list[int]:
    """The passes that the words can mean, the surest first: at most one more than MOST."""
    found = dict.fromkeys(id_ for question in questions(words) for id_ in db.session.scalars(question))
    return list(found)[: MOST + 1]


def questions(words: str) -> Iterator[Select[int]]:
    """By number, by name (also as it is spelt), by address. Of people only the names: a room is not the end of a phone.

    Whoever is in no household is known by the pass alone; these are few.
    """
    latest = select(Pass.id).order_by(Pass.id.desc()).limit(MOST + 1)
    for _why, condition in by_numbers(words):
        yield latest.where(condition)
    meant = understood(words)
    name = "" if meant.spelt else uniform_name(words)
    meant = replace(meant, name=name, last_four="", documents=(), phones=())
    for _why, people in ways_to_people(meant):
        yield people.join(Pass, Pass.resident_id == Resident.id).with_only_columns(Pass.id)
    if name or meant.spelt:
        named = Pass.holder_name.icontains(uniform_name(words), autoescape=True)
        yield latest.where(Pass.resident_id.is_(None), named)
    for _why, households in ways_to_households(meant):
        yield households.join(Pass, Pass.household_id == Household.id).with_only_columns(Pass.id)
