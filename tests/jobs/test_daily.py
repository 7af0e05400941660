"""What is done every day: by any number of workers, each by itself, and whatever befalls the others."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.access.scope import current, everywhere
from portal.accounts.models import Account, Appointment
from portal.audit.models import AuditEntry
from portal.clock import now, today
from portal.database import db
from portal.jobs import daily, sweeping
from portal.registry.importing.models import ImportFile, ImportRow, RegistryImport
from portal.registry.models import Household, Responsibility
from portal.registry.service import add_household
from portal.workflow.models import SentOnce
from tests.jobs.conftest import act
from tests.page import Browser
from tests.people import qian, unit, wang
from tests.registry_import.sheets import FAMILY, send

Bring = Callable[..., None]


@pytest.fixture(autouse=True)
def fresh(app: Flask) -> Iterator[None]:
    """As a worker that has just begun."""
    app.extensions.pop(daily.NEXT, None)
    yield
    app.extensions.pop(daily.NEXT, None)


@pytest.fixture
def bring(app: Flask) -> Iterator[Bring]:
    """Let an area contribute this instead."""
    area: Any = app.blueprints["registry"]
    before = area.contributes["daily"]

    def do(*work: Callable[[], Any]) -> None:
        area.contributes["daily"] = work

    yield do
    area.contributes["daily"] = before


def sweep() -> None:
    db.session.rollback()
    sweeping.sweep()


def ids(model: Any) -> list[Any]:
    db.session.rollback()
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(model.token if model is SentOnce else model.id)))


def test_once_a_day_and_again_after_midnight(bring: Bring) -> None:
    times: list[Any] = []

    def work() -> None:
        times.append(today())

    bring(work)
    sweep()
    sweep()
    assert len(times) == 1
    with time_machine.travel(now() + timedelta(hours=13)):
        sweep()
        assert len(times) == 1, "it is 23:00"
    with time_machine.travel(now() + timedelta(hours=14, minutes=1)):
        sweep()
        sweep()
    assert times == [today(), today() + timedelta(days=1)]


def test_each_has_the_whole_installation_and_a_transaction_of_its_own(bring: Bring) -> None:
    def write() -> None:
        assert current().place is None
        db.session.add(Household(unit_id=unit("豫苑社区三组二格").id, room="1"))

    def fail() -> None:
        db.session.add(Household(unit_id=unit("豫苑社区三组二格").id, room="2"))
        db.session.flush()
        raise ValueError("王五 15400000001")

    def write_too() -> None:
        db.session.add(Household(unit_id=unit("建设路社区一组一格").id, room="3"))

    bring(write, fail, write_too)
    sweep()
    with everywhere(because="the test looks"):
        assert list(db.session.scalars(select(Household.room).order_by(Household.id))) == ["1", "3"]


def test_what_failed_is_tried_again_in_an_hour(bring: Bring, capfd: pytest.CaptureFixture[str]) -> None:
    tried: list[Any] = []

    def fail() -> None:
        tried.append(now())
        raise ValueError("王五 15400000001")

    bring(fail)
    sweep()
    sweep()
    assert len(tried) == 1
    with time_machine.travel(now() + timedelta(minutes=61)):
        sweep()
    assert len(tried) == 2
    assert "王五" not in "".join(capfd.readouterr()), "the log names nobody"


def test_forms_and_imports_that_have_lapsed_are_forgotten(desk: Browser) -> None:
    send(desk, qian, FAMILY)
    with everywhere(because="the test arranges"):
        account_id = db.session.scalar(select(Account.id).limit(1))
        db.session.add(SentOnce(token="f" * 32, account_id=account_id, at=now() - timedelta(days=3)))
        db.session.commit()
    sweep()
    assert "f" * 32 not in ids(SentOnce)
    assert ids(RegistryImport), "it may still be confirmed"
    desk.app.extensions.pop(daily.NEXT)
    with time_machine.travel(now() + timedelta(hours=25)):
        sweep()
    assert [ids(model) for model in (RegistryImport, ImportRow, ImportFile)] == [[], [], []]


@pytest.fixture
def lapsed(app: Flask, desk: Browser) -> int:
    """A household of somebody whose appointment has run out: the id of that account."""
    db.session.rollback()
    with app.app_context():
        act(wang)
        household_id = add_household(unit("豫苑社区三组二格").id, room="1").id
        db.session.commit()
        answers = db.session.get_one(Household, household_id).responsible_id
    with everywhere(because="the test arranges"):
        ending = select(Appointment).where(Appointment.account_id == answers)
        for appointment in db.session.scalars(ending):
            appointment.since, appointment.until = today() - timedelta(days=9), today() - timedelta(days=1)
        db.session.commit()
    assert answers
    return answers


def answering() -> list[Any]:
    with everywhere(because="the test looks"):
        db.session.rollback()
        return list(db.session.execute(select(Household.responsible_id, Household.deputy_id)))


def test_whose_appointment_has_run_out_is_relieved(lapsed: int) -> None:
    (before,) = answering()
    sweep()
    (after,) = answering()
    assert before[0] == lapsed
    assert lapsed not in after
    assert after[0] == before[1], "the deputy takes over"
    with everywhere(because="the test looks"):
        home, entry = (
            db.session.scalars(select(Household)).one(),
            db.session.scalars(select(AuditEntry).where(AuditEntry.action == "registry.relieve")).one(),
        )
        assert entry.unit_id == home.unit_id, "the auditor of the street reads it, though nobody acted"


def test_several_workers_at_once_do_no_harm(app: Flask, lapsed: int, desk: Browser) -> None:
    send(desk, wang, FAMILY)
    with everywhere(because="the test arranges"):
        db.session.scalars(select(RegistryImport)).one().expires_at = now() - timedelta(hours=1)
        db.session.commit()
    db.session.remove()
    failed: list[BaseException] = []
    together = threading.Barrier(3)

    def one_more() -> None:
        with app.app_context():
            try:
                for _area, works in daily.contributed("daily"):
                    for work in works:
                        together.wait()
                        assert daily._is_done(work), work
            except BaseException as error:  # noqa: BLE001 (told to the test)
                failed.append(error)
                together.abort()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one_more) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    (after,) = answering()
    assert lapsed not in after
    with everywhere(because="the test looks"):
        rows = db.session.execute(select(Responsibility.duty, Responsibility.until)).all()
    assert len({duty for duty, until in rows if until is None}) == sum(until is None for _d, until in rows)
    assert not ids(RegistryImport)
