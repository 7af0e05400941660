"""Working at jobs: steps are kept one by one, as the one who started it, and whatever happens leaves a plain row."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask, g
from flask_babel import get_locale, gettext
from sqlalchemy import delete, func, select, update

from portal.access.scope import current, everywhere
from portal.accounts.models import Account, Appointment
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.jobs import files, leases
from portal.jobs.models import Job, JobState
from portal.jobs.task import Task
from portal.registry.models import Household
from portal.web.errors import Refused
from tests.jobs.conftest import change, row
from tests.people import qian, root, sun, unit, wang


def households() -> list[str]:
    """The rooms written, in the order of writing."""
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(Household.room).order_by(Household.id)))


def lines(job: Job) -> str:
    assert job.result
    return b"".join(files.content(files.root() / job.folder / job.result)).decode()


def test_a_job_is_done_step_by_step_and_leaves_its_file(start: Any, work: Any) -> None:
    job = work(start("households", count=5))
    assert (job.state, job.done, job.total, job.error) == (JobState.DONE, 3, 3, "")
    assert job.reached == {"": 5, "draw": 3}
    assert households() == list("01234")
    assert lines(job) == "part 0\npart 1\npart 2\n"
    assert job.lease_owner is None


def test_the_file_is_the_owners_alone_and_nothing_else_is_left(start: Any, work: Any) -> None:
    job = work(start("households", count=1))
    folder = files.root() / job.folder
    assert [path.name for path in folder.iterdir()] == [job.result]
    assert oct((folder / (job.result or "")).stat().st_mode)[-3:] == "600"
    assert oct(folder.stat().st_mode)[-3:] == "700"


@pytest.mark.parametrize("size", [0, 1, files.FRAME, files.FRAME + 1, 3 * files.FRAME])
def test_a_result_is_sealed_frame_by_frame(app: Flask, tmp_path: Path, size: int) -> None:
    plain, draft, sealed = os.urandom(size), tmp_path / "x.draft", tmp_path / "x.pdf"
    draft.write_bytes(plain)
    files.publish(draft, sealed.name)
    assert [path.name for path in tmp_path.iterdir()] == [sealed.name]
    assert b"".join(files.content(sealed)) == plain
    assert files.content_length(sealed) == size
    assert size < 16 or plain[:16] not in sealed.read_bytes()


def test_a_result_that_was_cut_or_moved_does_not_open(app: Flask, tmp_path: Path) -> None:
    draft, sealed = tmp_path / "x.draft", tmp_path / "x.pdf"
    draft.write_bytes(b"-" * 3 * files.FRAME)
    files.publish(draft, sealed.name)
    whole, frame = sealed.read_bytes(), files.FRAME + files.TAG
    for spoilt in (
        whole[: 2 * frame],
        whole[frame:],
        whole[frame : 2 * frame] + whole[:frame] + whole[2 * frame :],
    ):
        sealed.write_bytes(spoilt)
        with pytest.raises(InvalidTag):
            list(files.content(sealed))
    sealed.write_bytes(whole)
    with pytest.raises(InvalidTag):
        list(files.content(sealed.rename(tmp_path / "y.pdf")))


def test_the_work_is_the_owners_in_place_right_and_language(start: Any, work: Any, kind: Any) -> None:
    seen: dict[str, Any] = {}

    def look_around(task: Task) -> None:
        seen.update(who=g.acting, place=current().place, language=str(get_locale()))

    with everywhere(because="the test arranges"):
        db.session.execute(
            update(Account)
            .where(Account.sign_in_name == "wang")
            .values(language="en")
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
    assert work(start(kind(look_around))).state is JobState.DONE
    assert seen["who"].role is wang.role
    assert seen["place"].unit_id == unit("豫苑社区").id
    assert seen["language"] == "en"
    assert work(start(kind(look_around), as_=qian)).state is JobState.DONE
    assert (seen["who"].role, seen["place"].unit_id) == (qian.role, unit("豫苑社区三组二格").id)
    assert seen["language"] == "zh_Hans"
    assert work(start(kind(look_around), as_=root)).state is JobState.DONE
    assert seen["place"] is None


def test_the_work_sees_and_writes_only_where_its_owner_may(start: Any, work: Any, kind: Any) -> None:
    def write_elsewhere(task: Task) -> None:
        for elsewhere in task.steps([task.arguments["unit_id"]]):
            db.session.add(Household(unit_id=elsewhere))

    job = work(start(kind(write_elsewhere), unit_id=unit("建设路社区一组一格").id))
    assert (job.state, job.error) == (JobState.FAILED, gettext("Something went wrong on our side"))
    assert households() == []


def test_nothing_is_done_for_an_appointment_that_has_ended(start: Any, work: Any) -> None:
    ended = start("households", count=2)
    with everywhere(because="the test arranges"):
        appointment = db.session.get_one(Appointment, row(ended).appointment_id)
        appointment.until = today() - timedelta(days=1)
        db.session.commit()
    job = work(ended)
    assert job.state is JobState.FAILED
    assert job.error == "开始此任务时的任职已经结束。"
    assert households() == []


def test_nothing_is_done_for_an_account_that_was_closed(start: Any, work: Any) -> None:
    closed = start("households", count=2)
    with everywhere(because="the test arranges"):
        db.session.get_one(Account, row(closed).account_id).disabled_at = now()
        db.session.commit()
    assert work(closed).state is JobState.FAILED


def test_a_step_that_fails_leaves_nothing_and_those_before_stay(start: Any, work: Any, kind: Any) -> None:
    broken = [True]

    def stumble(task: Task) -> None:
        for number in task.steps(range(5)):
            db.session.add(Household(unit_id=unit_of(task), room=str(number)))
            db.session.flush()
            if number == 3 and broken:
                raise Refused("No paper.")

    def unit_of(task: Task) -> int:
        return int(task.arguments["unit_id"])

    job_id = start(kind(stumble), unit_id=unit("豫苑社区三组二格").id)
    job = work(job_id)
    assert (job.state, job.error, job.done) == (JobState.FAILED, "No paper.", 3)
    assert households() == list("012")
    broken.clear()
    change(job_id, state=JobState.QUEUED)
    assert work(job_id).state is JobState.DONE
    assert households() == list("01234")


def test_a_fault_of_ours_is_told_without_its_words(start: Any, work: Any, kind: Any) -> None:
    def trip(task: Task) -> None:
        raise RuntimeError("张三 15400001234")

    job = work(start(kind(trip)))
    assert job.state is JobState.FAILED
    assert job.error == gettext("Something went wrong on our side")


def test_writing_outside_of_steps_is_refused(start: Any, work: Any, kind: Any) -> None:
    tried: list[Exception] = []

    def write_anywhere(task: Task) -> None:
        place = task.arguments["unit_id"]
        for attempt in (
            lambda: (db.session.add(Household(unit_id=place)), db.session.flush()),
            lambda: db.session.execute(delete(Household).execution_options(synchronize_session=False)),
        ):
            try:
                attempt()
            except RuntimeError as error:
                tried.append(error)
                db.session.rollback()
        for _item in task.steps([1], looks=True):
            db.session.add(Household(unit_id=place))

    job = work(start(kind(write_anywhere), unit_id=unit("豫苑社区三组二格").id))
    assert job.state is JobState.DONE, job.error
    assert [type(error).__name__ for error in tried] == ["WritesOutsideSteps"] * 2
    assert households() == []


def test_a_stop_is_heard_between_two_steps_and_the_rest_is_done_later(
    start: Any, work: Any, kind: Any
) -> None:
    def ask_to_stop(task: Task) -> None:
        for number in task.steps(range(6)):
            db.session.add(Household(unit_id=task.arguments["unit_id"], room=str(number)))
            if number == 2 and not task.checkpoint.get("asked"):
                task.checkpoint["asked"] = True
                with everywhere(because="the owner's request, which comes from the web"):
                    db.session.get_one(Job, task.job_id).state = JobState.STOPPING

    job_id = start(kind(ask_to_stop), unit_id=unit("豫苑社区三组二格").id)
    job = work(job_id)
    assert (job.state, job.done, job.checkpoint) == (JobState.STOPPED, 3, {"asked": True})
    assert job.expires_at == (job.ended_at or now()) + timedelta(hours=24)
    assert work(job_id).state is JobState.STOPPED, "it is not due"
    change(job_id, state=JobState.QUEUED)
    assert work(job_id).state is JobState.DONE
    assert households() == list("012345")


def test_a_worker_that_ends_hands_the_job_on(start: Any, work: Any) -> None:
    job_id = start("households", count=4)
    asked = iter([False, False, False])
    job = work(job_id, lambda: next(asked, True))
    assert (job.state, job.lease_owner) == (JobState.QUEUED, None)
    half = households()
    assert 0 < len(half) < 4
    assert work(job_id).state is JobState.DONE
    assert households() == list("0123")


def test_of_two_workers_one_has_the_job(app: Flask, start: Any) -> None:
    job_id = start("households", count=1)
    first, second = leases.take(job_id), leases.take(job_id)
    assert first is not None
    assert second is None


def test_a_dead_workers_job_goes_to_the_next_and_the_dead_one_changes_nothing(start: Any, work: Any) -> None:
    job_id = start("households", count=3)
    dead = leases.take(job_id)
    assert dead is not None
    assert work(job_id).state is JobState.RUNNING, "its lease still holds"
    change(job_id, lease_until=now() - timedelta(seconds=1))
    assert work(job_id).state is JobState.DONE
    with pytest.raises(leases.LeaseLost):
        leases.note(dead, done=99)
    assert not leases.end(dead, JobState.FAILED)
    assert row(job_id).state is JobState.DONE


def test_who_has_lost_the_lease_meanwhile_leaves_nothing(start: Any, work: Any, kind: Any) -> None:
    def be_overtaken(task: Task) -> None:
        for number in task.steps(range(2)):
            db.session.add(Household(unit_id=task.arguments["unit_id"], room=str(number)))
            if number == 1:
                with everywhere(because="another worker, which thought this one dead"):
                    db.session.get_one(Job, task.job_id).lease_owner = "another"

    job = work(start(kind(be_overtaken), unit_id=unit("豫苑社区三组二格").id))
    assert (job.state, job.done) == (JobState.RUNNING, 1)
    assert households() == ["0"]


def test_a_job_that_kills_its_workers_is_given_up(start: Any, work: Any) -> None:
    job_id = start("households", count=3)
    change(job_id, tries=5)
    job = work(job_id)
    assert job.state is JobState.FAILED
    assert "5" in job.error
    assert households() == []


def test_a_long_step_keeps_its_lease(app: Flask, start: Any, work: Any, kind: Any) -> None:
    app.config["JOB_LEASE_SECONDS"] = 0.6
    renewed = threading.Event()

    def sit_long(task: Task) -> None:
        for _item in task.steps([1], looks=True):
            first = row(task.job_id).lease_until
            while not renewed.is_set():
                if row(task.job_id).lease_until != first:
                    renewed.set()

    try:
        assert work(start(kind(sit_long))).state is JobState.DONE
        assert renewed.is_set()
    finally:
        del app.config["JOB_LEASE_SECONDS"]


def test_notes_reports_and_counts_are_on_the_row_while_it_runs(start: Any, work: Any, kind: Any) -> None:
    seen = []

    def tell(task: Task) -> None:
        task.note("Reading")
        seen.append(row(task.job_id))
        for some in task.chunks(range(5), 2, part="read", looks=True):
            task.report(f"{len(some)} read")
            seen.append(row(task.job_id))

    job = work(start(kind(tell)))
    assert [(at.note, at.done, at.total) for at in seen] == [
        ("Reading", 0, None),
        ("Reading", 0, 5),
        ("Reading", 2, 5),
        ("Reading", 4, 5),
    ]
    assert job.outcome == ["2 read", "2 read", "1 read"]


def test_items_that_cannot_be_counted_go_on_where_they_were(start: Any, work: Any, kind: Any) -> None:
    seen: list[int] = []

    def read(task: Task) -> None:
        for number in task.steps((n for n in range(4)), total=4, looks=True):
            seen.append(number)
            task.checkpoint["last"] = number
            if seen == [0, 1, 2]:
                raise Refused("break")

    job_id = start(kind(read))
    assert work(job_id).checkpoint == {"last": 1}
    change(job_id, state=JobState.QUEUED)
    assert work(job_id).checkpoint == {"last": 3}
    assert seen == [0, 1, 2, 2, 3]


def test_starting_leaves_a_trace_where_its_owner_acts(start: Any, work: Callable[[int], Job]) -> None:
    job = work(start("households", count=1, as_=sun))
    with everywhere(because="the test looks"):
        count = db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "job.start"))
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "job.start")).one()
    assert (count, entry.subject_id, entry.details) == (1, job.id, {"kind": "households"})
    assert entry.unit_id == job.unit_id == unit("建设路社区").id
