"""Passwords: how they are hashed, which ones are refused, and the ones that are handed out on paper.

Argon2id with m=19 MiB, t=2, p=1 (OWASP's choice for busy servers; the library's own takes five times as long).
What is refused follows NIST SP 800-63B: too short, commonly used, or made of the person's own names; no rules
about the kinds of characters.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

SHORTEST, LONGEST = 10, 128
COST = (19 * 1024, 2)  # KiB, rounds
ONE_TIME_VALID = timedelta(
    hours=72
)  # a slip goes by hand to a village, and its reader may be on the night shift
ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
COMMON = Path(__file__).parent / "data" / "common-passwords.txt"
CONTEXT = ("gridgate", "wanggetong", "网格通")
ENOUGH_BESIDE_A_NAME = 8
FIGURES_THAT_ARE_KNOWN = (
    re.compile(r"1[3-9]\d{9}"),  # a mobile number
    re.compile(r"\d{17}[\dx]"),  # an identity number
)
DATE = re.compile(r"\D{0,3}(?:19|20)\d\d\D?(?:0?[1-9]|1[0-2])\D?(?:0?[1-9]|[12]\d|3[01])\D{0,3}")
LINES_OF_KEYS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)


def hash_password(password: str) -> str:
    """The hash to store."""
    return _hasher().hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether this is the password. Without a stored hash (no such account) it takes as long, and is wrong."""
    try:
        _hasher().verify(stored or _nobodys_hash(_cost()), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher().check_needs_rehash(stored)


def new_one_time_password() -> str:
    """Twelve letters and figures in groups of four, 59 bits: short enough to be typed from a slip."""
    return "-".join("".join(secrets.choice(ONE_TIME_LETTERS) for _i in range(4)) for _group in range(3))


def as_typed_from_a_slip(typed: str) -> str:
    """A one-time password as it is hashed: spaces, hyphens and capitals make no difference."""
    return re.sub(r"[\s–—-]", "", unicodedata.normalize("NFKC", typed)).lower()


def objection(password: str, names: Iterable[str]) -> str:
    """Why this password cannot be taken, as a sentence that says what to do; "" if it can.

    ``names`` are the person's own: sign-in name, name.
    """
    if len(password) < SHORTEST:
        return _("Use %(min)s characters or more", min=SHORTEST)
    if len(password) > LONGEST:
        return _("Use %(max)s characters or fewer", max=LONGEST)
    plain = unicodedata.normalize("NFKC", password).lower()
    if is_common(plain):
        return _(
            "Many people use this password, so it is guessed first. Choose another: three unrelated words are good."
        )
    if _is_mostly_a_name(plain, (*CONTEXT, *names)):
        return _("Leave out your own name and the name of this portal")
    return ""


def is_common(plain: str) -> bool:
    """Whether a password (lower case) is on the list, or a row of keys, a repetition, a date or a known number."""
    core = plain.strip("!@#$%^&*.?~_- ")
    return (
        plain in _common()
        or core in _common()
        or len(set(core)) < 4
        or any(core in line * 3 or core in line[::-1] * 3 for line in LINES_OF_KEYS)
        or any(core == core[:n] * (len(core) // n) for n in range(1, 6) if len(core) % n == 0)
        or DATE.fullmatch(core) is not None
        or any(form.fullmatch(core) for form in FIGURES_THAT_ARE_KNOWN)
    )


def _is_mostly_a_name(plain: str, names: Iterable[str]) -> bool:
    rest = plain
    for name in sorted({name.lower() for name in names}, key=len, reverse=True):
        if len(name) >= 3 or (len(name) == 2 and not name.isascii()):
            rest = rest.replace(name, "")
    return rest != plain and len(rest) < ENOUGH_BESIDE_A_NAME


def _cost() -> tuple[int, int]:
    cost: tuple[int, int] = current_app.config.get("PASSWORD_COST", COST)
    return cost


def _hasher() -> PasswordHasher:
    return _hasher_at(_cost())


@cache
def _hasher_at(cost: tuple[int, int]) -> PasswordHasher:
    return PasswordHasher(memory_cost=cost[0], time_cost=cost[1], parallelism=1)


@cache
def _nobodys_hash(cost: tuple[int, int]) -> str:
    return _hasher_at(cost).hash(secrets.token_urlsafe(16))


def prepare() -> None:
    """Make the hash that stands in for unknown names, so that not even the first try tells."""
    _nobodys_hash(_cost())


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())
