"""Numbers of people, phones and vehicles: made uniform, and checked with a sentence that says what to do.

Citizen numbers after GB 11643-1999: six digits of place, eight of birth, three in order (odd for men), one
check character after ISO 7064 MOD 11-2. The place is never compared with a table: it may have been dissolved.
"""

import re
import unicodedata
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.web.formats import MOBILE

WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
CHECK_CHARACTERS = "10X98765432"
# The 18 characters in which Excel has kept only 15 digits.
SHORTENED_BY_EXCEL = re.compile(r"\d(\.\d+)?E\+?\d+")
EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
RESIDENCE_PERMIT_PLACES = ("81", "82", "83")  # Hong Kong, Macao, Taiwan
TRAVEL_PERMIT = re.compile(r"[HM]?[0-9]{8}(?:[0-9]{2})?")
OLD_FOREIGNER_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}")
LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})([1-9][0-9]{6,7})")
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "A-HJ-NP-Z"  # I and O are not used
PLATE = re.compile(
    rf"[{PROVINCES}][{LETTERS}](?:[{LETTERS}0-9]{{4}}[{LETTERS}0-9挂学警港澳]"
    rf"|[{LETTERS}][{LETTERS}0-9][0-9]{{4}}|[0-9]{{5}}[{LETTERS}])"
)
LONGEST_FREE_TEXT = 20
FIRST_LIVING_YEAR = 1900
FIRST_SYNTHETIC_DAY = date(1800, 1, 1)
SYNTHETIC_DAYS = (date(1900, 1, 1) - FIRST_SYNTHETIC_DAY).days
SPREAD = 7919  # a prime that shares no factor with the number of days: neighbours don't look alike
MOST_SYNTHETIC = 2 * SYNTHETIC_DAYS * 499


class DocumentType(StrEnum):
    """The documents by which people are told apart (field-reference.md §10)."""

    ID_CARD = "id_card"
    RESIDENCE_PERMIT = "residence_permit"
    TRAVEL_PERMIT = "travel_permit"
    PASSPORT = "passport"
    FOREIGNER_CARD = "foreigner_card"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(DOCUMENT_LABELS[self])


DOCUMENT_LABELS = {
    DocumentType.ID_CARD: _l("Identity card"),
    DocumentType.RESIDENCE_PERMIT: _l("Residence permit for Hong Kong, Macao and Taiwan residents"),
    DocumentType.TRAVEL_PERMIT: _l("Mainland travel permit for Hong Kong, Macao and Taiwan residents"),
    DocumentType.PASSPORT: _l("Passport"),
    DocumentType.FOREIGNER_CARD: _l("Foreign permanent resident identity card"),
    DocumentType.OTHER: _l("Other document"),
}


class WrongNumber(ValueError):
    """A number that cannot be right; ``sentence`` is lazy and says what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_document(type_: DocumentType, text: str, today: date) -> str:
    """The number as it is stored: half-width, upper case, no spaces. ``WrongNumber`` says what to do.

    ``today`` is the last day on which someone can have been born.
    """
    number = _plain(text)
    if not number:
        raise WrongNumber(_l("Enter the number of the document"))
    if type_ is DocumentType.ID_CARD:
        return _eighteen(number, today)
    if type_ is DocumentType.RESIDENCE_PERMIT:
        return _residence_permit(number, today)
    if type_ is DocumentType.FOREIGNER_CARD:
        return _foreigner_card(number, today)
    if type_ is DocumentType.TRAVEL_PERMIT and not TRAVEL_PERMIT.fullmatch(number):
        raise WrongNumber(_l("Enter the 8 or 10 digits of the permit, with H or M before them if it has one"))
    if type_ is DocumentType.PASSPORT and not PASSPORT.fullmatch(number):
        raise WrongNumber(_l("Enter the passport number: letters and digits, as on the page with the photo"))
    if type_ is DocumentType.OTHER and not 2 <= len(number) <= 2 * LONGEST_FREE_TEXT:
        raise WrongNumber(_l("Enter the number as it stands on the document, at most 40 characters"))
    return number


def check_character(first_seventeen: str) -> str:
    """The eighteenth character for seventeen digits, ISO 7064 MOD 11-2."""
    pairs = zip(first_seventeen, WEIGHTS, strict=True)
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in pairs) % 11]


def birth_date(number: str) -> date | None:
    """The day of birth in a stored 18-character number; None in any other number."""
    if not EIGHTEEN.fullmatch(number) or check_character(number[:17]) != number[17]:
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_mans(number: str) -> bool | None:
    """Whether a stored 18-character number is a man's; None for any other number."""
    return None if birth_date(number) is None else int(number[16]) % 2 == 1


def check_phone(text: str) -> str:
    """13800138000, or 0396-6921234 for a landline. ``WrongNumber`` says what to do."""
    number = re.sub(r"^(?:\+|00)86(?=[01])|^86(?=1[0-9]{10}$)", "", re.sub(r"[()–—-]", "", _plain(text)))
    if number.isascii() and MOBILE.fullmatch(number):
        return number
    if landline := LANDLINE.fullmatch(number):
        return f"{landline[1]}-{landline[2]}"
    if re.fullmatch(r"[1-9][0-9]{6,7}", number):
        raise WrongNumber(_l("Put the area code before the number, like 0396-6921234"))
    raise WrongNumber(_l("Enter a mobile number of 11 digits, or a landline like 0396-6921234"))


def check_plate(text: str, *, free_text: bool = False) -> str:
    """豫QD3127: half-width, upper case, no dot. ``WrongNumber`` says what to do.

    ``free_text``: an electric or three-wheeled vehicle, a temporary, diplomatic or police plate; any text of
    at most 20 characters is right.
    """
    plate = re.sub(r"[·•.・-]", "", _plain(text)).upper()
    if not plate:
        raise WrongNumber(_l("Enter the plate"))
    if free_text and len(plate) <= LONGEST_FREE_TEXT:
        return plate
    if free_text:
        raise WrongNumber(_l("Describe the vehicle in 20 characters or fewer"))
    if PLATE.fullmatch(plate):
        return plate
    raise WrongNumber(
        _l("Enter the whole plate, like 豫QD3127; for a vehicle without one choose “no ordinary plate”")
    )


def looks_synthetic(number: str) -> bool:
    """Whether it is a citizen number of somebody born before 1900: a made-up person of the demo."""
    born = birth_date(number)
    return born is not None and born.year < FIRST_LIVING_YEAR


def synthetic_id(region6: str, serial: int) -> str:
    """A number with a right check character and a birth in 18xx, another one for each serial; odd is a man.

    ValueError where the region is not six digits or the serial not within 0 and about 36 million.
    """
    if not re.fullmatch(r"[0-9]{6}", region6) or not 0 <= serial < MOST_SYNTHETIC:
        raise ValueError(f"no synthetic number for region {region6!r}, serial {serial!r}")
    # Two neighbours, a woman and a man, share a day: day and parity and round together name the serial.
    round_, place = divmod(serial // 2, SYNTHETIC_DAYS)
    born = FIRST_SYNTHETIC_DAY + timedelta(days=place * SPREAD % SYNTHETIC_DAYS)
    first = f"{region6}{born:%Y%m%d}{2 * (round_ + 1) + serial % 2:03d}"
    return first + check_character(first)


def _plain(text: str) -> str:
    """Without spaces and in capitals. Normalised once more, as marks may now stand beside another letter."""
    packed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return unicodedata.normalize("NFKC", packed)


def _eighteen(number: str, today: date) -> str:
    if SHORTENED_BY_EXCEL.fullmatch(number):
        raise WrongNumber(_l("The spreadsheet has cut this number: make the column text and enter all 18"))
    if re.fullmatch(r"[0-9]{15}", number):
        raise WrongNumber(_l("This is an old number of 15 digits: enter the 18 of the present card"))
    if len(number) != 18:
        raise WrongNumber(
            _l("Enter all 18 characters of the identity number, now there are %(count)s", count=len(number))
        )
    if not EIGHTEEN.fullmatch(number):
        raise WrongNumber(_l("Enter 17 digits and a last digit or X, nothing else"))
    if check_character(number[:17]) != number[17]:
        raise WrongNumber(_l("A digit is wrong or two are swapped: compare the number with the card"))
    born = birth_date(number)
    if born is None or born > today:
        raise WrongNumber(_l("Digits 7 to 14 are not a date of birth: compare the number with the card"))
    return number


def _residence_permit(number: str, today: date) -> str:
    if not number.startswith(RESIDENCE_PERMIT_PLACES):
        raise WrongNumber(
            _l("A residence permit begins with 81, 82 or 83: compare it, or choose another document")
        )
    return _eighteen(number, today)


def _foreigner_card(number: str, today: date) -> str:
    if OLD_FOREIGNER_CARD.fullmatch(number):
        return number
    if not number.startswith("9"):
        raise WrongNumber(
            _l("Enter 18 digits that begin with 9, or the 3 letters and 12 digits of an old card")
        )
    return _eighteen(number, today)
