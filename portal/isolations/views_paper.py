"""What is printed of one isolation. ``?as=page`` shows it on the screen; only a posted form is printed and noted."""

from collections.abc import Callable

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access.policy import May
from portal.database import db
from portal.isolations import looks, printing, printing_log, service
from portal.isolations.area import area
from portal.isolations.models import Isolation
from portal.printing.document import is_asked_first
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.page import page

NOT_RELEASED = _l("There is a certificate only for somebody who was released.")
ABOUT = {
    "print_notice": (
        _l("Print the notice of obligations"),
        _l("One sheet of A4 with the rules and phones. The slip at its foot is signed, cut off and kept."),
    ),
    "print_release": (
        _l("Print the release certificate"),
        _l("One sheet of A4 with the place for both seals."),
    ),
    "print_log": (
        _l("Print the temperature log"),
        _l("One line a day with both temperatures; the days to come are empty, to be written in by hand."),
    ),
}


@area.form("/<int:isolation_id>/print-notice", needs=May.CARE_FOR_ISOLATED)
def print_notice(isolation_id: int) -> ResponseReturnValue:
    """告知书"""
    return _print(isolation_id, "print_notice", printing.notice)


@area.form("/<int:isolation_id>/print-log", needs=May.CARE_FOR_ISOLATED)
def print_log(isolation_id: int) -> ResponseReturnValue:
    """体温监测登记表"""
    return _print(isolation_id, "print_log", printing_log.log)


@area.form("/<int:isolation_id>/print-release", needs=May.RELEASE_ISOLATED)
def print_release(isolation_id: int) -> ResponseReturnValue:
    """解除告知书"""
    if not printing.may_have_certificate(db.get_or_404(Isolation, isolation_id)):
        raise Refused(NOT_RELEASED)
    return _print(isolation_id, "print_release", printing.certificate)


def _print(isolation_id: int, what: str, make: Callable[[Isolation], Response]) -> ResponseReturnValue:
    isolation = db.get_or_404(Isolation, isolation_id)
    if is_asked_first():
        heading, about = ABOUT[what]
        return page(
            "isolations/print.html",
            form=Form(),
            heading=heading,
            said=about,
            endpoint=f"isolations.{what}",
            **looks.about(isolation),
        )
    if request.method == "POST":
        service.note_printed(isolation, what)
    return make(isolation)
