"""Writing a log: what is valid is kept at once, what is not comes back in the form."""

from portal.database import keep_despite_refusal
from portal.patrols import service
from portal.patrols.forms_log import LogForm
from portal.patrols.models import Patrol


def write(patrol: Patrol, form: LogForm, *, hand_in: bool = False, by_hand: bool = True) -> bool:
    """Keep what was entered, and hand it in if that was wanted. True where nothing is left to mend.

    What is valid is kept even where the form comes back. Nothing is kept over what somebody else wrote meanwhile
    before it was shown: whoever presses again by hand wants it so.
    """
    form.validate()
    if form.is_out_of_date_for(patrol) and (told := service.written_by_another(patrol)):
        form.form_errors.append(told)
        if by_hand:
            form.show_again(patrol)
        return False
    service.keep(patrol, form.written())
    if hand_in and not form.errors:
        for problem in service.missing(patrol):
            form.mend(problem)
    form.show_again(patrol)
    if form.errors:
        keep_despite_refusal()
        return False
    if hand_in:
        service.send(patrol)
    return True
