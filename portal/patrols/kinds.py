"""What patrols, findings and hand-overs can be."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


class PatrolKind(StrEnum):
    """Where a patrol walks: its value is also the item of the order's measure."""

    COMMUNITY = "community"
    BOUNDARY = "boundary"

    @property
    def label(self) -> str:
        return str(PATROL_KIND_LABELS[self])


PATROL_KIND_LABELS: dict[PatrolKind, Any] = {
    PatrolKind.COMMUNITY: _l("Community patrol"),
    PatrolKind.BOUNDARY: _l("Boundary patrol"),
}


class PatrolState(StrEnum):
    """What is stored. A draft is a patrol that is out, or one that is being written down."""

    DRAFT = "draft"
    SENT = "sent"
    BROKEN_OFF = "broken_off"
    CORRECTED = "corrected"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(PATROL_STATE_LABELS[self])


PATROL_STATE_LABELS: dict[PatrolState, Any] = {
    PatrolState.DRAFT: _lp("patrol", "Being written"),
    PatrolState.SENT: _lp("patrol", "Handed in"),
    PatrolState.BROKEN_OFF: _lp("patrol", "Broken off"),
    PatrolState.CORRECTED: _lp("patrol", "Corrected by another"),
    PatrolState.VOID: _lp("patrol", "Struck out"),
}


class Weather(StrEnum):
    """As the log book says it."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    WIND = "wind"

    @property
    def label(self) -> str:
        return str(WEATHER_LABELS[self])


WEATHER_LABELS: dict[Weather, Any] = {
    Weather.CLEAR: _lp("weather", "Clear"),
    Weather.CLOUDY: _lp("weather", "Cloudy"),
    Weather.RAIN: _lp("weather", "Rain"),
    Weather.SNOW: _lp("weather", "Snow"),
    Weather.FOG: _lp("weather", "Fog"),
    Weather.WIND: _lp("weather", "Strong wind"),
}


class Barrier(StrEnum):
    """How the barrier at a boundary was found."""

    INTACT = "intact"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNSTAFFED = "unstaffed"

    @property
    def label(self) -> str:
        return str(BARRIER_LABELS[self])


BARRIER_LABELS: dict[Barrier, Any] = {
    Barrier.INTACT: _lp("barrier", "Intact"),
    Barrier.DAMAGED: _lp("barrier", "Damaged"),
    Barrier.MISSING: _lp("barrier", "Missing"),
    Barrier.UNSTAFFED: _lp("barrier", "Nobody there"),
}
