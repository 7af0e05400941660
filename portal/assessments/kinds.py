"""What an assessment and a transfer can be."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.isolations.kinds import ISOLATION_KIND_LABELS, IsolationKind


class AssessmentState(StrEnum):
    """研判处理: what waits for the office, and what waits for those who carry it out."""

    WAITING = "waiting"
    DECIDED = "decided"
    REPORTED = "reported"
    CLOSED = "closed"
    VOID = "void"

    @property
    def label(self) -> str:
        return str(ASSESSMENT_STATE_LABELS[self])


OPEN = (AssessmentState.WAITING, AssessmentState.DECIDED, AssessmentState.REPORTED)


class Decision(StrEnum):
    """What the office can decide, the gravest first. The first four are kinds of isolation."""

    COLLECTIVE = "collective"
    HOME = "home"
    HOME_MONITORING = "home_monitoring"
    MONITORING = "monitoring"
    HOSPITAL = "hospital"
    TRANSFER = "transfer"
    ASK_MORE = "ask_more"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        return str(DECISION_LABELS[self])

    @property
    def isolates(self) -> IsolationKind | None:
        """The kind of isolation that follows; None where none does."""
        return IsolationKind(self.value) if self.value in list(IsolationKind) else None


class By(StrEnum):
    """Deadlines that are offered."""

    TWO_HOURS = "two_hours"
    TODAY = "today"
    TOMORROW = "tomorrow"

    @property
    def label(self) -> str:
        return str(BY_LABELS[self])


class TransferState(StrEnum):
    """A person's case given to another unit, or out of the installation."""

    GIVEN = "given"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return str(TRANSFER_STATE_LABELS[self])


ASSESSMENT_STATE_LABELS: dict[AssessmentState, Any] = {
    AssessmentState.WAITING: _l("Waits for a decision"),
    AssessmentState.DECIDED: _l("To be carried out"),
    AssessmentState.REPORTED: _l("Reported back"),
    AssessmentState.CLOSED: _lp("assessment", "Closed"),
    AssessmentState.VOID: _lp("assessment", "Struck out"),
}
DECISION_LABELS: dict[Decision, Any] = {
    **{Decision(kind.value): label for kind, label in ISOLATION_KIND_LABELS.items()},
    Decision.HOSPITAL: _l("To hospital"),
    Decision.TRANSFER: _l("Hand over to another place"),
    Decision.ASK_MORE: _l("Ask for more"),
    Decision.NOTHING: _l("No measure"),
}
BY_LABELS: dict[By, Any] = {
    By.TWO_HOURS: _l("Within 2 hours"),
    By.TODAY: _l("Today"),
    By.TOMORROW: _l("Tomorrow 08:00"),
}
TRANSFER_STATE_LABELS: dict[TransferState, Any] = {
    TransferState.GIVEN: _l("Waits for the other side"),
    TransferState.ACKNOWLEDGED: _lp("transfer", "Acknowledged"),
    TransferState.REFUSED: _lp("transfer", "Refused"),
    TransferState.WITHDRAWN: _lp("transfer", "Withdrawn"),
}
