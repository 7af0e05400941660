"""Serial numbers and short codes: what people read aloud, write down and type.

The last character checks the others: any single error and any swap of neighbours shows, because the number of
characters is a prime and neighbours have different weights.
"""

import secrets
import unicodedata

SERIAL_LETTERS = "ABCDEFGHJKMNPRTVWXY"  # 19
SHORT_CODE_CHARACTERS = "23456789ABCDEFGHJKMNPQRSTVWXY"  # 29: no 0 O, 1 I L, U, Z
SHORT_CODE_LENGTH = 8
SHORT_CODE_SLIPS = str.maketrans("UZ", "V2", " -‐‑‒–—―−_.·\t\r\n")
SERIAL_NUMBERS = 1_000_000  # of one community; six digits
MAX_COMMUNITY_NO = 999_999


def serial(community_no: int, number: int) -> str:
    """A serial number with its check letter, like 003-000123-K."""
    if not (0 < community_no <= MAX_COMMUNITY_NO and 0 < number < SERIAL_NUMBERS):
        raise ValueError(f"no serial number for {community_no}, {number}")
    community, counted = f"{community_no:03}", f"{number:06}"
    letter = SERIAL_LETTERS[_check([int(digit) for digit in community + counted], len(SERIAL_LETTERS))]
    return f"{community}-{counted}-{letter}"


def serial_ok(text: str) -> bool:
    """Whether this is a serial number as ``serial`` writes it."""
    community, _, rest = text.partition("-")
    counted, _, _letter = rest.partition("-")
    if not (text.isascii() and community.isdigit() and counted.isdigit()):
        return False
    try:
        return serial(int(community), int(counted)) == text
    except ValueError:
        return False


def new_short_code() -> str:
    """Eight characters for typing where nothing can scan. Draw again where the database has it already."""
    body = [secrets.randbelow(len(SHORT_CODE_CHARACTERS)) for _ in range(SHORT_CODE_LENGTH - 1)]
    values = [*body, _check(body, len(SHORT_CODE_CHARACTERS))]
    return "".join(SHORT_CODE_CHARACTERS[value] for value in values)


def short_code_ok(code: str) -> bool:
    """Whether this is a short code, tidied, whose check character fits."""
    if len(code) != SHORT_CODE_LENGTH or any(character not in SHORT_CODE_CHARACTERS for character in code):
        return False
    values = [SHORT_CODE_CHARACTERS.index(character) for character in code]
    return _check(values[:-1], len(SHORT_CODE_CHARACTERS)) == values[-1]


def tidy_short_code(text: str) -> str:
    """A short code as it was typed, without spaces and dashes, in narrow capitals; Z is read as 2 and U as V."""
    return unicodedata.normalize("NFKC", text).upper().translate(SHORT_CODE_SLIPS)


def _check(values: list[int], prime: int) -> int:
    """The value that brings the sum, weighted 1, 2, 3 … from the last to the first, to a multiple of ``prime``."""
    return -sum(weight * value for weight, value in enumerate(reversed(values), start=2)) % prime
