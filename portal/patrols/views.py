"""Patrols 巡逻."""

from portal.patrols import models
from portal.patrols.area import area

__all__ = ["area", "models"]
