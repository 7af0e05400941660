"""Addresses as people write them, in the order in which people walk."""

import re
import unicodedata
from typing import Any

ADDRESS_PARTS = ("compound", "building", "stairwell", "room", "address_note")
ADDRESS_KEY_LENGTH = 200
DIGITS = 6  # every number in a key has at least so many, so that 2号楼 stands before 10号楼
BETWEEN_PARTS = re.compile(r"[\s,，、\-—–/#]+")


def written_address(compound: str, building: str, stairwell: str, room: str, note: str) -> str:
    """3号院2号楼1单元401, or the free text where there is no such address.

    A bare number gets its word: building 2 is 2号楼, stairwell 1 is 1单元.
    """
    building = f"{building}号楼" if building.isdecimal() else building
    stairwell = f"{stairwell}单元" if stairwell.isdecimal() else stairwell
    return "".join((compound, building, stairwell, room)) or note


def address_of(row: Any) -> str:
    """The written address of a household, or of a row with its ADDRESS_PARTS; nothing where they are empty."""
    return written_address(*parts_of(row))


def parts_of(row: Any) -> tuple[str, ...]:
    """The parts of its address, in the order of ADDRESS_PARTS."""
    return tuple(getattr(row, part) or "" for part in ADDRESS_PARTS)


def address_key(address: str, note: str) -> str:
    """What a household is sorted and found by."""
    return _with_long_numbers(address if note == address else f"{address} {note}".strip())[
        :ADDRESS_KEY_LENGTH
    ]


def search_pattern(text: str) -> str:
    """A LIKE pattern (escaped with a backslash) for keys: 2号楼401 and 2-1-401 find 3号院2号楼1单元401."""
    parts = re.split(r"(\d+)", BETWEEN_PARTS.sub(" ", unicodedata.normalize("NFKC", text)).strip())
    wanted = [part.zfill(DIGITS) if part.isdecimal() else _escaped(part.strip()) for part in parts]
    return f"%{'%'.join(part for part in wanted if part)}%"


def _with_long_numbers(text: str) -> str:
    return re.sub(r"\d+", lambda number: number[0].zfill(DIGITS), unicodedata.normalize("NFKC", text))


def _escaped(part: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", part)
