"""Texts about findings. Free ones name nobody by number: such numbers have their own, encrypted fields."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import StopValidation

from portal.patrols.findings.kinds import FindingKind

BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-–—·.]+(?=[\dX])")
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{15}|\d{17}[\dX])(?!\d)")


def what_was_found(kind: FindingKind, note: str) -> str:
    """The kind in words, or what was written where it is something else."""
    return note or kind.label


def names_by_number(text: str) -> bool:
    """Whether there is an identity number or a mobile number in the text, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return any(PERSONAL_NUMBER.search(form) for form in (plain, BETWEEN_DIGITS.sub("", plain)))


class NoNumbers:
    """No identity number and no mobile number in this text."""

    def __call__(self, form: Any, field: Any) -> None:
        if names_by_number(field.data or ""):
            raise StopValidation(
                _("%(label)s: leave identity and phone numbers out of the text", label=field.label.text)
            )
