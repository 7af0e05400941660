"""The bundle, as a phone fetches it."""

from portal.gate.bundle import models

__all__ = ["models"]
