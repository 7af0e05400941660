"""The project's own files, read by the tests that hold the house rules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PORTAL = sorted((ROOT / "portal").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


ATTRIBUTE = re.compile(r"""[\w:-]+=("[^"]*"|'[^']*')""")  # of a tag that a block fills


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(read(path))


def name_of(path: Path) -> str:
    """``portal/passes/views.py``"""
    return str(path.relative_to(ROOT))


def portal_source(*, but: str = "") -> str:
    """All of the portal's source in one text."""
    return "\n".join(read(path) for path in PORTAL if not but or not name_of(path).endswith(but))


@cache
def workflow_names() -> tuple[str, ...]:
    """What stands on the floors of the workflows and above, with its rooms; Today and the rehearsal apart."""
    floors = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["layers"]
    names = re.findall(r"\((\w+)\)", " ".join(floors[2 : floors.index("(registry)")]))
    rooms = [path.parent.name for name in names for path in (ROOT / "portal" / name).glob("*/area.py")]
    return (*names, *rooms)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name, as far as it is plain: ``("db.session.commit", node)``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def words_outside_translation(template: str) -> list[str]:
    """Text of a template that a person would read and that does not come through ``_()``."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.DOTALL)
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", plain, flags=re.DOTALL)
    attributes = re.findall(r'\b(?:placeholder|title|aria-label|alt)="([^"]*)"', plain)
    plain = re.sub(r"<!?[a-zA-Z/][^>]*>", " ", plain)
    plain = re.sub(r"&[a-z]+;", " ", plain)
    return [
        text.strip()
        for text in [*plain.split("\n"), *attributes]
        if re.search(r"[A-Za-z]{2,}|[一-鿿]", text) and not ATTRIBUTE.fullmatch(text.strip())
    ]
