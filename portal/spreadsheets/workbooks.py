"""What all workbooks have in common: a file made in little memory, looks, paper, and texts that stay texts."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import xlsxwriter

A4 = 9
FONT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
AS_TEXT = "@"
# A text that begins so is marked as text, so that it stays one when somebody edits the cell.
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 32_767
LONGEST_MARGIN = 120  # Excel takes 255 with its codes and doubled signs
UNNAMED_SHEET = "Sheet1"
LONGEST_SHEET_NAME = 31

EMPTY = {"num_format": AS_TEXT}
BODY = {"num_format": AS_TEXT, "text_wrap": True}
ABOVE = {"num_format": AS_TEXT, "bold": True}
HEADING = {
    "num_format": AS_TEXT,
    "bold": True,
    "border": 1,
    "align": "center",
    "text_wrap": True,
    "bg_color": "#EEF3F0",
}
PROBLEM_HEADING = {
    "num_format": AS_TEXT,
    "bold": True,
    "border": 1,
    "bg_color": "#FFE2A0",
    "font_color": "#7A1F00",
}
PROBLEM = {"num_format": AS_TEXT, "text_wrap": True, "bg_color": "#FFF4D6", "font_color": "#7A1F00"}
TITLE = {"num_format": AS_TEXT, "bold": True, "font_size": 16, "align": "center"}
NOTE = {"num_format": AS_TEXT, "text_wrap": True}
WHOLE = {"num_format": "0"}
NUMBER = {"num_format": "General"}
DAY = {"num_format": "yyyy-mm-dd", "align": "left"}
MOMENT = {"num_format": "yyyy-mm-dd hh:mm", "align": "left"}


@dataclass(frozen=True)
class Paper:
    """What stands on every printed page and in the file's properties: who exported it, when, which copy."""

    header: str = ""
    footer: str = ""


def safe(text: str) -> str:
    """What a cell can hold: no characters that XML has no place for, and not too many."""
    return UNWRITABLE.sub("", text)[:LONGEST_TEXT]


class Look(NamedTuple):
    """How cells look; ``quoted`` for texts that would be formulas."""

    plain: Any
    quoted: Any


class Styles:
    """Each look once: Excel has room for a few thousand, and making one takes longer than writing a cell."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.known: dict[int, Look] = {}

    def __call__(self, look: Mapping[str, Any]) -> Look:
        """``look`` is one of the constants of this module."""
        if id(look) not in self.known:
            formats = ({**FONT, **look}, {**FONT, **look, "quote_prefix": True})
            self.known[id(look)] = Look(*map(self.workbook.add_format, formats))
        return self.known[id(look)]


@contextmanager
def new_workbook(sheet: str, paper: Paper) -> Iterator[tuple[Any, Styles, IO[bytes]]]:
    """A page, its styles and the temporary file in which the workbook is when the block ends.

    What xlsxwriter lays down meanwhile lies in a folder that only we can read and that goes away with the block.
    """
    done: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    folder = Path(tempfile.mkdtemp(prefix="gridgate-"))
    try:
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False}
        workbook = xlsxwriter.Workbook(done, options)
        workbook.set_properties({"comments": safe(" ".join(filter(None, (paper.header, paper.footer))))})
        page = workbook.add_worksheet(_sheet_name(sheet))
        yield page, Styles(workbook), done
        workbook.close()
        done.seek(0)
    except BaseException:
        done.close()
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sheet_name(name: str) -> str:
    """As Excel allows it."""
    return re.sub(r"[\[\]:*?/\\]", "", safe(name)).strip("'")[:LONGEST_SHEET_NAME] or UNNAMED_SHEET


def write_text(page: Any, row: int, place: int, said: str, look: Look) -> None:
    """A text as a text, whatever it begins with."""
    page.write_string(row, place, safe(said), look.quoted if said.startswith(LIKE_A_FORMULA) else look.plain)


def for_print(page: Any, paper: Paper, headings: tuple[int, int], *, wide: bool) -> None:
    """A4, as wide as the page, the rows of headings (first and last, from 0) on every page and always in sight."""
    first, last = headings
    page.freeze_panes(last + 1, 0)
    page.repeat_rows(first, last)
    page.set_paper(A4)
    if wide:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    if paper.header:
        page.set_header(f"&L{_margin(paper.header)}")
    page.set_footer(f"&L{_margin(paper.footer)}&R&P / &N" if paper.footer else "&R&P / &N")


def _margin(said: str) -> str:
    """A line of the margin; & begins a code of Excel's there, and is doubled to mean itself."""
    return " ".join(safe(said).split())[:LONGEST_MARGIN].replace("&", "&&")
