"""What the daily report says of notices."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.notices.models import PUBLISH, Notice
from portal.workflow.figures import Figure

FIGURES = (
    Figure(
        "notices.published",
        _lp("figures", "Published"),
        _l("Notices"),
        model=Notice,
        steps=(PUBLISH.name,),
        unit="份",
        order=900,
    ),
)
