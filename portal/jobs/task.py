"""What the work of a kind is given: its arguments, steps that are kept one by one, and a place for its result."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm import Session as AnySession

from portal.clock import now
from portal.database import Session, db, expect_writing
from portal.jobs import files, leases
from portal.jobs.leases import Lease, LeaseLost
from portal.jobs.models import JobState

Item = TypeVar("Item")
NOTE_LENGTH = 60


class Stopped(Exception):
    """Its owner asked to stop."""


class Paused(Exception):
    """The worker ends; another one goes on."""


class WritesOutsideSteps(RuntimeError):
    """What is written outside of a step would be lost: put it into ``task.steps(…)``."""


class Task:
    """A job while somebody works at it.

    ::

        def work(task: Task) -> None:
            task.note(_("Reading"))
            ids = list(db.session.scalars(select(Pass.id)))            # looks; nobody waits for it
            for some in task.chunks(ids, 200, part="draw", looks=True):
                draw(some, task.folder / f"{some[0]}.pdf")             # a part, found again after a restart
            for pass_id in task.steps(ids, part="mark"):
                mark_printed(pass_id)                                  # written, with the progress, or not at all
            join(task.folder.glob("*.pdf"), task.result("pdf"))

    Begun again after a stop or a crash, ``work`` is called anew and every part leaves out what it has passed: so
    the items of a part must come in the same order each time. Inside a step is one transaction, which begins and
    ends with it; ``looks=True`` for steps that write nothing. Outside of steps nothing can be written. Keep numbers
    and plain values from step to step, not rows: those are asked for again in each.
    """

    def __init__(self, lease: Lease, asked_to_end: Callable[[], bool]) -> None:
        self._lease, self._asked_to_end = lease, asked_to_end
        self._result: str | None = None
        self._said = ""
        self._in_a_step = False

    @property
    def job_id(self) -> int:
        return self._lease.job_id

    @property
    def arguments(self) -> dict[str, Any]:
        """What ``service.start`` was given."""
        return self._lease.arguments

    @property
    def checkpoint(self) -> dict[str, Any]:
        """Plain values that the work notes for itself; kept with every step."""
        return self._lease.checkpoint

    @property
    def folder(self) -> Path:
        """Where the work keeps what it needs on the way; it lasts until the job has ended."""
        return files.folder(self._lease.folder)

    def note(self, line: str) -> None:
        """What is going on, in a few words and nothing personal."""
        self._said = line[:NOTE_LENGTH]
        if not self._in_a_step:
            self._say(note=self._said)

    def report(self, sentence: str) -> None:
        """Something that the owner reads at the end: what was done, or what was not and why."""
        self._lease.outcome.append(sentence)

    def result(self, suffix: str) -> Path:
        """Where to write the file that the owner fetches. It is published when the work has come to its end."""
        self._result = suffix
        return self.folder / f"{self._lease.owner}.draft"

    def steps(
        self, items: Iterable[Item], *, total: int | None = None, part: str = "", looks: bool = False
    ) -> Iterator[Item]:
        """The items one by one, each a step. ``total`` where the items cannot be counted."""
        for some in self.chunks(items, 1, total=total, part=part, looks=looks):
            yield some[0]

    def chunks(
        self,
        items: Iterable[Item],
        size: int,
        *,
        total: int | None = None,
        part: str = "",
        looks: bool = False,
    ) -> Iterator[list[Item]]:
        """Lists of ``size`` items, each a step: about a second's work is a good size."""
        if total is None and isinstance(items, Collection):
            total = len(items)
        passed = self._lease.reached.get(part, 0)
        self._say(done=passed, note=self._said, total=total, counting_since=now(), counting_from=passed)
        waiting = islice(items, passed, None)
        while some := list(islice(waiting, size)):
            self._begin(looks)
            yield some
            passed += len(some)
            self._lease.reached = {**self._lease.reached, part: passed}
            self._end(looks, done=passed)

    def _begin(self, looks: bool) -> None:
        db.session.rollback()  # what was looked at before the step
        self._in_a_step = not looks
        expect_writing(not looks)
        db.session().info["only_looks"] = looks

    def _end(self, looks: bool, *, done: int) -> None:
        kept = {
            "reached": self._lease.reached,
            "checkpoint": dict(self.checkpoint),
            "outcome": self._lease.outcome,
        }
        progress = {"done": done, "note": self._said, "tries": 0, **kept}
        if looks:
            db.session.rollback()
            state = leases.note(self._lease, **progress)
        else:
            state = leases.note_in_the_step(self._lease, **progress)
            db.session.commit()
        self.only_look()
        self._look_up(state)

    def only_look(self) -> None:
        """Outside of steps."""
        self._in_a_step = False
        expect_writing(False)
        db.session().info["only_looks"] = True

    def _say(self, **progress: Any) -> None:
        db.session.rollback()  # nobody holds two connections
        self._look_up(leases.note(self._lease, **progress))

    def _look_up(self, state: JobState) -> None:
        """Between two steps: go on?"""
        if state is JobState.STOPPING:
            raise Stopped
        if self._asked_to_end():
            raise Paused

    def finish(self) -> None:
        """Everything is done: publish the result and say so, in this order and both or neither."""
        db.session.rollback()
        name = None
        if self._result is not None:
            name = f"{self._lease.owner}.{self._result}"
            files.publish(self.folder / f"{self._lease.owner}.draft", name)
        said = {"outcome": self._lease.outcome, "note": "", "result": name}
        if not leases.end(self._lease, JobState.DONE, **said):
            if name:
                (self.folder / name).unlink(missing_ok=True)
            raise LeaseLost
        files.keep_only(self._lease.folder, name)


@event.listens_for(Session, "before_flush")
def only_steps_write(session: AnySession, _context: object, _instances: object) -> None:
    """Whatever the session would write outside of a step is refused, not lost."""
    if session.info.get("only_looks") and (session.new or session.dirty or session.deleted):
        raise WritesOutsideSteps


@event.listens_for(Session, "do_orm_execute")
def only_steps_execute_writes(state: ORMExecuteState) -> None:
    """The same for statements."""
    if state.session.info.get("only_looks") and (state.is_update or state.is_delete or state.is_insert):
        raise WritesOutsideSteps
