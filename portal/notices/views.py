"""Notices 通告."""

from portal.notices import models
from portal.notices.area import area

__all__ = ["area", "models"]
