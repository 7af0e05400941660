"""Writing a log: what is valid is kept at once, what is not comes back in the form."""

from portal.database import keep_despite_refusal
from portal.patrols import service
from portal.patrols.forms_log import LogForm
from portal.patrols.models import Patrol


def write(patrol: Patrol, form: LogForm, *, hand_in: bool) -> bool:
    """Keep what was entered, and hand it in if that was wanted. True where nothing is left to mend.

    What is valid is kept even where the form comes back.
    """
    form.validate()
    service.keep(patrol, form.written())
    if hand_in and not form.errors:
        for problem in service.missing(patrol):
            form.mend(problem)
    if form.errors:
        keep_despite_refusal()
        form.ask_again()
        return False
    if hand_in:
        service.send(patrol)
    return True
