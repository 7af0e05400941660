"""Codes to scan: whole printer dots, large enough, and read back as they were."""

import re

import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw

from portal.printing.qr import Drawing, draw

TEXT = "GG1:" + "0123456789ABCDEFGHIJ" * 12


def picture(drawing: Drawing) -> Image.Image:
    """One pixel a dot, as a printer would set it."""
    image = Image.new("L", (drawing.box, drawing.box), 255)
    pen = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing.path):
        left, top = (drawing.offset + int(n) * drawing.module for n in (x, y))
        pen.rectangle((left, top, left + int(length) * drawing.module - 1, top + drawing.module - 1), fill=0)
    return image


@pytest.mark.parametrize("length", [60, 180, 220, 258, 295, 352])
@pytest.mark.parametrize("box", [462, 624])
def test_a_code_is_read_back_and_at_least_30_mm(length: int, box: int) -> None:
    text = (TEXT * 2)[:length]
    drawing = draw(text, box=box)
    assert drawing.side_mm >= 30
    assert drawing.offset >= 4 * drawing.module
    assert zxingcpp.read_barcode(picture(drawing)).text == text


def test_runs_of_a_row_are_one_rectangle() -> None:
    drawing = draw(TEXT, box=462)
    matrix = segno.make(TEXT, error="q", boost_error=False, mode="alphanumeric", mask=0, micro=False).matrix
    rectangles = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing.path)
    assert "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in rectangles) == drawing.path
    assert sum(int(length) for *_, length in rectangles) == sum(map(sum, matrix))
    assert all(matrix[int(y)][int(x) - 1] == 0 for x, y, _ in rectangles if x != "0")


def test_level_q_without_more() -> None:
    assert draw("GG1:" + "A" * 348, box=462).modules == 69


def test_what_would_be_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        draw("A" * 353, box=462)


def test_only_characters_of_the_alphanumeric_mode() -> None:
    with pytest.raises(ValueError, match="alphanumeric"):
        draw("gg1:张", box=462)
