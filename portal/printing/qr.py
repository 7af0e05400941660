"""Codes to scan, drawn in printer dots: every module a whole number of dots at 300 dpi, so that no edge is grey."""

from dataclasses import dataclass

import segno

DOT_PT = 0.24  # one dot at 300 dpi, in points
DOT_MM = 25.4 / 300
QUIET_MODULES = 4
MASK = 0  # fixed: trying all eight takes five times as long
SMALLEST_MM = 30.0
MOST_MODULES = 69  # version 13; with more, cheap cameras fail on worn paper


@dataclass(frozen=True)
class Drawing:
    """A code in the middle of a square box. All lengths but ``modules`` in dots.

    As SVG: ``viewBox="0 0 box box"`` and one path, moved by ``offset`` and scaled by ``module``.
    """

    path: str
    modules: int
    module: int
    box: int

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
    code = segno.make(text, error="q", boost_error=False, micro=False, mode="alphanumeric", mask=MASK)
    modules = len(code.matrix)
    drawing = Drawing(_path(code.matrix), modules, box // (modules + 2 * QUIET_MODULES), box)
    if drawing.side_mm < SMALLEST_MM or modules > MOST_MODULES:
        raise ValueError(f"{len(text)} characters do not fit a box of {box} dots")
    return drawing


def _path(matrix: tuple[bytearray, ...]) -> str:
    """The dark modules as one SVG path in module units, neighbours of a row in one rectangle."""
    return "".join(
        f"M{start} {y}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(matrix)
        for start, end in _runs(row)
    )


def _runs(row: bytearray) -> list[tuple[int, int]]:
    edges = [x for x in range(len(row) + 1) if (x and row[x - 1]) != (x < len(row) and row[x])]
    return list(zip(edges[::2], edges[1::2], strict=True))
