"""Every action that the portal notes has a name that people can read."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.audit.actions import all_actions, called
from portal.web.languages import LANGUAGES
from portal.workflow.states import Step
from tests.house.sources import PORTAL, calls, functions, name_of, portal_source

pytestmark = pytest.mark.any_database


def texts(expression: ast.expr) -> list[str]:
    """The texts that an expression can be: of ``"a" if x else "b"`` both."""
    return [
        node.value
        for node in ast.walk(expression)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def recorded() -> Iterator[tuple[str, str]]:
    """(action, where it is noted) of every call of ``audit.record``."""
    for path in PORTAL:
        for name, call in calls(path):
            if name == "audit.record" and not isinstance(call.args[0], ast.JoinedStr):
                yield from ((action, f"{name_of(path)}:{call.lineno}") for action in texts(call.args[0]))
        for function in functions(path):
            yield from noted_through(function, path)


def noted_through(function: ast.FunctionDef, path: Path) -> Iterator[tuple[str, str]]:
    """Of a function that completes ``f"gate.{what}"``: what its callers in the same area give it."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "audit.record"
            and isinstance(node.args[0], ast.JoinedStr)
        ):
            prefix = node.args[0].values[0]
            for sibling in path.parent.glob("*.py") if isinstance(prefix, ast.Constant) else ():
                for name, call in calls(sibling):
                    if name.split(".")[-1] == function.name and isinstance(call.args[0], ast.Constant):
                        yield f"{prefix.value}{call.args[0].value}", f"{name_of(sibling)}:{call.lineno}"


def taken() -> Iterator[tuple[str, str]]:
    """(action, where it is declared) of every step of every workflow, and of every beginning."""
    for path in PORTAL:
        if path.name == "models.py":
            module = import_module(name_of(path).removesuffix(".py").replace("/", "."))
            records = [
                model
                for model in vars(module).values()
                if is_record(model) and model.__module__ == module.__name__
            ]
            steps = {step for value in vars(module).values() for step in steps_in(value)}
            for model in records:
                states = model.__table__.c.state.type.enum_class
                theirs = {step.name for step in steps if isinstance(step.to, states)}
                begun = {str(step) for file in written_by(model, path) for step in beginnings(file)}
                yield from ((f"{model.__tablename__}.{step}", name_of(path)) for step in theirs | begun)


def written_by(model: Any, path: Path) -> Iterator[Path]:
    """The services that begin records of a model: beside its models.py, or in a room without one."""
    for service in (*path.parent.glob("*.py"), *path.parent.glob("*/*.py")):
        own_models = service.parent == path.parent or not (service.parent / "models.py").exists()
        if own_models and re.search(rf"\b{model.__name__}\(", service.read_text()):
            yield service


def is_record(model: object) -> bool:
    return (
        isinstance(model, type)
        and any(base.__name__ == "Record" for base in model.__mro__)
        and hasattr(model, "__tablename__")
    )


def steps_in(value: object) -> list[Step]:
    several = value if isinstance(value, tuple | list) else [value]
    return [step for step in several if isinstance(step, Step)]


def beginnings(path: object) -> Iterator[str]:
    for name, call in calls(path):  # type: ignore[arg-type]
        if name in ("begin", "states.begin"):
            yield from (
                text for keyword in call.keywords if keyword.arg == "step" for text in texts(keyword.value)
            )


def test_every_action_has_a_name(app: Flask) -> None:
    names = all_actions()
    missing = {action: where for action, where in sorted({*recorded(), *taken()}) if action not in names}
    assert not missing, f'name these in the area: area.contributes["actions"] = {{"…": _l("…")}}: {missing}'


def test_no_name_is_left_over(app: Flask) -> None:
    used = {action for action, _where in (*recorded(), *taken())}
    source = portal_source(but="actions.py")
    left_over = {a for a in all_actions() if a not in used and f'"{a.split(".")[1]}"' not in source}
    assert not left_over, f"nothing notes these any more, take them out of their actions.py: {left_over}"


def test_names_are_in_the_language_of_the_reader_and_unknown_actions_show_their_code(app: Flask) -> None:
    for language in LANGUAGES:
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert called("units.create") == str(all_actions()["units.create"])
            assert called("nobody.knows") == "nobody.knows"
