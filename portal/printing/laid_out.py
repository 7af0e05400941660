"""What WeasyPrint made of a page, taken apart: its drawings without any text, and every line of text with its place.

Reads WeasyPrint's layout tree, which is its own affair (``page._page_box``): the version is pinned, and tests compare
what is stamped with what WeasyPrint draws, picture by picture. Lengths in CSS pixels from the top left corner.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

PAGE_NUMBER = "page"  # the field of the bottom right corner
DRAWING = frozenset(
    ("q", "Q", "cm", "w", "J", "j", "M", "d", *"mlcvyhSsfBnWgGkK", "re", "f*", "W*", "rg", "RG")
)
CODES_HIDDEN = "svg{visibility:hidden}"


class CannotBeStamped(Exception):
    """Only WeasyPrint itself can print this."""


@dataclass(frozen=True)
class Run:
    """Text in one go; that of a ``field`` changes from page to page and this is its line number ``line``."""

    text: str
    field: str | None
    line: int
    x: float
    y: float  # of the baseline
    width: float
    size: float
    spacing: float
    room: float  # how wide a line may be


@dataclass(frozen=True)
class Line:
    """What stands beside one another. ``give``: how much of what a line grows goes to its left."""

    runs: tuple[Run, ...]
    give: float
    in_margin: bool

    @property
    def changes(self) -> bool:
        return any(run.field for run in self.runs)


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Page:
    """One page laid out. ``drawings`` are PDF operators in points; ``marked`` are the boxes with ``data-box``."""

    height: float
    width: float
    drawings: bytes
    lines: tuple[Line, ...]
    codes: tuple[Box, ...]
    marked: dict[str, Box]


def take_apart(document: Any) -> list[Page]:
    """The pages of a ``weasyprint.Document`` whose codes are hidden."""
    readers = [_Reader() for _page in document.pages]
    for reader, page in zip(readers, document.pages, strict=True):
        reader.read(page._page_box, None, 0.0, False)
    with pikepdf.open(io.BytesIO(document.write_pdf())) as drawn:
        return [
            _page(reader, page._page_box, paper)
            for reader, page, paper in zip(readers, document.pages, drawn.pages, strict=True)
        ]


def _page(reader: "_Reader", box: Any, paper: pikepdf.Page) -> Page:
    lines, codes = tuple(reader.lines), tuple(reader.codes)
    return Page(box.margin_height(), box.margin_width(), _drawings(paper), lines, codes, reader.marked)


def _drawings(paper: pikepdf.Page) -> bytes:
    """The page's content without its texts; refused where there is more than plain black lines and areas."""
    states: Any = paper.Resources.get("/ExtGState", {})
    if any(float(state.get(key, 1)) != 1 for state in states.values() for key in ("/ca", "/CA")):
        raise CannotBeStamped("something is transparent")
    kept, in_text = [], False
    for instruction in pikepdf.parse_content_stream(paper):
        operator = str(instruction.operator)
        if operator in ("BT", "ET"):
            in_text = operator == "BT"
        elif operator in DRAWING and not in_text:
            kept.append(instruction)
        elif not in_text and operator != "gs":
            raise CannotBeStamped(f"the operator {operator} is not known")
    return pikepdf.unparse_content_stream(kept)


class _Reader:
    """Walks through a layout tree."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.codes: list[Box] = []
        self.marked: dict[str, Box] = {}
        self._count: dict[int, int] = {}  # lines of each field's element so far

    def read(self, box: Any, field: str | None, room: float, in_margin: bool) -> None:
        """One box with all that is in it."""
        from weasyprint.formatting_structure import boxes

        box = getattr(box, "_box", box)  # what is placed absolutely stands behind a placeholder
        in_margin = in_margin or isinstance(box, boxes.MarginBox)
        field = None if _is_marker(box) else _field_of(box, in_margin) or field
        if (mark := _attribute(box, "data-box")) is not None:
            self.marked[mark] = Box(
                box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
            )
        if isinstance(box, boxes.ReplacedBox):
            self.codes.append(Box(box.content_box_x(), box.content_box_y(), box.width, box.height))
        elif isinstance(box, boxes.LineBox):
            self._line(box, field, room, in_margin)
        else:
            width = box.width if isinstance(box, boxes.BlockContainerBox) else room
            for child in box.all_children() if isinstance(box, boxes.ParentBox) else ():
                self.read(child, field, width, in_margin)

    def _line(self, line: Any, field: str | None, room: float, in_margin: bool) -> None:
        from weasyprint.formatting_structure import boxes

        texts: list[tuple[Any, str | None, Any]] = []
        others: list[tuple[Any, str | None, Any]] = []
        for box, of_field, element in _inside(line, field, line.element):
            (texts if isinstance(box, boxes.TextBox) else others).append((box, of_field, element))
        runs = tuple(self._run(*found, room) for found in texts if found[0].text.strip())
        if runs:
            self.lines.append(Line(runs, _give(line.style["text_align_all"]), in_margin))
        for box, of_field, _element in others:
            self.read(box, of_field, room, in_margin)

    def _run(self, box: Any, field: str | None, element: Any, room: float) -> Run:
        family = box.style["font_family"][0]
        if family != "Paper":
            raise CannotBeStamped(f"the font {family} is not the one of stamps")
        number = self._count.get(id(element), 0) if field else 0
        if field:
            self._count[id(element)] = number + 1
        spacing = box.style["letter_spacing"]
        box.style = box.style.copy()
        box.style["visibility"] = "hidden"  # it need not be drawn: cutting fonts takes most of the memory
        return Run(
            box.text,
            field,
            number,
            box.position_x,
            box.position_y + box.baseline,
            box.width,
            box.style["font_size"],
            0.0 if spacing == "normal" else float(spacing),
            math.inf if box.style["white_space"] in ("nowrap", "pre") else room,
        )


def _inside(box: Any, field: str | None, element: Any) -> Iterator[tuple[Any, str | None, Any]]:
    """The texts of a line, and the boxes in it that have lines of their own, with the field to which they belong."""
    from weasyprint.formatting_structure import boxes

    for child in box.all_children():
        own = _attribute(child, "data-field") if isinstance(child, boxes.InlineBox) else None
        here = (own or field, child.element if own else element)
        if isinstance(child, boxes.InlineBox):
            yield from _inside(child, *here)
        else:
            yield child, *here


def _field_of(box: Any, in_margin: bool) -> str | None:
    if in_margin and getattr(box, "at_keyword", None) == "@bottom-right":
        return PAGE_NUMBER
    return _attribute(box, "data-field")


def _is_marker(box: Any) -> bool:
    """The number of an item in a list: it has the item's element, and is no part of its text."""
    return str(box.element_tag).endswith("::marker")


def _attribute(box: Any, name: str) -> str | None:
    element = box.element
    value: str | None = element.get(name) if element is not None and hasattr(element, "get") else None
    return value


def _give(align: str) -> float:
    return {"center": 0.5, "right": 1.0, "end": 1.0}.get(align, 0.0)
