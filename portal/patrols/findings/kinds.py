"""What patrols find, and the rungs of the ladder."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp


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
