"""Slips: a one-time password to be handed over, recovery codes to be put away."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.printing.words import moment_in_words
from portal.units.installation import foot


@dataclass(frozen=True)
class Slip:
    """What somebody needs for the first sign-in."""

    name: str
    sign_in_name: str
    password: str
    valid_until: datetime
    address: str
    foot: Foot

    @property
    def valid_until_in_words(self) -> str:
        """2026年11月26日 08:10"""
        return moment_in_words(self.valid_until)


@dataclass(frozen=True)
class RecoveryCodes:
    """Ten codes, each good once."""

    sign_in_name: str
    codes: list[str]
    foot: Foot


def print_slip(name: str, sign_in_name: str, password: str, valid_until: datetime, address: str) -> Response:
    """The slip with a one-time password as an answer to the request."""
    slip = Slip(name, sign_in_name, password, valid_until, address, foot(with_unit=False))
    return printed("accounts/slip.html", slip, file_name="slip")


def print_recovery_codes(sign_in_name: str, codes: list[str]) -> Response:
    """The sheet with recovery codes as an answer to the request."""
    return printed(
        "accounts/recovery_codes.html",
        RecoveryCodes(sign_in_name, codes, foot(with_unit=False)),
        file_name="codes",
    )
