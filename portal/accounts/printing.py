"""Slips: a one-time password to be handed over, recovery codes to be put away."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from portal import clock
from portal.access.acting import acting
from portal.printing.document import printed
from portal.printing.foot import Foot
from portal.units.installation import is_demo


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
        until = clock.local(self.valid_until)
        return f"{until.year}年{until.month}月{until.day}日 {until:%H:%M}"


@dataclass(frozen=True)
class RecoveryCodes:
    """Ten codes, each good once."""

    sign_in_name: str
    codes: list[str]
    foot: Foot


def print_slip(name: str, sign_in_name: str, password: str, valid_until: datetime, address: str) -> Response:
    """The slip with a one-time password as an answer to the request."""
    slip = Slip(name, sign_in_name, password, valid_until, address, _foot())
    return printed("accounts/slip.html", slip, file_name="slip")


def print_recovery_codes(sign_in_name: str, codes: list[str]) -> Response:
    """The sheet with recovery codes as an answer to the request."""
    return printed(
        "accounts/recovery_codes.html", RecoveryCodes(sign_in_name, codes, _foot()), file_name="codes"
    )


def _foot() -> Foot:
    return Foot(acting().name, clock.now(), is_demo())
