"""What an uploaded file really is, whatever its name says. Only workbooks and text tables pass."""

import re
from enum import StrEnum

from flask_babel.speaklater import LazyString

from portal.spreadsheets import refusal
from portal.spreadsheets.archive import check_archive
from portal.spreadsheets.refusal import ORDINARY, Limits, Refusal

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The first bytes of what people upload by mistake.
BEGINNINGS: tuple[tuple[tuple[bytes, ...], LazyString], ...] = (
    ((b"%PDF",), refusal.PDF),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), refusal.PICTURE),
    ((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), refusal.ARCHIVE),
    ((b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08"), refusal.OLD_EXCEL),
    ((rb"{\rtf",), refusal.DOCUMENT),
    ((b"MIME-Version:", b"mime-version:"), refusal.WEB_PAGE),
)
PICTURES_WITHIN = re.compile(rb"RIFF....WEBP|....ftyp(heic|heix|mif1|avif)", re.DOTALL)
# Streams of an OLE file are named in UTF-16. Word keeps workbooks within itself, so it is looked for first.
STREAMS = (
    ("EncryptedPackage", refusal.LOCKED),
    ("WordDocument", refusal.DOCUMENT),
    ("PowerPoint Document", refusal.DOCUMENT),
    ("Workbook", refusal.OLD_EXCEL),
    ("Book", refusal.OLD_EXCEL),
)
MARKED_UP = re.compile(rb"\s*<(!doctype html|html|head|body|meta|table|style|div)\b", re.IGNORECASE)
XML = re.compile(rb"\s*<\?xml\b")
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Kind(StrEnum):
    """What can be read."""

    WORKBOOK = "workbook"
    TEXT = "text"


def check(content: bytes, limits: Limits = ORDINARY) -> Kind:
    """What the file is, found in its bytes alone. ``Refusal`` for whatever cannot or should not be read.

    A workbook that passes holds no macros, links to other files, embedded files or document type
    declarations, and unpacks within the limits. The content of a text table isn't looked at here.
    """
    if not content:
        raise Refusal(refusal.EMPTY)
    if len(content) > limits.packed:
        raise refusal.too_large(limits)
    if content.startswith(ZIP):
        check_archive(content, limits)
        return Kind.WORKBOOK
    if content.startswith(OLE):
        raise Refusal(_stream_within(content))
    for beginnings, sentence in BEGINNINGS:
        if content.startswith(beginnings) and not _is_plain(content):
            raise Refusal(sentence)
    if PICTURES_WITHIN.match(content):
        raise Refusal(refusal.PICTURE)
    _refuse_markup(content)
    return Kind.TEXT


def _stream_within(content: bytes) -> LazyString:
    for name, sentence in STREAMS:
        if name.encode("utf-16-le") in content:
            return sentence
    return refusal.OTHER_TABLE


def _is_plain(content: bytes) -> bool:
    """``BM,…`` may begin a text table as well as a picture."""
    return content.startswith((b"BM", b"GIF8", b"BZh")) and b"\x00" not in content[:4096]


def _refuse_markup(content: bytes) -> None:
    start = content[:4096]
    if start.startswith(BYTE_ORDER_MARKS[1:]):
        start = start.decode("utf-16", "ignore").encode()
    start = start.removeprefix(BYTE_ORDER_MARKS[0])
    if XML.match(start):
        raise Refusal(refusal.WEB_PAGE if b"<html" in start.lower() else refusal.OTHER_TABLE)
    if MARKED_UP.match(start):
        raise Refusal(refusal.WEB_PAGE)
