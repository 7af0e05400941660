"""Why a file is not read, said so that its owner knows what to do in Excel or WPS, and how much of one is read."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MEBIBYTE = 1024 * 1024


class Refusal(Exception):
    """The file cannot be read. ``sentence`` (lazy) says why and what to do; nothing was kept of the file."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """How much of a file is read: sizes in bytes, the helper process's memory in bytes and time in seconds."""

    packed: int = 5 * MEBIBYTE
    unpacked: int = 60 * MEBIBYTE
    members: int = 200
    ratio: int = 120
    rows: int = 200_000
    columns: int = 200
    memory: int = 512 * MEBIBYTE
    seconds: int = 20


ORDINARY = Limits()
# A street's whole list: 60,000 people in 30 columns are 9 MB, and 65 MB unpacked.
WHOLE_STREET = Limits(packed=16 * MEBIBYTE, unpacked=160 * MEBIBYTE, memory=768 * MEBIBYTE, seconds=60)

EMPTY = _l("The file is empty. Look whether it is the right one, save it and upload it again.")
ONLY_HEADINGS = _l("There is no row below the headings. Look whether it is the right file.")
NOTHING_IN_IT = _l(
    "There is nothing in this workbook. Look whether it is the right file, save it, upload it again."
)
OLD_EXCEL = _l(
    "This is a workbook of the old kind (.xls). Open it in Excel or WPS, choose “Save as” with the type"
    " “Excel Workbook (*.xlsx)” and upload the new file."
)
OTHER_TABLE = _l(
    "This kind of table is not read here. Open it in Excel or WPS, choose “Save as” with the type"
    " “Excel Workbook (*.xlsx)” and upload the new file."
)
WEB_PAGE = _l(
    "This is a web page that only looks like a workbook. Open it in Excel or WPS, choose “Save as” with the type"
    " “Excel Workbook (*.xlsx)” and upload the new file."
)
DOCUMENT = _l(
    "This is a document, not a workbook. Copy its table into a new workbook of Excel or WPS, save that as .xlsx"
    " and upload it."
)
PDF = _l(
    "This is a PDF. Ask for the workbook from which it was made; or copy its table into a new workbook and save"
    " that as .xlsx."
)
PICTURE = _l(
    "This is a picture. Ask for the workbook itself, or enter the list in Excel or WPS and save it as .xlsx."
)
ARCHIVE = _l("This is a packed archive. Unpack it and upload the workbook (.xlsx) that is in it.")
LOCKED = _l(
    "The workbook has a password. Open it, remove the password (File → Info → Protect Workbook → Encrypt with"
    " Password, empty the field), save it and upload it again."
)
MACROS = _l(
    "There are macros in this workbook. Choose “Save as” with the type “Excel Workbook (*.xlsx)”, agree to leave"
    " the macros out, and upload the new file."
)
LINKS = _l(
    "This workbook takes values from other files. Choose Data → Edit Links → Break Link, save it as .xlsx and"
    " upload it again."
)
EMBEDDED = _l(
    "There are other files within this workbook. Copy the list alone into a new workbook (paste as values), save"
    " that as .xlsx and upload it."
)
DAMAGED = _l(
    "The file is damaged, or no program for tables made it. Open it in Excel or WPS, choose “Save as” with the"
    " type “Excel Workbook (*.xlsx)” and upload the new file."
)
TOO_MUCH = _l(
    "There is too much in this workbook: mostly pictures, or thousands of empty rows with borders or colours. Copy"
    " the list alone into a new workbook (paste as values), save that as .xlsx and upload it."
)
UNKNOWN = _l("This is neither a workbook (.xlsx) nor a text table (.csv). Look whether it is the right file.")
ENCODING = _l(
    "The characters of this text file cannot be read. Open it in Excel or WPS, choose “Save as” with the type"
    " “Excel Workbook (*.xlsx)” and upload the new file."
)


def too_large(limits: Limits) -> Refusal:
    """The upload weighs too much."""
    return Refusal(
        _l(
            "The file is larger than %(most)s MB. Copy the list alone into a new workbook (paste as values, without"
            " pictures and empty rows); if it still is too large, divide it into several files.",
            most=limits.packed // MEBIBYTE,
        )
    )


def too_many_rows(limits: Limits) -> Refusal:
    """More rows than are read at once."""
    return Refusal(
        _l("There are more than %(most)s rows. Divide the list into several files.", most=limits.rows)
    )


def too_many_columns(row: int, limits: Limits) -> Refusal:
    """A row that goes on too far to the right."""
    return Refusal(
        _l(
            "Row %(row)s has more than %(most)s columns. Delete the columns right of the list and save it again.",
            row=row,
            most=limits.columns,
        )
    )


def far_cell(cell: str) -> Refusal:
    """Something stands far from the list, so that the sheet seems immense."""
    return Refusal(
        _l(
            "Something stands in cell %(cell)s, far from the list. Delete the columns right of the list and the rows"
            " below it, save the workbook and upload it again.",
            cell=cell,
        )
    )


def open_quote(row: int) -> Refusal:
    """A quotation mark of a text table that nothing closes."""
    return Refusal(
        _l(
            "The quotation mark in row %(row)s is not closed. Remove it, or save the list as .xlsx and upload that.",
            row=row,
        )
    )


def no_such_sheet(name: str) -> Refusal:
    """The sheet that was asked for isn't there."""
    return Refusal(
        _l("There is no sheet called “%(name)s” in this workbook. Choose another.", name=name[:31])
    )
