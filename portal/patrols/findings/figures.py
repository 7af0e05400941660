"""What the daily report says of findings: how many, and how many went to the police."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.patrols.findings.models import REFER, REFER_AT_ONCE, Finding
from portal.workflow.figures import Figure

HEADING = _l("Patrols")

FIGURES = (
    Figure(
        "findings.found",
        _lp("figures", "Findings"),
        HEADING,
        model=Finding,
        where={},
        dated_by=("found_at",),
        unit="个",
        order=601,
    ),
    Figure(
        "findings.referred",
        _lp("figures", "Referred to the police"),
        HEADING,
        model=Finding,
        steps=(REFER.name, REFER_AT_ONCE.name),
        unit="件",
        order=602,
    ),
)
