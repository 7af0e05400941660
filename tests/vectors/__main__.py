"""The command: see the package."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.passes.facts import GateFacts
from portal.passes.rules import decide, shown_state
from tests.vectors.codes import good, keys_to_json
from tests.vectors.drawn import drawn
from tests.vectors.edges import edges
from tests.vectors.plain import Plain, decision_to_json, facts_to_json
from tests.vectors.refused import refused

FOLDER = Path(__file__).parent
DRAWN = 1000


def main() -> None:
    """Write both files."""
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


def files() -> dict[str, str]:
    """Name and content of each."""
    keys, codes = lines(keys_to_json()), lines(case.to_json() for case in (*good(), *refused()))
    return {"gate.json": f"{lines(judged())}\n", "codes.json": f'{{"keys":{keys},"cases":{codes}}}\n'}


def judged() -> Iterator[Plain]:
    """The edges first, then what is drawn."""
    yield from (one(about, facts) for about, facts in edges())
    yield from (one("drawn", facts) for facts in drawn(DRAWN))


def one(about: str, facts: GateFacts) -> Plain:
    """A case: what it is about, the facts, and what the rules make of them."""
    held = facts.held
    shown = shown_state(held.standing, held.rule, facts.at) if held else None
    return {
        "about": about,
        "facts": facts_to_json(facts),
        "decision": decision_to_json(decide(facts)),
        "shown": shown,
    }


def lines(items: Iterable[Plain]) -> str:
    """A JSON array, an item a line, names in order."""
    written = (json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for item in items)
    return "[\n" + ",\n".join(written) + "\n]"


if __name__ == "__main__":
    main()
