"""The zip archive that an .xlsx is, unpacked piece by piece and thrown away, before a parser sees any of it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from flask_babel.speaklater import LazyString

from portal.spreadsheets import refusal
from portal.spreadsheets.refusal import MEBIBYTE, Limits, Refusal

PIECE = 64 * 1024
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
ODD_NAME = re.compile(r"^$|^/|^[a-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f]")
# What stands in the archive, and what that means. The first that fits decides.
TELLING_NAMES: tuple[tuple[re.Pattern[str], LazyString], ...] = (
    (re.compile(r"vbaproject|vbadata|xl/macrosheets/|xl/activex/"), refusal.MACROS),
    (re.compile(r"^word/"), refusal.DOCUMENT),
    (re.compile(r"^ppt/"), refusal.DOCUMENT),
    (re.compile(r"^xl/workbook\.bin$|^content\.xml$|^index/.*\.iwa$"), refusal.OTHER_TABLE),
    (re.compile(r"^xl/externallinks/|^xl/connections\.xml$|^xl/querytables/"), refusal.LINKS),
    (re.compile(r"^xl/embeddings/"), refusal.EMBEDDED),
)
FILES_WITHIN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"MZ", b"Rar!", b"7z\xbc\xaf")
DECLARATION = re.compile(rb"<!\s*(doctype|entity|element|attlist)", re.IGNORECASE)
FIRST_LINE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^<>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE
)
MACRO_TYPE = re.compile(rb"macroenabled", re.IGNORECASE)
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
TEXT_PARTS = (".xml", ".rels", ".vml")


def check_archive(content: bytes, limits: Limits) -> None:
    """``Refusal`` where the archive is no workbook, holds what it should not, or unpacks to too much.

    Every byte is unpacked and counted; what the archive says of its own sizes is not believed.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.filename.endswith("/")]
            _check_names(members, limits)
            left = limits.unpacked
            if sum(member.file_size for member in members) > left:
                raise Refusal(refusal.TOO_MUCH)
            for member in members:
                left -= _check_member(archive, member, left, limits)
    except BROKEN as error:
        raise Refusal(refusal.DAMAGED) from error


def _check_names(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise Refusal(refusal.LOCKED)
    names = [member.filename.lower() for member in members]
    for pattern, sentence in TELLING_NAMES:
        if any(pattern.search(name) for name in names):
            raise Refusal(sentence)
    if "xl/workbook.xml" not in names:
        raise Refusal(refusal.ARCHIVE if names else refusal.DAMAGED)
    if len(names) > limits.members:
        raise Refusal(refusal.TOO_MUCH)
    if len(set(names)) < len(names) or any(ODD_NAME.search(name) for name in names):
        raise Refusal(refusal.DAMAGED)
    if any(member.compress_type not in METHODS for member in members):
        raise Refusal(refusal.DAMAGED)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """How many bytes the member unpacks to."""
    most = min(left, max(member.compress_size * limits.ratio, MEBIBYTE))  # what is small may be packed well
    looked_at = _Look(member.filename.lower())
    claimed, unpacked = member.file_size, 0
    member.file_size = left + 1  # zipfile would stop at the size that is claimed; other programs don't
    for piece in _pieces(archive, member):
        unpacked += len(piece)
        if unpacked > most:
            raise Refusal(refusal.TOO_MUCH)
        looked_at.at(piece)
    looked_at.done()
    if unpacked != claimed:
        raise Refusal(refusal.DAMAGED)
    return unpacked


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(PIECE):
            yield piece


class _Look:
    """Looks at one member while it goes by."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_text = name.endswith(TEXT_PARTS)
        self.is_kept = name.endswith(".rels") or name == "[content_types].xml"
        self.tail = b""
        self.kept = bytearray()
        self.is_first = True

    def at(self, piece: bytes) -> None:
        if self.is_first:
            self._at_beginning(piece)
            self.is_first = False
        if self.is_text:
            if DECLARATION.search(self.tail + piece):
                raise Refusal(refusal.DAMAGED)
            self.tail = piece[-32:]
        if self.is_kept:
            self.kept += piece
            if len(self.kept) > MEBIBYTE:
                raise Refusal(refusal.TOO_MUCH)

    def _at_beginning(self, piece: bytes) -> None:
        if piece.startswith(FILES_WITHIN):
            raise Refusal(refusal.EMBEDDED)
        if not self.is_text:
            return
        declared = FIRST_LINE.match(piece)
        # In another encoding a declaration would go by unseen.
        if b"\x00" in piece[:4] or (declared and declared[1].lower() not in (b"utf-8", b"utf8")):
            raise Refusal(refusal.DAMAGED)

    def done(self) -> None:
        if self.name == "[content_types].xml" and MACRO_TYPE.search(self.kept):
            raise Refusal(refusal.MACROS)
        for relation in RELATION.findall(bytes(self.kept)):
            # A web or mail address in a cell is a link too, but takes nothing from anywhere.
            if b"External" in relation and b"/hyperlink" not in relation:
                raise Refusal(refusal.LINKS)
