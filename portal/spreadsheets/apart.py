"""Reads one sheet of a workbook in a process of its own, which may take little memory and time and write nothing.

Run as a script: the workbook on standard input; memory, seconds, rows and the wanted sheet (may be empty) as
arguments. Says what it found in lines of JSON: what the sheet is, ``[row number, cells]`` for each row that
isn't empty, ``{"end": rows}``; or ``{"refused": why}``. It imports nothing of the portal, so that it starts at once.
"""

import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

MOST_ODDITIES = 10_000
ROW = re.compile(rb"<row\b[^>]*>")
HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
NUMBER = re.compile(rb"\br=\"(\d+)\"")
# A cell with something in it beyond column GR, the two hundredth; or in a row of seven figures.
FAR = re.compile(
    rb"<c (?:[^>]*? )?r=\"((?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])[0-9]+|[A-Z]+[0-9]{7})\"[^>]*(?<!/)>(?!</c>)"
)
WRONG = re.compile(rb"<c [^>]*?r=\"([A-Z]+)(\d+)\"[^>]*?\bt=\"e\"[^>]*>.*?(?:<v>([^<]*)</v>)?</c>")
UNCALCULATED = re.compile(
    rb"<c (?![^>]*\bt=\"str\")[^>]*?r=\"([A-Z]+)(\d+)\"[^>]*>"
    rb"<f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
UNCALCULATED_MARK = "#?"


class TooFar(Exception):
    """A cell far from the list."""


def restrain(memory: int, seconds: int) -> None:
    """Take the process's own freedom: memory in bytes, processor time, no files, no core with people in it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell(source: BinaryIO, rows: int, wanted: str) -> Iterator[Any]:
    """All that is to be said of the workbook, ready for JSON."""
    parts = paths_of_sheets(source)
    source.seek(0)
    with CalamineWorkbook.from_filelike(source) as workbook:
        names = readable_names(workbook)
        sheet, oddities = chosen(workbook, source, parts, [wanted] if wanted else names)
        yield {
            "sheet": sheet.name,
            "names": names,
            "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
            "hidden": oddities["hidden"],
        }
        count = 0
        for line in lines(sheet, oddities["instead"]):
            count += 1
            if count > rows:
                yield {"refused": "rows"}
                return
            yield line
        yield {"end": count}


def readable_names(workbook: CalamineWorkbook) -> list[str]:
    """The sheets that a person sees; all of them where none is seen."""
    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    seen = [sheet for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return [sheet.name for sheet in seen or sheets]


def chosen(
    workbook: CalamineWorkbook, source: BinaryIO, parts: dict[str, str], names: list[str]
) -> tuple[CalamineSheet, dict[str, Any]]:
    """The first of these sheets that holds a list, or else anything; and what is odd about it."""
    first: tuple[CalamineSheet, dict[str, Any]] | None = None
    for name in names:
        oddities = oddities_of(source, parts.get(name))
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None and sheet.width > 1 and sheet.height > 1:
            return sheet, oddities
        if first is None or (first[0].start is None and sheet.start is not None):
            first = sheet, oddities
    if first is None:
        raise WorksheetNotFound
    return first


def lines(sheet: CalamineSheet, instead: dict[int, dict[int, str]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows with something in them; ``instead`` of nothing stands what a cell without a result shows."""
    offset = sheet.start[1] if sheet.start else 0
    before: list[Any] = [""] * offset
    last = 0
    # calamine gives the rows from the first of the sheet on, but the columns from the first that is used.
    for number, found in enumerate(sheet.iter_rows(), start=1):
        cells = before + found
        for column, mark in instead.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = mark
        last = number
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield number, cells
    for number in sorted(row for row in instead if row > last):
        marks = instead[number]
        yield number, [marks.get(column, "") for column in range(max(marks) + 1)]


def oddities_of(source: BinaryIO, part: str | None) -> dict[str, Any]:
    """Hidden rows, and what cells show that have no value; ``TooFar`` where the sheet is immense for one cell."""
    if part is None:
        return {"hidden": [], "instead": {}}
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        xml = archive.read(part)
    if far := FAR.search(xml):
        raise TooFar(far[1].decode())
    instead: dict[int, dict[int, str]] = {}
    found = 0
    for pattern in (WRONG, UNCALCULATED):
        for match in pattern.finditer(xml):
            found += 1
            if found > MOST_ODDITIES:
                break
            mark = (match[3] or b"#?").decode() if pattern is WRONG else UNCALCULATED_MARK
            instead.setdefault(int(match[2]), {})[column_of(match[1])] = mark
    return {"hidden": hidden_rows(xml)[:MOST_ODDITIES], "instead": instead}


def hidden_rows(xml: bytes) -> list[int]:
    """The numbers of the rows that are hidden or filtered away."""
    numbers, number = [], 0
    for row in ROW.findall(xml):
        named = NUMBER.search(row)
        number = int(named[1]) if named else number + 1
        if HIDDEN.search(row):
            numbers.append(number)
    return numbers


def column_of(letters: bytes) -> int:
    """B → 1"""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def paths_of_sheets(source: BinaryIO) -> dict[str, str]:
    """Sheet's name → its part of the archive. No part has a document type declaration: the guard has looked."""
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    paths = {}
    for sheet in workbook.iter():
        if sheet.tag.endswith("}sheet"):
            relation_id = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            target = targets.get(relation_id, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in names:
                paths[sheet.get("name", "")] = path
    return paths


def plain(value: object) -> object:
    """What JSON has no word for."""
    match value:
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"text": value.isoformat("minutes" if not value.second else "seconds")}
        case timedelta():
            return {"text": str(value)}
    raise TypeError(f"no cell is a {type(value).__name__}")


def main() -> None:
    """Read, tell, and say why if that does not work."""
    memory, seconds, rows, wanted = *map(int, sys.argv[1:4]), sys.argv[4]
    restrain(memory, seconds)
    encode = json.JSONEncoder(default=plain, separators=(",", ":")).encode
    write = sys.stdout.write
    try:
        with open(0, "rb", closefd=False) as source:
            for found in tell(source, rows, wanted):
                write(encode(found) + "\n")
    except PasswordError:
        write(encode({"refused": "locked"}))
    except WorksheetNotFound:
        write(encode({"refused": "sheet"}))
    except TooFar as error:
        write(encode({"refused": "far", "cell": str(error)}))
    except MemoryError:
        write(encode({"refused": "much"}))
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError):
        write(encode({"refused": "damaged"}))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
