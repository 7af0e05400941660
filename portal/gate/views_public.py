"""公开查验: anybody may ask whether a pass is valid. Posted and answered at once: no code in an address."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.access.guard import ANYONE
from portal.accounts.throttle import TooSoon
from portal.clock import now
from portal.gate import public
from portal.gate.area import area
from portal.gate.forms import PublicForm
from portal.web.page import page


@area.form("/v/", needs=ANYONE)
def public_check() -> ResponseReturnValue:
    """The form, and its answer above it."""
    form, answer, status = PublicForm(), None, 200
    if form.validate_on_submit():
        try:
            answer = public.answer(form.code.data, request.remote_addr or "")
        except TooSoon as wait:
            form.code.errors = [public.wait_sentence(wait.seconds)]
            status = 429
    form.code.raw_data = form.code.data = None
    status = form.status if status == 200 else status
    return page("gate/public.html", status=status, form=form, answer=answer, at=now())
