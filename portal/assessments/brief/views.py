"""The morning brief 晨会简报: one page, one sheet, and a text for a chat group."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.access.policy import May
from portal.assessments.brief import looks, printing, wording
from portal.assessments.brief.area import area
from portal.printing.document import is_asked_first
from portal.web.forms import Form
from portal.web.page import page

__all__ = ["area"]


@area.get("/", needs=May.SEE_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """What the meeting looks at, as it is now."""
    return page("assessments/brief/show.html", form=Form(), brief=looks.brief())


@area.get("/text", needs=May.SEE_ASSESSMENTS)
def text() -> ResponseReturnValue:
    """What is pasted into a chat group."""
    return page("assessments/brief/text.html", text=wording.text(looks.brief()))


@area.form("/print", needs=May.SEE_ASSESSMENTS)
def print_() -> ResponseReturnValue:
    """One sheet of A4; ``?as=page`` shows it on the screen, only a posted form is printed and noted."""
    if is_asked_first():
        return page("assessments/brief/print.html", form=Form())
    return printing.sheet(noted=request.method == "POST")
