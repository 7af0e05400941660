"""Codes to scan, drawn in printer dots: every module a whole number of dots at 300 dpi, so that no edge is grey."""

from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import itemgetter, sub

from portal.printing.qr_modules import modules

DOT_PT = 0.24  # one dot at 300 dpi, in points
DOT_MM = 25.4 / 300
QUIET_MODULES = 4
SMALLEST_MM = 30.0
SVG = ("M{x} {y}", "h{length}v1h-{length}z")
PDF = ("{x} {y} ", "{length} 1 re\n")


@dataclass(frozen=True)
class Drawing:
    """A code in the middle of a square box. All lengths but ``modules`` in dots.

    As SVG: ``viewBox="0 0 box box"`` and one path, moved by ``offset`` and scaled by ``module``. ``dark`` has a byte
    for each module, row by row, 1 for a dark one.
    """

    dark: bytes
    modules: int
    module: int
    box: int

    @property
    def path(self) -> str:
        """The dark modules as one SVG path in module units, neighbours of a row in one rectangle."""
        return _rectangles(self.dark, self.modules, SVG)

    @property
    def operators(self) -> bytes:
        """The same for a PDF: a path that is still to be filled."""
        return _rectangles(self.dark, self.modules, PDF).encode("ascii")

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
    drawing = Drawing(dark, size, box // (size + 2 * QUIET_MODULES), box)
    if drawing.side_mm < SMALLEST_MM:
        raise ValueError(f"{len(text)} characters do not fit a box of {box} dots")
    return drawing


def _rectangles(dark: bytes, size: int, words: tuple[str, str]) -> str:
    """A thousand rectangles a code and ten thousand a sheet, so each step is for all of them at once."""
    starts_of_rows = range(0, size * size, size)
    rows = b"".join([dark[start : start + size] + b"\0" for start in starts_of_rows])
    as_number = int.from_bytes(rows, "big")
    changes = (as_number ^ as_number >> 8).to_bytes(len(rows), "big")
    places = list(compress(range(len(rows)), changes))
    starts, ends = places[::2], places[1::2]
    begun, drawn = _words(size, *words)
    said = [""] * len(places)
    said[::2] = itemgetter(*starts)(begun)
    said[1::2] = itemgetter(*map(sub, ends, starts))(drawn)
    return "".join(said)


@cache
def _words(size: int, begin: str, draw_on: str) -> tuple[list[str], list[str]]:
    """What is said where a rectangle begins, by place in rows that have a light module more, and by its length."""
    begun = [begin.format(x=place % (size + 1), y=place // (size + 1)) for place in range(size * (size + 1))]
    return begun, [draw_on.format(length=length) for length in range(size + 1)]
