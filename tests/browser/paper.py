"""A printed pass as a gate's camera sees it: folded, stained, badly printed, held at an angle, out of focus.

Everything is drawn from a seed. The paper is worn once; light, distance, angle, focus and noise change from frame to
frame, as in a hand. ``wear`` goes from 1 (a few days in a pocket) to 3 (hardly to be read).
"""

import math
from collections.abc import Iterable
from pathlib import Path
from random import Random

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from portal.passes.keys import KeyRing
from portal.passes.printing import Layout
from portal.passes.stamped import certificates_pdf
from tests.printing.paper import certificate, pictures, printing_app, to_print

SIZE = (1280, 720)
FRAMES_A_SECOND = 30  # of a film in motion JPEG, whatever it is made of
DOTS_A_PIXEL = 1.2  # the code of 30 mm takes 300 of 720 pixels
TABLE = 96


def printed(ring: KeyRing, number: int = 123) -> tuple[str, Image.Image]:
    """The code of a pass and its A5 page at 300 dpi, in grey."""
    pass_ = certificate(number, ring)
    with printing_app().test_request_context():
        return pass_.code, pictures(certificates_pdf(to_print([pass_]), Layout.A5))[0]


def seen(page: Image.Image, wear: int, seed: int, frames: int = 16) -> list[Image.Image]:
    """So many frames of the page, held before the camera with its code in the middle."""
    rng = Random(seed)
    middle, side = _code_on(page)
    paper = _worn(page, middle, side, wear, rng)
    return [_frame(paper, middle, wear, rng) for _ in range(frames)]


def nothing_there(frames: int) -> list[Image.Image]:
    """The table without a paper."""
    return [_noisy(Image.new("L", SIZE, TABLE), 20, Random(frame)) for frame in range(min(frames, 4))] * (
        frames // min(frames, 4)
    )


def film(frames: Iterable[Image.Image], file: Path) -> None:
    """Motion JPEG, which Chromium plays in a circle for a camera."""
    with file.open("wb") as reel:
        for frame in frames:
            frame.convert("RGB").save(reel, "JPEG", quality=80, subsampling="4:2:0")


def _code_on(page: Image.Image) -> tuple[tuple[float, float], float]:
    """The middle of the code and its side, in dots."""
    (found,) = zxingcpp.read_barcodes(page)
    corners = found.position
    first, opposite = corners.top_left, corners.bottom_right
    side = math.dist((first.x, first.y), (opposite.x, opposite.y)) / math.sqrt(2)
    return ((first.x + opposite.x) / 2, (first.y + opposite.y) / 2), side


def _worn(page: Image.Image, middle: tuple[float, float], side: float, wear: int, rng: Random) -> Image.Image:
    """Toner streaks, a fold across the code, a stain on it, a print that has gone grey."""
    paper = page.copy()
    pen = ImageDraw.Draw(paper)
    left, top = middle[0] - side / 2, middle[1] - side / 2
    for _ in range(2 * wear):
        x = left + rng.random() * side
        pen.line(
            (x, 0, x + rng.uniform(-4, 4), page.height), fill=rng.choice((255, 235)), width=rng.randint(1, 3)
        )
    fold_y, slope = top + rng.uniform(0.25, 0.75) * side, rng.uniform(-0.2, 0.2) * side
    fold = (left - side, fold_y - slope, left + 2 * side, fold_y + slope)
    pen.line(fold, fill=240, width=2 + wear)
    shade = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(shade)
    draw.line([value + 8 for value in fold], fill=255 - 25 * wear, width=14)
    x, y, radius = left + rng.random() * side, top + rng.random() * side, side * rng.uniform(0.15, 0.3)
    draw.ellipse((x - radius, y - radius * 0.7, x + radius, y + radius * 0.7), fill=255 - 35 * wear)
    paper = ImageChops.multiply(paper, shade.filter(ImageFilter.GaussianBlur(5)))
    ink, white = 20 + 22 * wear, 235 - 15 * wear
    return paper.point(lambda value: ink + value * (white - ink) // 255)


def _frame(paper: Image.Image, middle: tuple[float, float], wear: int, rng: Random) -> Image.Image:
    held = paper.transform(
        SIZE,
        Image.Transform.PERSPECTIVE,
        _held(middle, wear, rng),
        Image.Resampling.BILINEAR,
        fillcolor=TABLE,
    )
    shadow = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(SIZE)
    held = ImageChops.multiply(held, shadow.point(lambda value: 255 - value * wear // 8))
    blurred = held.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.55 + 0.45 * wear)))
    return _noisy(blurred, 12 * wear, rng)


def _held(middle: tuple[float, float], wear: int, rng: Random) -> tuple[float, ...]:
    """Pixel to dot: turned, moved and tilted; the eight numbers that Pillow calls PERSPECTIVE."""
    angle, scale = rng.gauss(0, 6 * wear), DOTS_A_PIXEL * rng.uniform(0.9, 1.15)
    cos, sin = math.cos(math.radians(angle)) * scale, math.sin(math.radians(angle)) * scale
    tilt_x, tilt_y = (rng.uniform(-1, 1) * 0.00022 * wear for _ in "xy")
    x, y = (place + rng.gauss(0, 15) for place in middle)
    rows = [
        (cos + x * tilt_x, -sin + x * tilt_y, x),
        (sin + y * tilt_x, cos + y * tilt_y, y),
        (tilt_x, tilt_y, 1),
    ]
    centred = [(a, b, c - a * SIZE[0] / 2 - b * SIZE[1] / 2) for a, b, c in rows]
    whole = centred[2][2]
    return tuple(value / whole for row in centred for value in row)[:8]


def _noisy(picture: Image.Image, strength: int, rng: Random) -> Image.Image:
    grain = Image.frombytes("L", SIZE, rng.randbytes(SIZE[0] * SIZE[1]))
    return ImageChops.add(
        picture, grain.point(lambda value: 128 + (value - 128) * strength // 128), offset=-128
    )
