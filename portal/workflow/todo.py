"""A line on Today: what somebody has to do now, one tap from being done."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Todo:
    """``label`` says what (lazy or plain), ``url`` where it is done, ``count`` how many, ``note`` the oldest or why."""

    label: Any
    url: str
    count: int | None = None
    note: str = ""
    urgent: bool = False
