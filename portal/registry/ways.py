"""Where a step leads when it is done."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue


def to_household(household_id: int) -> ResponseReturnValue:
    """To the household's page."""
    return redirect(url_for("registry.show", household_id=household_id), 303)
