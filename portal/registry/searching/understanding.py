"""What somebody may have meant by what they typed into the one search box. Pure: no database."""

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

from portal.registry.identifiers import WrongNumber, check_phone
from portal.registry.names import uniform_name
from portal.registry.readings import letters
from portal.registry.searching.keys import BETWEEN, Door, read_door

FIGURES_OF_A_NUMBER = 5  # from so many on a document or phone may be meant
LAST_FOUR = re.compile(r"\d{3}[\dXx]")
LONG_NUMBER = re.compile(r"\d{7}")  # none in an address
IN_LETTERS = re.compile(r"[A-Za-zü][A-Za-zü'’ .-]*")


@dataclass(frozen=True)
class Meant:
    """Everything that a search can mean; what it cannot is empty.

    ``name`` in characters; ``spelt`` in letters, pinyin or initials; ``last_four`` of a phone or document;
    ``documents`` and ``phones`` whole, each as it may be stored; ``address`` in words or figures, as it was typed.
    """

    name: str = ""
    spelt: str = ""
    last_four: str = ""
    documents: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    door: Door | None = None
    address: str = ""


def understood(text: str) -> Meant:
    """Read what was typed in every way that makes sense."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not BETWEEN.sub("", plain):
        return Meant()
    if IN_LETTERS.fullmatch(plain):
        return Meant(spelt=letters(plain))
    has_figures = re.search(r"\d", plain)
    in_characters = re.search(r"[^\W\d_a-zA-Z]", plain)
    is_long = LONG_NUMBER.search(plain)
    documents, phones = _numbers(plain)
    return Meant(
        name="" if has_figures or not in_characters else uniform_name(plain),
        last_four=plain.upper() if LAST_FOUR.fullmatch(plain) else "",
        documents=documents,
        phones=phones,
        door=read_door(plain) if has_figures and not is_long else None,
        address="" if is_long or LAST_FOUR.fullmatch(plain) else plain,
    )


def _numbers(plain: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents and phones that may have been typed, whole."""
    if len(re.findall(r"\d", plain)) < FIGURES_OF_A_NUMBER:
        return (), ()
    as_stored = re.sub(r"\s", "", plain).upper()
    packed = re.sub(r"[-().·]", "", as_stored)
    phones = {packed, as_stored}
    with suppress(WrongNumber):
        phones.add(check_phone(plain))
    return tuple(sorted({as_stored, packed})), tuple(sorted(phones))
