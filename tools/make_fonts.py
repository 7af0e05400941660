"""Make the font of all printed documents: static/print/fonts/NotoSansSC-Paper.ttf.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3
    python tools/make_fonts.py expo-google-fonts-noto-sans-sc-0.4.3.tgz

The source must have TrueType outlines: CFF outlines make the documents eight times larger, and a font cut
into web slices draws wrong characters. All Chinese characters of the source stay, since names need the rare
ones; hinting, layout features, vertical metrics and other scripts go.
"""

import hashlib
import io
import sys
import tarfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "print" / "fonts"
SOURCE_SHA256 = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
REGULAR = "package/400Regular/NotoSansSC_400Regular.ttf"
LICENCE = "package/LICENSE_FONT"
UNWANTED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "prep", "gasp"]

WANTED_BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x024F),  # Latin with accents
    (0x02B0, 0x02FF),  # tone marks
    (0x0370, 0x045F),  # Greek, Cyrillic: both in GB2312
    (0x2000, 0x27BF),  # punctuation, units, figures in circles, arrows, box drawing
    (0x2E80, 0x2FDF),  # radicals
    (0x3000, 0x30FF),  # Chinese punctuation, kana
    (0x3100, 0x312F),  # bopomofo: in GB2312
    (0x3200, 0x33FF),  # figures and units in brackets and squares
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # the basic characters
    (0xF900, 0xFAFF),  # compatibility characters
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x3FFFF),  # extensions B and later
)


def main(tarball: Path) -> None:
    """Write the font and its licence; stop when the package is not the one that was reviewed."""
    package = tarball.read_bytes()
    if hashlib.sha256(package).hexdigest() != SOURCE_SHA256:
        sys.exit(f"{tarball} is not the package this script was written for")
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        font = TTFont(io.BytesIO(_member(archive, REGULAR)), recalcTimestamp=False)
        licence = _member(archive, LICENCE)
    FONTS.mkdir(parents=True, exist_ok=True)
    FONTS.joinpath("OFL.txt").write_bytes(licence)
    _subset(font).save(FONTS / "NotoSansSC-Paper.ttf")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        sys.exit(f"the package has no {name}")
    return member.read()


def _subset(font: TTFont) -> TTFont:
    options = Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += UNWANTED
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if _wanted(code)])
    subsetter.subset(font)
    return font


def _wanted(code: int) -> bool:
    return any(first <= code <= last for first, last in WANTED_BLOCKS)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
