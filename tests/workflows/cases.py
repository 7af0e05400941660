"""One workflow as the conformance suite sees it. Each area with a ``Record`` describes itself once.

``tests/<area>/case.py`` holds ``CASE``; the suite finds it there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from portal.workflow.states import Step
from tests.people import Person


@dataclass(frozen=True)
class Blank:
    """``values()`` completes the address of ``<area>.new``; ``typed()`` is what is entered there.

    The button that sends it is named in English.
    """

    button: str
    values: Callable[[], dict[str, Any]]
    typed: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """``stranger`` has the role of ``writer`` beside. ``form`` is None where no form makes a record.

    ``in_state(state)`` makes a record and returns its id. ``path(step, id)`` is where a step is posted, with what
    it needs beside the reason. ``taken_by`` names who takes a step. ``prints()`` says who
    prints what: a person and an address each.
    """

    area: str
    model: type
    transitions: Sequence[Step]
    writer: Person
    stranger: Person
    form: Blank | None
    in_state: Callable[[StrEnum], int]
    path: Callable[[Step, int], tuple[str, dict[str, Any]]]
    taken_by: Mapping[str, Person]
    reason_field: str = "reason"
    not_by_itself: frozenset[str] = frozenset()  # steps that only follow another one
    prints: Callable[[], list[tuple[Person, str]]] = list


def cases() -> list[Case]:
    """Every case that there is."""
    folder = Path(__file__).resolve().parents[1]
    return [import_module(f"tests.{path.parent.name}.case").CASE for path in sorted(folder.glob("*/case.py"))]
