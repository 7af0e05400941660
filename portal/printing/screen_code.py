"""A code to scan from a screen: any text, drawn as one SVG path. For paper see ``qr``."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_MODULES = 4


@dataclass(frozen=True)
class ScreenCode:
    """``path`` is to be stroked one module wide in a box of ``side`` modules, which includes the quiet zone."""

    path: str
    side: int


def screen_code(text: str) -> ScreenCode:
    """The code of ``text``. ValueError for more than a code can hold."""
    matrix = segno.make(text, error="m", micro=False).matrix
    rows = (f"M{QUIET_MODULES} {y + QUIET_MODULES}.5{_line(row)}" for y, row in enumerate(matrix))
    return ScreenCode("".join(rows), len(matrix) + 2 * QUIET_MODULES)


def _line(row: bytearray) -> str:
    """Draw over the dark modules, move over the light ones."""
    runs = ((dark, len(list(modules))) for dark, modules in groupby(row))
    return "".join(f"h{length}" if dark else f"m{length} 0" for dark, length in runs)
