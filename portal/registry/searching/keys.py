"""What households and people are found by, beside what they are called: columns that an index can begin at.

``LIKE '%…%'`` reads everything; a range of a sorted column does not. So the end of a name is a column of its own,
and a door is written from the room outwards.
"""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_
from sqlalchemy.orm import InstrumentedAttribute

from portal.web.formats import DEMO_MARK

LAST_CHARACTER = "\U0010ffff"
LONGEST_DOOR = 160
RESTS = 3  # a name of four characters is found by each of them
# Between parts of an address, and the words after its numbers. 号 alone is a house or a room.
BETWEEN = re.compile(r"[\s,，、.。\-—–_/#]+")
WORD_AFTER = re.compile(r"(号院|号楼|栋|幢|座|单元|室|号|楼|门)(?=.)")
NUMBER_AFTER_WORDS = re.compile(r"(?<=[^\x00-\x7f])(?=[0-9A-Za-z])")
SLOTS = {
    "compound": re.compile(r".*(?:小区|院)"),
    "building": re.compile(r".*[0-9A-Za-z].*(?:号楼|栋|幢|座|楼)"),
    "stairwell": re.compile(r".+(?:单元|门)"),
    "room": re.compile(r"[0-9].*(?:室|房|号)"),
}
PLAIN = re.compile(r"(.+?)(?:号院|号楼|栋|幢|座|楼|单元|门|室|号房|房|号|院)")


def in_code_order(length: int) -> String:
    """Text that sorts by its characters' codes on both databases: only so is a beginning a range.

    SQLite does so by itself; PostgreSQL would sort by the language that it was set up with.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def begins_with(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], text: str
) -> ColumnElement[bool]:
    """The condition that a column ``in_code_order`` begins with this text."""
    return and_(column >= text, column <= text + LAST_CHARACTER)


def rests_of_name(name: str) -> tuple[str | None, ...]:
    """From where else a name is looked for, at most RESTS: 张学敏 by 学敏 and 敏, 阿依古丽·买买提 by 买买提 first."""
    plain = name.removeprefix(DEMO_MARK)
    starts = [match.end() for match in re.finditer(r"[·\s]+", plain)]
    starts += [place for place in range(1, len(plain)) if not plain[place].isascii() and plain[place] != "·"]
    rests = [] if plain == name else [plain]
    rests += [plain[start:] for start in dict.fromkeys(starts) if plain[start:]]
    return (*rests, *(None,) * RESTS)[:RESTS]


@dataclass(frozen=True)
class Door:
    """A room with what is known of the way to it. Each part is plain: 3号楼 is 3, 0401室 is 401."""

    room: str
    building: str = ""
    stairwell: str = ""
    compound: str = ""

    @property
    def key(self) -> str:
        """From the room outwards: 401/3/2/3/."""
        return f"{self.room}/{self.building}/{self.stairwell}/{self.compound}/"[:LONGEST_DOOR]


def door_key(compound: str, building: str, stairwell: str, room: str, note: str) -> str | None:
    """What a household's door is found by; None for an address in words without a room in it."""
    if plain_part(room):
        return Door(*map(plain_part, (room, building, stairwell, compound))).key
    door = read_door(note)
    return door.key if door and door.building else None


def read_door(text: str) -> Door | None:
    """The door that is meant by 3-2-401, 3号楼2单元401, 3号院 3 2 401, 3号楼401 or 401; None where no room is named."""
    named: dict[str, str] = {}
    loose: list[str] = []
    parts = _parts(text)
    for place, part in enumerate(parts):
        slot = _slot(part)
        if slot == "room" and place + 1 < len(parts):
            slot = "building"  # 3号 2单元 401
        if slot and slot not in named:
            named[slot] = plain_part(part)
        elif slot != "compound":
            loose.append(plain_part(part))
    free = [slot for slot in ("room", "stairwell", "building", "compound") if slot not in named]
    if len(loose) == 2 and {"room", "stairwell", "building"} <= set(free):
        free.remove("stairwell")  # 3-401 is building and room
    if "room" not in named and not any(map(str.isdigit, "".join(loose[-1:]))):
        return None
    named |= dict(zip(free, reversed(loose), strict=False))
    return Door(**named)


def plain_part(part: str) -> str:
    """A part of an address without the word for what it is, without leading zeros, in small letters."""
    text = unicodedata.normalize("NFKC", part).replace("/", "").strip().lower()
    whole = PLAIN.fullmatch(text)
    return re.sub(r"^0+(?=\d)", "", whole[1] if whole else text)


def _parts(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    apart = NUMBER_AFTER_WORDS.sub(" ", WORD_AFTER.sub(r"\1 ", plain))
    return [part for part in BETWEEN.split(apart) if part]


def _slot(part: str) -> str | None:
    """Which part of an address the word at its end says; words without a number are a compound."""
    for slot, pattern in SLOTS.items():
        if pattern.fullmatch(part):
            return slot
    return None if re.search(r"[0-9A-Za-z]", part) else "compound"
