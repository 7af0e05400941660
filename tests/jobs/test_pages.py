"""One's own long work on the page: the bar, stop, resume, fetch; and nobody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import now
from portal.database import db
from portal.jobs import files, queue, sweeping
from portal.jobs.models import Job, JobState
from portal.jobs.rules import KEPT
from tests.jobs.conftest import change, row
from tests.page import Browser
from tests.people import Person, li, qian, root, sun, wang, zhao

pytestmark = pytest.mark.any_database


def poll(desk: Browser, person: Person, job_id: int) -> Any:
    """What htmx gets every two seconds."""
    client = desk.client(person)
    client.set_cookie("language", "zh_Hans")
    return client.get(f"/jobs/{job_id}", headers={"HX-Request": "true"})


def trail(action: str) -> list[tuple[Any, Any]]:
    with everywhere(because="the test looks"):
        found = db.session.execute(
            select(AuditEntry.subject_id, AuditEntry.details).where(AuditEntry.action == action)
        )
        return [tuple(entry) for entry in found]


def test_the_list_is_empty_and_says_what_will_be_here(visit: Any) -> None:
    page = visit("jobs.index", as_=wang)
    assert page.heading == "My jobs"
    assert page.has("Long work that you start will appear here")


def test_the_list_shows_ones_own_jobs_the_newest_first_page_by_page(
    visit: Any, start: Any, work: Any
) -> None:
    first = start("households", count=2)
    work(first)
    others = [start("households", count=1) for _ in range(20)]
    page = visit("jobs.index", as_=wang)
    assert [link for link in page.links() if re.fullmatch(r"/jobs/\d+", link)] == [
        f"/jobs/{job}" for job in reversed(others)
    ]
    older = visit(next(link for link in page.links() if "before=" in link), as_=wang)
    assert f"/jobs/{first}" in older.links()
    assert older.has("3/3")


@pytest.mark.parametrize("stranger", [li, zhao, qian, sun, root], ids=str)
def test_nobody_elses_job_is_ever_visible(
    visit: Any, post: Any, start: Any, work: Any, desk: Browser, stranger: Person
) -> None:
    job_id = start("households", count=1)
    work(job_id)
    assert f"/jobs/{job_id}" not in visit("jobs.index", as_=stranger).links()
    visit("jobs.show", as_=stranger, job_id=job_id, status=404)
    assert poll(desk, stranger, job_id).status_code == 404
    for step in ("stop", "resume", "download"):
        post(f"jobs.{step}", as_=stranger, job_id=job_id, status=404)
    assert "Count sheep" not in visit("jobs.index", as_=stranger).text
    assert row(job_id).fetched_at is None


def test_a_waiting_job_says_so_and_after_a_minute_whom_to_ask(visit: Any, start: Any) -> None:
    job_id = start("households", count=1)
    page = visit("jobs.show", as_=wang, job_id=job_id)
    assert page.heading == "Count sheep"
    assert page.has("waiting to begin")
    assert not page.tree.xpath("//progress")
    change(job_id, started_at=now() - timedelta(minutes=2))
    assert visit("jobs.show", as_=wang, job_id=job_id).has("ask the administrator whether the worker runs")


def test_the_bar_counts_and_tells_the_time_left(visit: Any, desk: Browser, start: Any) -> None:
    job_id = start("households", count=1)
    change(
        job_id,
        state=JobState.RUNNING,
        note="正在生成通行证",
        done=400,
        total=1000,
        counting_from=100,
        counting_since=now() - timedelta(minutes=3),
    )
    page = visit("jobs.show", as_=wang, job_id=job_id)
    bar = page.tree.xpath("//progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("400", "1000")
    assert page.has("400/1000")
    assert page.has("About 6 minutes left")
    answer = poll(desk, wang, job_id)
    assert len(answer.data) < 200, answer.text
    assert "<html" not in answer.text
    assert "400/1000" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_bar_is_never_answered_from_the_browsers_store(visit: Any, desk: Browser, start: Any) -> None:
    """Progress leaves no trace in the trail, by whose last entry unchanged pages are known."""
    job_id = start("households", count=1)
    for path in ("/jobs/", f"/jobs/{job_id}"):
        assert desk.client(wang).get(path).headers["Cache-Control"] == "no-store"


def test_polling_ends_with_the_whole_page(desk: Browser, start: Any, work: Any) -> None:
    job_id = start("households", count=1)
    assert "HX-Redirect" not in poll(desk, wang, job_id).headers
    work(job_id)
    assert poll(desk, wang, job_id).headers["HX-Redirect"] == f"/jobs/{job_id}"


def test_without_a_script_there_is_a_link_and_a_refresh_for_those_who_want_it(
    visit: Any, start: Any, work: Any
) -> None:
    job_id = start("households", count=1)
    page = visit("jobs.show", as_=wang, job_id=job_id)
    again = page.tree.xpath("//main//p/a/@href | //main//noscript/a/@href")
    assert "Refresh" not in page.response.headers
    assert again == [f"/jobs/{job_id}", f"/jobs/{job_id}?every=10"]
    assert visit(again[1], as_=wang).response.headers["Refresh"] == "10"
    assert visit(f"/jobs/{job_id}?every=0", as_=wang).response.headers.get("Refresh") is None
    work(job_id)
    assert "Refresh" not in visit(again[1], as_=wang).response.headers


def test_a_waiting_job_is_stopped_at_once_and_resumed(visit: Any, start: Any, work: Any) -> None:
    job_id = start("households", count=3)
    stopped = visit("jobs.show", as_=wang, job_id=job_id).send("Stop")
    assert row(job_id).state is JobState.STOPPED
    assert stopped.has("It can be resumed until")
    work(job_id)
    assert row(job_id).state is JobState.STOPPED, "nobody works at it"
    resumed = stopped.send("Resume")
    assert resumed.has("waiting to begin")
    assert work(job_id).state is JobState.DONE
    assert trail("job.stop") == [(job_id, {"kind": "households", "done": 0})]
    assert trail("job.resume") == [(job_id, {"kind": "households", "done": 0})]


def test_a_running_job_stops_after_its_step(visit: Any, start: Any) -> None:
    job_id = start("households", count=3)
    change(job_id, state=JobState.RUNNING, done=1, total=3, lease_until=now() + timedelta(minutes=1))
    page = visit("jobs.show", as_=wang, job_id=job_id).send("Stop")
    assert row(job_id).state is JobState.STOPPING
    assert page.has("Stops after the present step")
    assert "Stop" not in page.buttons()


def test_what_has_ended_is_neither_stopped_nor_resumed(post: Any, start: Any, work: Any) -> None:
    job_id = start("households", count=1)
    post("jobs.resume", as_=wang, job_id=job_id, status=409)
    work(job_id)
    post("jobs.stop", as_=wang, job_id=job_id, status=409)
    post("jobs.resume", as_=wang, job_id=job_id, status=409)
    assert row(job_id).state is JobState.DONE


def test_the_end_says_what_was_done_and_the_file_is_fetched(
    visit: Any, desk: Browser, start: Any, work: Any
) -> None:
    job_id = start("households", count=1)
    work(job_id)
    assert visit("today.index", as_=wang).has("Fetch the result: Count sheep")
    page = visit("jobs.show", as_=wang, job_id=job_id)
    assert page.tree.xpath("//main//li")
    assert page.has("The file can be fetched until tomorrow 10:00")
    answer = page.send("Download", status=200)
    assert answer.text == "part 0\npart 1\npart 2\n"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Count sheep-{job_id}.txt"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert trail("job.download") == [(job_id, {"kind": "households"})]
    assert not visit("today.index", as_=wang).has("Fetch the result")
    assert page.send("Download", status=200).text == answer.text, "as long as it lasts"


def test_an_import_is_found_from_its_job(visit: Any, start: Any) -> None:
    job_id = start("registry.import_look", import_id=7)
    assert "/registry/import/7" not in visit("jobs.show", as_=wang, job_id=job_id).links()
    visit("jobs.show", as_=wang, job_id=job_id).send("Stop")
    assert "/registry/import/7" in visit("jobs.show", as_=wang, job_id=job_id).links()


def test_failed_work_stands_on_today_until_it_is_resumed(visit: Any, start: Any) -> None:
    job_id = start("households", count=1)
    change(job_id, state=JobState.FAILED, error="纸张用完", ended_at=now(), expires_at=now() + KEPT)
    assert visit("today.index", as_=wang).has("Not finished: Count sheep")
    page = visit("jobs.show", as_=wang, job_id=job_id)
    assert page.has("纸张用完")
    page.send("Resume")
    assert not visit("today.index", as_=wang).has("Not finished")
    assert row(job_id).error == ""


def test_a_file_lasts_for_a_day(app: Flask, visit: Any, post: Any, start: Any, work: Any) -> None:
    job = work(start("households", count=1))
    assert job.expires_at == job.ended_at + timedelta(hours=24)
    change(job.id, expires_at=now() - timedelta(seconds=1))
    post("jobs.download", as_=wang, job_id=job.id, status=409)
    sweep()
    assert row(job.id).state is JobState.EXPIRED
    assert files.all_folders() == []
    assert visit("jobs.show", as_=wang, job_id=job.id).has("Its files have been destroyed")
    post("jobs.download", as_=wang, job_id=job.id, status=409)


def test_what_was_stopped_can_be_resumed_for_a_day(
    app: Flask, start: Any, post: Any, kind: Any, work: Any
) -> None:
    job_id = start("households", count=1)
    (files.folder(row(job_id).folder) / "0.part").write_text("half")
    change(job_id, state=JobState.STOPPED, ended_at=now(), expires_at=now() + timedelta(seconds=30))
    sweep()
    assert files.all_folders() == [row(job_id).folder]
    change(job_id, expires_at=now() - timedelta(seconds=30))
    sweep()
    assert files.all_folders() == []
    post("jobs.resume", as_=wang, job_id=job_id, status=409)


def test_the_sweep_finds_what_was_never_published_and_whose_worker_died(app: Flask, start: Any) -> None:
    waiting, dead, at_work = (start("households", count=1) for _ in range(3))
    change(dead, state=JobState.RUNNING, lease_owner="dead", lease_until=now() - timedelta(seconds=1))
    change(at_work, state=JobState.RUNNING, lease_owner="alive", lease_until=now() + timedelta(seconds=9))
    sweep()
    assert published(app) == [waiting, dead]
    queue.queue(app).work_at(waiting)
    sweep()
    assert published(app) == [waiting], "what is in the queue is not put there again"


def test_a_job_whose_worker_died_while_stopping_is_stopped(app: Flask, start: Any) -> None:
    job_id = start("households", count=1)
    change(job_id, state=JobState.STOPPING, lease_owner="dead", lease_until=now() - timedelta(seconds=1))
    sweep()
    assert row(job_id).state is JobState.STOPPED
    assert published(app) == []


def test_files_of_jobs_that_there_never_were_go(app: Flask, start: Any) -> None:
    kept = row(start("households", count=1)).folder
    files.folder(kept)
    files.folder("0" * 32)
    sweep()
    assert files.all_folders() == [kept]


def test_a_resumed_job_is_published_once_the_request_is_through(app: Flask, visit: Any, start: Any) -> None:
    job_id = start("households", count=1)
    visit("jobs.show", as_=wang, job_id=job_id).send("Stop").send("Resume")
    assert published(app) == [job_id]


def test_a_message_holds_the_number_of_the_job_and_is_signed(app: Flask, start: Any) -> None:
    waker = queue.queue(app)
    waker.work_at(start("households", count=1))
    message = waker.huey.storage.dequeue()
    assert b"households" not in message
    forged = message[:-1] + (b"0" if message[-1:] != b"0" else b"1")
    assert waker.huey.deserialize_task(message).args == (1,)
    with pytest.raises(ValueError, match="mismatch"):
        waker.huey.deserialize_task(forged)


def test_a_queue_that_cannot_be_reached_stops_nobody(app: Flask, visit: Any, start: Any) -> None:
    job_id = start("households", count=1)
    app.config["JOB_QUEUE"] = "redis://127.0.0.1:1/0"
    known = app.extensions.pop("job_queue")
    try:
        page = visit("jobs.show", as_=wang, job_id=job_id).send("Stop").send("Resume")
        assert page.has("waiting to begin")
    finally:
        app.config["JOB_QUEUE"] = ""
        app.extensions["job_queue"] = known
    assert row(job_id).state is JobState.QUEUED


def test_only_kinds_that_an_area_brings_can_be_started(start: Any) -> None:
    with pytest.raises(KeyError):
        start("unheard of")
    with everywhere(because="the test looks"):
        assert db.session.scalars(select(Job.id)).all() == []


def sweep() -> None:
    db.session.rollback()
    sweeping.sweep()


def published(app: Flask) -> list[int]:
    """The numbers in the queue, taken out of it."""
    huey, found = queue.queue(app).huey, []
    while task := huey.dequeue():
        found += task.args
    return found
