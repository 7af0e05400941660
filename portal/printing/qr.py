"""Codes to scan, drawn in printer dots: every module a whole number of dots at 300 dpi, so that no edge is grey."""

import re
from dataclasses import dataclass

from portal.printing.qr_modules import modules

DOT_PT = 0.24  # one dot at 300 dpi, in points
DOT_MM = 25.4 / 300
QUIET_MODULES = 4
SMALLEST_MM = 30.0
DARK_RUN = re.compile(rb"\x01+")


@dataclass(frozen=True)
class Drawing:
    """A code in the middle of a square box. All lengths but ``modules`` in dots.

    As SVG: ``viewBox="0 0 box box"`` and one path, moved by ``offset`` and scaled by ``module``. ``runs`` are the dark
    modules as (x, y, how many to the right), in modules.
    """

    runs: tuple[tuple[int, int, int], ...]
    modules: int
    module: int
    box: int

    @property
    def path(self) -> str:
        """The dark modules as one SVG path in module units, neighbours of a row in one rectangle."""
        return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs)

    @property
    def offset(self) -> int:
        return (self.box - self.modules * self.module) // 2

    @property
    def side_mm(self) -> float:
        """The side of the code, without its quiet zone."""
        return self.modules * self.module * DOT_MM

    @property
    def box_pt(self) -> float:
        return round(self.box * DOT_PT, 2)


def draw(text: str, *, box: int) -> Drawing:
    """The code of ``text`` as large as fits a box of so many dots, quiet zone included.

    ValueError where ``text`` has characters outside the alphanumeric mode, is too long for version 13, or the code
    would be under 30 mm.
    """
    dark, size = modules(text)
    drawing = Drawing(_runs(dark, size), size, box // (size + 2 * QUIET_MODULES), box)
    if drawing.side_mm < SMALLEST_MM:
        raise ValueError(f"{len(text)} characters do not fit a box of {box} dots")
    return drawing


def _runs(dark: bytes, size: int) -> tuple[tuple[int, int, int], ...]:
    rows = b"\0".join(dark[start : start + size] for start in range(0, size * size, size))
    spans = (run.span() for run in DARK_RUN.finditer(rows))
    return tuple((start % (size + 1), start // (size + 1), end - start) for start, end in spans)
