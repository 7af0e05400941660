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


class FindingKind(StrEnum):
    """What a patrol finds (field-reference §4.1). An order says which of them are looked for."""

    GATHERING = "gathering"
    NO_MASK = "no_mask"
    UNPERMITTED = "unpermitted"
    FORCED_GATE = "forced_gate"
    LEFT_ISOLATION = "left_isolation"
    CONCEALED = "concealed"
    CEREMONY = "ceremony"
    OPEN_SHOP = "open_shop"
    OUTSIDER = "outsider"
    DAMAGE = "damage"
    RUMOUR = "rumour"
    OTHER = "other"

    @property
    def label(self) -> str:
        return str(FINDING_KIND_LABELS[self])


FINDING_KIND_LABELS: dict[FindingKind, Any] = {
    FindingKind.GATHERING: _l("Gathering (cards, meals, dancing, chatting)"),
    FindingKind.NO_MASK: _l("No mask"),
    FindingKind.UNPERMITTED: _l("Out without a pass, or overtime"),
    FindingKind.FORCED_GATE: _l("Forced a checkpoint"),
    FindingKind.LEFT_ISOLATION: _l("Out in spite of home isolation"),
    FindingKind.CONCEALED: _l("Concealed a journey, or refused to register"),
    FindingKind.CEREMONY: _l("Wedding or funeral against the rules"),
    FindingKind.OPEN_SHOP: _l("Open for business against the rules"),
    FindingKind.OUTSIDER: _l("Outside people or vehicles entered"),
    FindingKind.DAMAGE: _l("Damaged a barrier"),
    FindingKind.RUMOUR: _l("Spread rumours"),
    FindingKind.OTHER: _l("Something else"),
}


class FindingState(StrEnum):
    """The ladder. The portal records and hands over; it never punishes."""

    PERSUADED = "persuaded"
    RECORDED = "recorded"
    NOTICED = "noticed"
    REFERRED = "referred"
    RECEIVED = "received"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        return str(FINDING_STATE_LABELS[self])


FINDING_STATE_LABELS: dict[FindingState, Any] = {
    FindingState.PERSUADED: _lp("finding", "Persuaded"),
    FindingState.RECORDED: _lp("finding", "Persuaded again, recorded"),
    FindingState.NOTICED: _lp("finding", "Written notice given"),
    FindingState.REFERRED: _lp("finding", "Referred to the police"),
    FindingState.RECEIVED: _lp("finding", "Received by the police"),
    FindingState.SETTLED: _lp("finding", "Settled"),
}


class HandoverSide(StrEnum):
    """Each side of a boundary has a row of its own, which says the same."""

    GIVEN = "given"
    RECEIVED = "received"


class HandoverState(StrEnum):
    """How far a hand-over has come; the same on both sides."""

    GIVEN = "given"
    ACKNOWLEDGED = "acknowledged"
    ON_PAPER = "on_paper"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return str(HANDOVER_STATE_LABELS[self])


HANDOVER_STATE_LABELS: dict[HandoverState, Any] = {
    HandoverState.GIVEN: _lp("hand-over", "Waits for the other side"),
    HandoverState.ACKNOWLEDGED: _lp("hand-over", "Acknowledged"),
    HandoverState.ON_PAPER: _lp("hand-over", "Acknowledged on paper"),
    HandoverState.DISPUTED: _lp("hand-over", "Disputed"),
    HandoverState.WITHDRAWN: _lp("hand-over", "Withdrawn"),
}
