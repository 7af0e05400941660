"""Files that must not be read: name → (how it is made, the sentence that refuses it)."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import xlsxwriter
from flask_babel.speaklater import LazyString

from portal.spreadsheets import refusal
from tests.spreadsheets.makers import ole, packed, repacked, workbook

LIST = workbook([["姓名", "联系电话"], ["演示·张三", "15400000001"]])
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
STRICT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def bomb() -> bytes:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    return repacked(LIST, add={"xl/worksheets/sheet2.xml": b"<worksheet>" + b" " * (100 * 1024 * 1024)})


def bomb_that_lies() -> bytes:
    """The same, but its directory says that the member unpacks to ten bytes, and has the checksum of those."""
    content = bytearray(bomb())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 16 : entry + 20] = struct.pack("<I", zlib.crc32(b"<worksheet"))
    content[entry + 24 : entry + 28] = struct.pack("<I", 10)
    return bytes(content)


def claiming(size: int) -> bytes:
    """Says in its directory that its last member unpacks to so many bytes, and holds hardly anything."""
    content = bytearray(LIST)
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(content)


def bordered(rows: int, columns: int) -> bytes:
    """What people do by accident: borders on the empty rows below the list."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    border = book.add_format({"border": 1})
    page.write_row(0, 0, ["姓名", "电话"])
    page.write_row(1, 0, ["演示·张三", "15400000001"])
    for row in range(2, rows):
        for column in range(columns):
            page.write_blank(row, column, None, border)
    book.close()
    return file.getvalue()


def locked_archive() -> bytes:
    content = bytearray(LIST)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def nameless_member() -> bytes:
    """The name begins with NUL, where most programs think that it ends."""
    return repacked(LIST, add={"?l/x.xml": b"<x/>"}).replace(b"?l/x.xml", b"\0l/x.xml")


def twice_the_same_name() -> bytes:
    file = BytesIO(LIST)
    with zipfile.ZipFile(file, "a") as grown:
        grown.writestr("XL/worksheets/Sheet1.xml", b"<worksheet/>")
    return file.getvalue()


def workbook_with_doctype(encoding: str = "utf-8") -> bytes:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    return repacked(LIST, add={"xl/worksheets/sheet9.xml": laughs.encode(encoding)})


def entity_after_64_kilobytes() -> bytes:
    """The declaration lies across the border of two pieces."""
    return repacked(LIST, add={"xl/x.xml": b"<!--" + b"x" * (65536 - 9) + b"--><!DocType x>"}, compression=0)


def damaged() -> bytes:
    content = bytearray(repacked(LIST, compression=zipfile.ZIP_STORED))
    content[content.index(b"<sheetData>")] = ord("?")
    return bytes(content)


def link_out_of(part: str, kind: str) -> bytes:
    relation = (
        f'<Relationship Id="rId99" Type="{STRICT}/{kind}" Target="file:///c:/x.xls" TargetMode="External"/>'
    )
    return repacked(LIST, change={part: ("</Relationships>", relation + "</Relationships>")})


HOSTILE: dict[str, tuple[Callable[[], bytes], LazyString]] = {
    "nothing at all": (lambda: b"", refusal.EMPTY),
    "bomb": (bomb, refusal.TOO_MUCH),
    "bomb that lies about its size": (bomb_that_lies, refusal.TOO_MUCH),
    "200 MB claimed": (lambda: claiming(200 * 1024 * 1024), refusal.TOO_MUCH),
    "9 bytes claimed": (lambda: claiming(9), refusal.DAMAGED),
    "201 members": (
        lambda: repacked(LIST, add={f"xl/media/{place}.png": b"\x89PNG" for place in range(201)}),
        refusal.TOO_MUCH,
    ),
    "macros": (lambda: repacked(LIST, add={"xl/vbaProject.bin": ole("VBA")}), refusal.MACROS),
    "macros under another name": (
        lambda: repacked(LIST, change={TYPES: ("spreadsheetml.sheet.main", "x.sheet.macroEnabled.main")}),
        refusal.MACROS,
    ),
    "macro sheet of 1992": (
        lambda: repacked(LIST, add={"xl/macrosheets/sheet1.xml": b"<xm/>"}),
        refusal.MACROS,
    ),
    "external link": (
        lambda: repacked(LIST, add={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        refusal.LINKS,
    ),
    "external link without a part": (lambda: link_out_of(RELATIONS, "externalLinkPath"), refusal.LINKS),
    "data connection": (lambda: repacked(LIST, add={"xl/connections.xml": b"<x/>"}), refusal.LINKS),
    "workbook within": (
        lambda: repacked(LIST, add={"xl/embeddings/Microsoft_Excel_Sheet1.xlsx": LIST}),
        refusal.EMBEDDED,
    ),
    "archive named as a picture": (
        lambda: repacked(LIST, add={"xl/media/image1.png": LIST}),
        refusal.EMBEDDED,
    ),
    "document type": (workbook_with_doctype, refusal.DAMAGED),
    "document type in UTF-16": (lambda: workbook_with_doctype("utf-16"), refusal.DAMAGED),
    "document type across two pieces": (entity_after_64_kilobytes, refusal.DAMAGED),
    "another encoding declared": (
        lambda: repacked(LIST, add={"xl/x.xml": b'<?xml version="1.0" encoding="utf-7"?><x/>'}),
        refusal.DAMAGED,
    ),
    "member that climbs out": (lambda: repacked(LIST, add={"xl/../../etc/x.xml": b"<x/>"}), refusal.DAMAGED),
    "member with an absolute name": (lambda: repacked(LIST, add={"/etc/x.xml": b"<x/>"}), refusal.DAMAGED),
    "member with a backslash": (lambda: repacked(LIST, add={"xl\\x.xml": b"<x/>"}), refusal.DAMAGED),
    "member without a name": (nameless_member, refusal.DAMAGED),
    "member twice": (twice_the_same_name, refusal.DAMAGED),
    "odd compression": (
        lambda: repacked(LIST, compression=zipfile.ZIP_BZIP2),
        refusal.DAMAGED,
    ),
    "one byte changed": (damaged, refusal.DAMAGED),
    "cut in half": (lambda: LIST[: len(LIST) // 2], refusal.DAMAGED),
    "empty archive": (lambda: packed({}), refusal.DAMAGED),
    "archive with a password": (locked_archive, refusal.LOCKED),
    "workbook with a password": (lambda: ole("EncryptionInfo", "EncryptedPackage"), refusal.LOCKED),
    ".xls named .xlsx": (lambda: ole("Workbook", "\5SummaryInformation"), refusal.OLD_EXCEL),
    ".xls of 1993": (lambda: b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(500), refusal.OLD_EXCEL),
    ".doc named .xlsx": (lambda: ole("1Table", "WordDocument", "Workbook"), refusal.DOCUMENT),
    "unknown OLE file": (lambda: ole("Contents"), refusal.OTHER_TABLE),
    ".docx named .xlsx": (
        lambda: packed({TYPES: b"<Types/>", "word/document.xml": b"<w:document/>"}),
        refusal.DOCUMENT,
    ),
    ".xlsb": (lambda: packed({TYPES: b"<Types/>", "xl/workbook.bin": b"\x83\x01"}), refusal.OTHER_TABLE),
    ".ods": (lambda: packed({"mimetype": b"x", "content.xml": b"<x/>"}), refusal.OTHER_TABLE),
    ".xlsx in a .zip": (lambda: packed({"名单.xlsx": LIST}), refusal.ARCHIVE),
    ".rar": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), refusal.ARCHIVE),
    ".pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", refusal.PDF),
    "photograph": (lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", refusal.PICTURE),
    "photograph of a telephone": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(50), refusal.PICTURE),
    "web page saved as .xls": (
        "\ufeff\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>".encode,
        refusal.WEB_PAGE,
    ),
    "table of a web page": (lambda: "<table><tr><td>姓名".encode("gb18030"), refusal.WEB_PAGE),
    "web archive": (lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", refusal.WEB_PAGE),
    "XML table of 2003": (
        lambda: b'<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?><Workbook>',
        refusal.OTHER_TABLE,
    ),
}

# What only shows when the file is read.
HOSTILE_WHEN_READ: dict[str, tuple[Callable[[], bytes], LazyString]] = {
    ".csv with NUL": ("姓名,电话\n张三\0,1\n".encode, refusal.UNKNOWN),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 9, refusal.UNKNOWN),
    ".csv in no known encoding": (lambda: b"\xb1\xed,\xff\xfe\xff\n", refusal.ENCODING),
    "UTF-8 cut within a letter": (lambda: "姓名,电话\n演示·张三,1".encode()[:-3], refusal.ENCODING),
    "UTF-16 cut within a letter": (
        lambda: "姓名,电话".encode("utf-16")[:-1],
        refusal.ENCODING,
    ),
    "nothing but empty lines": (lambda: b"\r\n,,,\r\n\r\n", refusal.NOTHING_IN_IT),
    "workbook with nothing in it": (lambda: workbook([]), refusal.NOTHING_IN_IT),
    "workbook without a sheet": (
        lambda: repacked(LIST, change={"xl/workbook.xml": ("<sheets>.*</sheets>", "<sheets/>")}),
        refusal.DAMAGED,
    ),
    "workbook whose sheet is no XML": (
        lambda: repacked(LIST, change={SHEET: ("<sheetData>", "<sheetData><row><c><v>")}),
        refusal.DAMAGED,
    ),
}
