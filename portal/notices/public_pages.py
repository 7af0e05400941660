"""What the public pages show: plain data, and nothing beyond it."""

from dataclasses import dataclass
from datetime import date

from portal.notices.text import Block
from portal.printing.words import day_in_words


@dataclass(frozen=True)
class Listed:
    """A notice in a list. ``day`` is the date on its paper."""

    id: int
    title: str
    number: str
    issuer: str
    day: date | None


@dataclass(frozen=True)
class Here:
    """A unit by which notices are found, with how many there are, or None where nobody counted."""

    id: int
    name: str
    count: int | None = None


@dataclass(frozen=True)
class PublicPlace:
    """A street or a community, what is in force there, and where one goes from it. ``stamp`` changes with any of it."""

    id: int
    name: str
    above: Here | None
    below: tuple[Here, ...]
    notices: tuple[Listed, ...]
    older: int | None
    stamp: str


@dataclass(frozen=True)
class PublicNotice:
    """A notice as everybody reads it. One that is over has no blocks; ``successor`` is what holds instead of it."""

    id: int
    title: str
    number: str
    signers: tuple[str, ...]
    place: Here
    day: date | None
    addressees: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...]
    hotline: str
    stamp: str
    ended: date | None = None
    successor: int | None = None

    @property
    def attachment_lines(self) -> list[str]:
        """附件：1. 点位表, as paper has them; one alone has no number."""
        many = len(self.attachments) > 1
        lines = [
            f"{number}. {name}" if many else name for number, name in enumerate(self.attachments, start=1)
        ]
        return [f"附件：{line}" if line is lines[0] else line for line in lines]

    @property
    def day_in_words(self) -> str:
        """2026年11月23日, in both languages of the frame; nothing without a date."""
        return day_in_words(self.day) if self.day else ""
