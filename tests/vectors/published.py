"""The files as they are checked in, and Python's side of reading their codes."""

import json
from datetime import UTC, datetime
from pathlib import Path

from portal.passes import code
from portal.passes.code import CodeRefused, Fault
from portal.passes.keys import KeyRing
from tests.vectors.plain import Plain

FOLDER = Path(__file__).parent
GATE: list[Plain] = json.loads((FOLDER / "gate.json").read_text(encoding="utf-8"))
CODES = json.loads((FOLDER / "codes.json").read_text(encoding="utf-8"))
NOW: int = CODES["cases"][0]["at"]


def ring_in(folder: Path) -> KeyRing:
    """A key ring of the public halves in the file; the folder becomes its own."""
    for number, key in enumerate(CODES["keys"]):
        window = {name: moment(key[name]).isoformat() for name in ("not_before", "not_after")}
        told = {"kid": key["id"], "x": key["x"], "y": key["y"], "lost": False, **window}
        (folder / f"{number}.json").write_text(json.dumps(told))
    return KeyRing.open(folder)


def fault_of(text: str, ring: KeyRing, at: int = NOW) -> Fault | None:
    """Why Python refuses a text; None where it does not."""
    try:
        code.read(text, ring, moment(at))
    except CodeRefused as refused:
        return refused.reason
    return None


def printed_codes() -> list[str]:
    """The codes that are good at ``NOW``, as they were printed."""
    texts = [case["text"] for case in CODES["cases"] if not case["fault"] and case["at"] == NOW]
    return [text for text in texts if text.startswith(code.PREFIX) and text == code.tidy(text)]


def moment(seconds: int) -> datetime:
    """Epoch seconds as Python's rules want them."""
    return datetime.fromtimestamp(seconds, UTC)
