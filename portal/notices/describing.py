"""What was done with a notice, and whom it is for, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext

from portal.notices import models, service
from portal.notices.models import Notice
from portal.workflow.record import Entry, entries_of

STEP_WORDS = {
    "draft": _l("Drafted"),
    models.SUBMIT.name: _lp("what was done", "Sent for approval"),
    models.APPROVE.name: _lp("what was done", "Approved"),
    models.RETURN.name: _l("Returned"),
    models.PUBLISH.name: _lp("notice", "Published"),
    models.WITHDRAW.name: _lp("notice", "Withdrawn"),
    models.GIVE_WAY.name: _lp("notice", "Replaced"),
}
LOOKS = {models.WITHDRAW.name: "no", models.RETURN.name: "look", models.GIVE_WAY.name: "nil"}
MOST_NAMED = 4


def steps_in_words(notice: Notice) -> list[Entry]:
    """What was done with the notice, for ``ui.steps``; each change of its text stands under the versions instead.

    Empty for those who work below the unit that writes it.
    """
    return entries_of(notice, STEP_WORDS, LOOKS, with_role=True, with_others=False)


def audience_in_words(notice: Notice) -> str:
    """Whom it is for: 豫苑社区、建设路社区; of many the first ones and how many."""
    units = service.audience_of(notice)
    names = pgettext("between items", ", ").join(unit.full_name for unit in units[:MOST_NAMED])
    if len(units) > MOST_NAMED:
        return _("%(names)s and %(count)s more", names=names, count=len(units) - MOST_NAMED)
    return names or _("other units")
