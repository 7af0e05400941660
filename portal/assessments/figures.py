"""What the daily report says of assessments: who waits for a decision, what was decided and carried out."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.assessments import models
from portal.assessments.kinds import AssessmentState
from portal.assessments.models import Assessment, Transfer
from portal.workflow.figures import Counting, Figure

HEADING = _l("Assessment")

FIGURES = (
    Figure(
        "assessments.waiting",
        _lp("figures", "Waiting for a decision"),
        HEADING,
        Counting.AT_ITS_END,
        model=Assessment,
        states=(AssessmentState.WAITING,),
        unit="人",
        order=290,
    ),
    Figure(
        "assessments.decided",
        _lp("figures", "Decided"),
        HEADING,
        model=Assessment,
        steps=(models.DECIDE.name, models.NO_MEASURE.name),
        unit="人",
        order=291,
    ),
    Figure(
        "assessments.to_carry_out",
        _lp("figures", "Decisions to be carried out"),
        HEADING,
        Counting.AT_ITS_END,
        model=Assessment,
        states=(AssessmentState.DECIDED,),
        unit="人",
        order=292,
    ),
    Figure(
        "assessments.carried_out",
        _lp("figures", "Decisions carried out"),
        HEADING,
        model=Assessment,
        steps=(models.REPORT_BACK.name,),
        unit="人",
        order=293,
    ),
)
TRANSFER_FIGURES = (
    Figure(
        "transfers.given",
        _lp("figures", "Handed over to another place"),
        HEADING,
        model=Transfer,
        steps=("give",),
        unit="人",
        order=294,
    ),
    Figure(
        "transfers.received",
        _lp("figures", "Received from another place"),
        HEADING,
        model=Transfer,
        steps=("receive",),
        unit="人",
        order=295,
    ),
)
