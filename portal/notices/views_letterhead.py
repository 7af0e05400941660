"""版头: the letterhead of one's own unit."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.policy import May
from portal.notices import looks, numbering
from portal.notices.area import area
from portal.notices.forms import LetterheadForm
from portal.web.errors import Refused
from portal.web.page import page


@area.form("/letterhead", needs=May.WRITE_NOTICES)
def letterhead() -> ResponseReturnValue:
    """How one's own unit signs and numbers."""
    unit = looks.own_unit()
    form = LetterheadForm.of(numbering.letterhead_of(unit.id), numbering.proposal(unit))
    if form.validate_on_submit():
        try:
            numbering.keep_letterhead(unit, form.heading(), form.last_on_paper.data)
        except Refused as refused:
            form.code.errors = [str(refused.sentence)]
        else:
            flash(_("Saved"))
            return redirect(url_for("notices.letterhead"), 303)
    about = looks.at_letterhead(unit)
    return page("notices/letterhead.html", fragment="form", status=form.status, form=form, **about)
