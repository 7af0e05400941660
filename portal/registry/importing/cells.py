"""Cells of one row as facts of a person and a home, or as sentences that say what to mend. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.registry.identifiers import (
    DocumentType,
    WrongNumber,
    check_document,
    check_phone,
)
from portal.registry.kinds import HouseholdKind, Sex, Stay
from portal.registry.names import LONGEST_NAME, uniform_name
from portal.spreadsheets import days, values
from portal.spreadsheets.reading import Cell
from portal.spreadsheets.values import NOTHING, WrongCell

Facts = dict[str, Any]  # only what the row says: {attribute of a resident or household: value}

LONGEST = {
    "name": LONGEST_NAME,
    "relation": 20,
    "phone_of": 40,
    "registered_address": 120,
    "work": 60,
    "compound": 60,
    "building": 20,
    "stairwell": 20,
    "room": 20,
    "address_note": 120,
    "note": 200,
}
HEAD_WORDS = frozenset(("户主", "本人", "户主本人", "戶主", "head"))
STAYS = {
    Stay.PERMANENT: ("常住", "常住人口", "户籍", "户籍人口", "本地", "在家", "人户一致", "在册", "常驻"),
    Stay.FLOATING: ("流动", "流动人口", "租住", "暂住", "外来", "外来人口", "租户", "租客", "寄住"),
    Stay.AWAY: ("外出", "外出务工", "在外", "人户分离", "外出人口", "外地", "不在家"),
}
KINDS = {
    HouseholdKind.OWNED: ("自住", "自有", "自住房", "自有房", "住宅", "居住", "常住", "业主自住"),
    HouseholdKind.RENTED: ("出租", "租房", "租住", "出租房", "租赁", "租赁房"),
    HouseholdKind.EMPTY: ("空置", "空房", "空置房", "无人", "无人居住", "空户", "空"),
    HouseholdKind.SHOP: ("商铺", "门面", "商户", "店铺", "门面房", "经营", "商用", "沿街商铺"),
    HouseholdKind.DORMITORY: ("宿舍", "集体宿舍", "员工宿舍", "集体户"),
    HouseholdKind.OTHER: ("其他", "其它"),
}
DOCUMENTS = {
    DocumentType.ID_CARD: ("居民身份证", "身份证", "二代身份证", "居民", "id card"),
    DocumentType.RESIDENCE_PERMIT: ("港澳台居民居住证", "居住证"),
    DocumentType.TRAVEL_PERMIT: (
        "港澳居民来往内地通行证",
        "台湾居民来往大陆通行证",
        "通行证",
        "回乡证",
        "台胞证",
    ),
    DocumentType.PASSPORT: ("护照", "passport"),
    DocumentType.FOREIGNER_CARD: ("外国人永久居留身份证", "永久居留证", "永居证"),
    DocumentType.OTHER: ("其他", "其它", "其他证件", "户口簿", "出生证明"),
}
RESIDENCE_PERMIT_PLACES = ("81", "82", "83")
DOOR = re.compile(
    r"(?P<compound>.*?\D)??(?P<building>\d{1,3})(?:号楼|栋|幢|#楼?)(?P<stairwell>\d{1,2})单元(?P<room>\d{2,4})(?:室|号|户)?"
)
THREE_PARTS = re.compile(r"(?P<building>\d{1,3})-(?P<stairwell>\d{1,2})-(?P<room>\d{2,4})(?:室|号|户)?")
CHINESE = r"[〇\u3400-\u9fff\U00020000-\U0003ffff]"
CHINESE_NAME = re.compile(rf"{CHINESE}{{2,4}}|{CHINESE}+(?:·{CHINESE}+)+")
ABOVE = re.compile(
    r"^(?:[^\d\s]{2,8}省)?(?:[^\d\s]{2,6}市)?(?:[^\d\s]{2,6}县)?(?:[^\d\s]{2,8}(?:街道办事处|街道办|街道|镇|乡))?"
    r"(?:[^\d\s]{2,8}(?:社区居委会|社区|居委会))?"
)


class Reader:
    """Reads one row's cells and gathers what is wrong with them. ``names`` are the headings as the sheet has them."""

    def __init__(self, cells: Mapping[str, Cell], names: Mapping[str, str], today: date) -> None:
        self.cells, self.names, self.today = cells, names, today
        self.problems: list[str] = []

    def person(self, prefix: str = "") -> Facts:
        """What is said of the person whose columns begin so; for the head of a row also the columns without."""
        of = {field: self._column(field, prefix) for field in ("name", "document", "phone", "relation")}
        alone = prefix in ("", "head.")
        facts: Facts = {"name": uniform_name(self.text(of["name"], "name"))}
        facts |= self._numbers(of, with_type=alone)
        relation = self.text(of["relation"], "relation")
        if relation.casefold() in HEAD_WORDS or prefix == "head.":
            facts["is_head"] = True
        else:
            facts["relation"] = relation
        if alone:
            facts |= self._further()
        return {name: value for name, value in facts.items() if value not in ("", None)}

    def _column(self, field: str, prefix: str) -> str:
        own = f"{prefix}{field}"
        return own if own in self.cells or prefix not in ("", "head.") else field

    def _further(self) -> Facts:
        if self.read("is_head", values.yes_no):
            head: Facts = {"is_head": True}
        else:
            head = {}
        sex = self.read("sex", values.sex)
        return head | {
            "sex": Sex(sex) if sex else None,
            "born_on": self.read("born_on", self._birthday),
            "stay": self.read("stay", lambda cell: one_of(cell, STAYS)),
            "phone_of": self.text("phone_of"),
            "work": self.text("work"),
            "registered_address": self.text("registered_address"),
        }

    def _birthday(self, cell: Cell) -> date | None:
        born = days.day(cell)
        if born and born > self.today:
            raise WrongCell(_l("This day lies ahead. Enter a date like 1980-02-04."))
        return born

    def _numbers(self, of: Mapping[str, str], *, with_type: bool) -> Facts:
        type_ = self.read("document_type", lambda cell: one_of(cell, DOCUMENTS)) if with_type else None
        document = self.read(of["document"], lambda cell: self._document(cell, type_))
        phone = self.read(of["phone"], _phone)
        facts: Facts = {"phone": phone}
        if document:
            facts |= {"document": document, "document_type": type_ or _guessed(document)}
        return facts

    def _document(self, cell: Cell, type_: DocumentType | None) -> str | None:
        written = values.identity(cell)
        if not written:
            return None
        try:
            return check_document(type_ or _guessed(written), written, self.today)
        except WrongNumber as wrong:
            if values.ends_in_zeros(written):
                raise values.Lost(values.LOST_IDENTITY) from None
            raise WrongCell(wrong.sentence) from None

    def home(self) -> Facts:
        """What is said of where they live, in the parts of an address; {} where nothing is."""
        parts = {part: self.label(part) for part in ("compound", "building", "stairwell", "room")}
        parts["address_note"] = self.text("address", "address_note")
        found = well_formed(parts)
        kind = self.read("kind", lambda cell: one_of(cell, KINDS))
        note = self.text("note")
        facts = found | {"kind": kind, "note": note}
        return {name: value for name, value in facts.items() if value not in ("", None)}

    def text(self, field: str, limit: str = "") -> str:
        """A line of text, at most as long as the registry has room for; strokes and the like are nothing."""
        return self._bounded(field, limit or field, values.plain_text)

    def label(self, field: str) -> str:
        """The same for buildings and rooms, which Excel turns into dates."""
        return self._bounded(field, field, values.label)

    def _bounded(self, field: str, limit: str, read: Callable[[Cell], str]) -> str:
        written = self.read(field, read) or ""
        flat = unicodedata.normalize("NFKC", written).strip()
        if flat in NOTHING:
            return ""
        most = LONGEST.get(limit, 200)
        if len(written) > most:
            self.blame(field, _("Write this in at most %(most)s characters.", most=most))
            return ""
        return written if limit in ("note", "address_note", "registered_address", "work") else flat

    def read(self, field: str, how: Callable[[Cell], Any]) -> Any:
        """The cell read so; None where it is empty or wrong, and then the problem is noted."""
        cell = self.cells.get(field)
        if cell is None:
            return None
        try:
            return how(cell)
        except WrongCell as wrong:
            self.blame(field, str(wrong.sentence))
            return None

    def blame(self, field: str, sentence: str) -> None:
        """Note what is to be mended, under the heading of the sheet."""
        self.problems.append(
            _("%(heading)s: %(sentence)s", heading=self.names.get(field, field), sentence=sentence)
        )


def one_of(cell: Cell, words: Mapping[Any, tuple[str, ...]]) -> Any:
    """Which of these the cell names; None for an empty one. ``WrongCell`` names what may be entered."""
    written = unicodedata.normalize("NFKC", values.plain_text(cell)).strip().casefold()
    if written in NOTHING and not any(written in some for some in words.values()):
        return None
    for meaning, some in words.items():
        if written in some or written in (str(meaning.label).casefold(), meaning.value):
            return meaning
    allowed = "、".join(some[0] for some in words.values())
    raise WrongCell(_l("Enter one of these: %(allowed)s.", allowed=allowed))


def well_formed(parts: Mapping[str, str]) -> Facts:
    """An address in its parts: 3号院2号楼1单元401室 and 2-1-401 are taken apart, what stands above is left out."""
    made = dict(parts)
    if not any(made[part] for part in ("building", "stairwell", "room")):
        flat = re.sub(r"\s", "", unicodedata.normalize("NFKC", made["address_note"]))
        shorter = ABOVE.sub("", flat) or flat
        door = DOOR.fullmatch(shorter)
        if door and (door["compound"] or made["compound"]):
            made |= {name: said for name, said in door.groupdict().items() if said} | {"address_note": ""}
    if made["room"] and not made["building"] and (three := THREE_PARTS.fullmatch(made["room"])):
        made |= three.groupdict()
    made["room"] = re.sub(r"(?<=\d)(?:室|号房?)$", "", made["room"])
    if made["room"] and made["room"] in made["address_note"]:
        made["address_note"] = ""  # the whole address once more, in one cell
    return {name: said for name, said in made.items() if said}


def several_names(cell: Cell) -> list[str]:
    """李四、王五 王小明(子) → names, without what is said of them in brackets. Anna Müller is one name."""
    lines = cell.splitlines() if isinstance(cell, str) and values.plain_text(cell) else [cell]
    written = unicodedata.normalize("NFKC", "、".join(map(values.plain_text, lines)))
    bare = re.sub(r"\([^()]*\)", " ", written)
    found = [name for piece in re.split(r"[、,;/]+", bare) for name in _apart(piece.split())]
    return [uniform_name(name) for name in found if name and name not in NOTHING]


def _apart(words: list[str]) -> list[str]:
    """Only Chinese names are told apart by spaces: 张三 李 四 are two people, 欧阳 明 is one."""
    names: list[str] = []
    for word in words:
        if names and len(names[-1]) == len(word) == 1:
            names[-1] += word
        else:
            names.append(word)
    return names if all(map(CHINESE_NAME.fullmatch, map(uniform_name, names))) else [" ".join(words)]


def _phone(cell: Cell) -> str | None:
    found = values.phone(cell)
    if not found:
        return None
    try:
        return check_phone(found)
    except WrongNumber as wrong:
        raise WrongCell(wrong.sentence) from None


def _guessed(document: str) -> DocumentType:
    """Where no column tells: an 18-digit number that begins with 81, 82 or 83 is a residence permit's."""
    if len(document) == 18 and document.startswith(RESIDENCE_PERMIT_PLACES):
        return DocumentType.RESIDENCE_PERMIT
    return DocumentType.ID_CARD
