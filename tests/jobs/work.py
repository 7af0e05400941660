"""Long work that only the tests have. Each writes households, so that what was done twice or not at all shows."""

import time

from flask_babel import gettext as _

from portal.access.acting import acting
from portal.database import db
from portal.jobs.kinds import JobKind
from portal.jobs.task import Task
from portal.registry.models import Household


def write_households(task: Task) -> None:
    """One household for each number, one a step, and a file with a line for each."""
    pause = task.arguments.get("pause", 0)
    for number in task.steps(range(task.arguments["count"])):
        place = acting().place
        assert place
        db.session.add(Household(unit_id=place.unit_id, room=str(number), compound=f"job {task.job_id}"))
        time.sleep(pause)
    for number in task.steps(range(3), part="draw", looks=True):
        (task.folder / f"{number}.part").write_text(f"part {number}\n")
    parts = sorted(task.folder.glob("*.part"))
    task.result("txt").write_text("".join(part.read_text() for part in parts))
    task.report(_("done"))


KINDS = {"households": JobKind("Count sheep", write_households)}
