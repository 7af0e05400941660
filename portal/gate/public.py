"""What anybody with a pass in hand may learn of it: its state, and as much as tells it from another one."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.access.scope import everywhere
from portal.accounts import throttle
from portal.clock import now
from portal.gate.checking import find
from portal.gate.paper import issuer_of, validity
from portal.passes import code, serials, standing
from portal.passes.facts import CodeProblem
from portal.passes.kinds import Kind, Shown
from portal.passes.models import Pass
from portal.web.formats import mask_name

SERIAL_IS_NOT_ENOUGH = _l(
    "A serial number is not enough here. Type the eight characters beside the square code instead."
)
KEY_WINDOW = _l("This code was not signed in the time of its key. Ask the community for a new pass.")
PROBLEMS = {
    CodeProblem.FOREIGN: _l("This is not the code of a pass of this portal."),
    CodeProblem.DAMAGED: _l("The code is not complete. Scan it again, or type the short code."),
    CodeProblem.ALTERED: _l(
        "The signature does not fit: the code was changed or forged. Tell the community."
    ),
    CodeProblem.UNKNOWN: _l("There is no pass with this code. Compare it with the paper and type it again."),
}


@dataclass(frozen=True)
class Answer:
    """Of a pass that was found: plain data, masked. Else ``problem`` says why there is nothing to tell."""

    problem: LazyString | None = None
    state: Shown | None = None
    holder: str = ""
    kind: Kind | None = None
    valid: str = ""
    issuer: str = ""


def answer(text: str, address: str) -> Answer:
    """The state of the pass whose code or short code this is. ``throttle.TooSoon`` for who guesses too much.

    Serial numbers can be counted through, so they are not answered; short codes that lead to nothing count as
    guesses of the address they come from.
    """
    if len(text) <= code.MAX_CHARACTERS and serials.serial_ok(code.tidy(text)):
        return Answer(SERIAL_IS_NOT_ENOUGH)
    guesses = throttle.for_public_check(address)
    throttle.take_a_try(guesses)
    with everywhere(because="a public check reads a pass of any community and tells its state, masked"):
        found = find(text)
        if found.pass_ is None or found.problem or not found.key_in_window:
            return Answer(PROBLEMS[found.problem] if found.problem else KEY_WINDOW)
        told = _told(found.pass_)
    throttle.forgive(guesses)
    return told


def _told(pass_: Pass) -> Answer:
    return Answer(
        state=standing.shown_state(pass_, now()),
        holder=mask_name(pass_.holder_name),
        kind=pass_.kind,
        valid=validity(pass_.valid_from, pass_.valid_until),
        issuer=issuer_of(pass_),
    )


def wait_sentence(seconds: int) -> str:
    """For who guessed too much."""
    return _("Too many codes that lead to nothing. Try again in %(seconds)s seconds.", seconds=seconds)
