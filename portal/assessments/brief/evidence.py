"""A contradiction as it is shown: who or where, masked, what speaks for it, and the way to its records."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.access.guard import can_open
from portal.assessments.brief.kinds import Kind
from portal.registry.addresses import address_of
from portal.web.formats import mask_name

MOST = 10


@dataclass(frozen=True)
class Finding:
    """One contradiction: who or where, masked; what speaks for it; the record to open, empty where one may not."""

    what: str
    evidence: str
    url: str


@dataclass(frozen=True)
class Found:
    """What was found of one kind. ``more``: there is more than is shown; ``url`` leads to all of it."""

    kind: Kind
    lines: list[Finding]
    more: bool = False
    url: str = ""

    @property
    def count_words(self) -> str:
        """3, or 10+ where there is more."""
        return f"{len(self.lines)}+" if self.more else str(len(self.lines))


def who(name: str, unit: str) -> str:
    """张*, 豫苑社区三组二格"""
    return _("%(name)s, %(title)s", name=mask_name(name), title=unit)


def where(row: Any) -> str:
    """The address of a row of ADDRESS, and its unit."""
    return _("%(name)s, %(title)s", name=address_of(row), title=row.full_name)


def link(endpoint: str, **values: Any) -> str:
    """The page, or nothing where the one acting may not open it."""
    return url_for(endpoint, **values) if can_open(endpoint) else ""
