"""What the daily report says of where notices hang."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.notices.postings.models import HANG, Posting
from portal.workflow.figures import Figure

FIGURES = (
    Figure(
        "postings.hung",
        _lp("figures", "Notices posted"),
        _l("Notices"),
        model=Posting,
        steps=(HANG.name,),
        unit="处",
        order=901,
    ),
)
