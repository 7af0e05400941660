"""What has happened in the demo street, area by area: ``stories/<area>.py`` has ``tell(on)``.

Everything goes through the verbs that the pages use, at past hours, so that history, audit trail and numbers are
as they would be.
"""

from importlib import import_module
from importlib.util import find_spec

from portal.access.guard import opened
from portal.rehearsal.calendar import Calendar


def tell(on: Calendar) -> None:
    """The story of every area that has one, from the lowest floor up."""
    for name in opened():
        if find_spec(f"{__name__}.{name}"):
            import_module(f"{__name__}.{name}").tell(on)
