"""The demo street 重阳街道: real places, invented people, an order in force and passes in every state."""

from flask import g

from portal.access.scope import everywhere
from portal.audit import service as audit
from portal.clock import rehearsing
from portal.database import db
from portal.rehearsal import staff, stories, street
from portal.rehearsal.calendar import Calendar
from portal.rehearsal.people import Invented
from portal.units.installation import mark_as_demo


def load() -> None:
    """Fill an empty database. Afterwards every page says 演示."""
    invented, calendar = Invented(), Calendar()
    before_the_story = rehearsing(calendar.hour(-21, 9))
    with before_the_story, everywhere(because="the demo street is laid out in an empty database"):
        mark_as_demo()
        street.lay_out()
        staff.appoint_everybody(invented)
        street.settle_households(invented)
        street.publish_duty_phones(invented)
    stories.tell(calendar)
    g.pop("acting", None)
    with everywhere(because="the demo is noted in the trail"):
        audit.record("demo.load")


def sign_ins() -> str:
    """What ``./run`` prints: who can sign in, as what, with the one password."""
    with everywhere(because="the demo sign-ins are printed at start"):
        lines = [f"  {player.sign_in_name:6}{_what(player)}" for player in staff.PLAYERS]
        db.session.rollback()
    return "\n".join([f"演示账号 Demo sign-ins, 密码 password: {staff.PASSWORD}", *lines])


def _what(player: staff.Player) -> str:
    role, _title, unit, gate = player.appointments[0]
    return f"{role.value:14}{unit or ''}{gate or ''}"
