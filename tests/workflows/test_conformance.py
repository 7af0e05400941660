"""What is true of every form workflow. A new one gets these tests by describing itself in ``tests/<area>/case.py``."""

from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.database import Base, db
from portal.workflow.models import StepTaken
from portal.workflow.record import Record
from portal.workflow.states import Step
from tests.page import Browser
from tests.people import STRANGERS
from tests.workflows.cases import Blank, Case, cases

CASES = cases()
LANGUAGES = ("zh_Hans", "en")
MARKUP = "<script>alert(1)</script>"

STEPS = [(case, step) for case in CASES for step in case.transitions if step.name not in case.not_by_itself]


def named(value: Any) -> str:
    return value.area if isinstance(value, Case) else str(getattr(value, "name", ""))


FORMS = [(case, case.form) for case in CASES if case.form]

by_case = pytest.mark.parametrize("case", CASES, ids=named)
by_form = pytest.mark.parametrize(("case", "form"), FORMS, ids=named)
by_step = pytest.mark.parametrize(("case", "step"), STEPS, ids=named)
by_step_with_reason = pytest.mark.parametrize(
    ("case", "step"), [(case, step) for case, step in STEPS if step.asks_reason], ids=named
)


def test_every_workflow_describes_itself() -> None:
    models = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Record)}
    assert models == {case.model for case in CASES}, "write tests/<area>/case.py"


@pytest.mark.any_database
@by_form
@pytest.mark.parametrize("language", LANGUAGES)
def test_list_and_blank_form_open_in_both_languages(
    case: Case, form: Blank, language: str, desk: Browser
) -> None:
    desk.visit(f"{case.area}.index", as_=case.writer, language=language)
    desk.visit(f"{case.area}.new", as_=case.writer, language=language, **form.values())


@pytest.mark.any_database
@by_form
def test_an_empty_form_says_what_is_missing_and_writes_nothing(
    case: Case, form: Blank, desk: Browser
) -> None:
    url = desk._url(f"{case.area}.new", form.values())
    before = counts(case)
    page = desk.post(url, as_=case.writer, status=422)
    assert page.tree.xpath("//*[@role='alert']//a"), "the summary on top links to what has to be mended"
    assert counts(case) == before


@by_form
def test_a_filled_form_makes_one_record_with_its_history(case: Case, form: Blank, desk: Browser) -> None:
    desk.visit(f"{case.area}.new", as_=case.writer, **form.values()).send(form.button, **form.typed())
    record = the_last(case)
    assert record.unit_id is not None
    assert len(history(case, record.id)) >= 1
    assert trail(case, record.id), "what was done is in the audit trail"


@pytest.mark.any_database
@by_form
def test_sent_twice_writes_once(case: Case, form: Blank, desk: Browser) -> None:
    blank = desk.visit(f"{case.area}.new", as_=case.writer, **form.values())
    first = blank.send(form.button, **form.typed())
    before = counts(case)
    second = blank.send(form.button, **form.typed())
    assert counts(case) == before
    assert second.url == first.url


@pytest.mark.any_database
@by_form
def test_markup_is_shown_as_text(case: Case, form: Blank, desk: Browser) -> None:
    blank = desk.visit(f"{case.area}.new", as_=case.writer, **form.values())
    texts = [
        control.get("name")
        for control in blank.tree.xpath("//main//input[@type='text']|//main//textarea")
        if control.get("name") != "q"
    ]
    page = blank.send(form.button, **(form.typed() | dict.fromkeys(texts, MARKUP)), status=ANY)
    assert MARKUP not in page.source
    assert page.has(MARKUP)


@by_case
def test_strangers_find_nothing(case: Case, app: Flask, desk: Browser) -> None:
    record_id = case.in_state(first_state(case))
    desk.visit(show(case), as_=case.stranger, status=404, **{id_name(case): record_id})
    for step in case.transitions:
        stranger = STRANGERS.get(case.taken_by[step.name])
        if stranger and step.name not in case.not_by_itself:
            record_id = case.in_state(min(step.from_states))
            url, data = case.path(step, record_id)
            desk.post(url, as_=stranger, data={case.reason_field: "x", **data}, status=404)
            assert state_of(case, record_id) in step.from_states


@by_step
def test_every_step_moves_the_record_and_leaves_a_trace(case: Case, step: Step, desk: Browser) -> None:
    for state in sorted(step.from_states):
        record_id = case.in_state(state)
        url, data = case.path(step, record_id)
        desk.post(url, as_=case.taken_by[step.name], data={case.reason_field: "按规定办理", **data})
        assert state_of(case, record_id) == step.to, f"{step.name} from {state}"
        last = history(case, record_id)[-1]
        assert (last.step, last.from_state, last.to_state) == (step.name, state, step.to)
        assert any(entry.endswith(f".{step.name}") for entry in trail(case, record_id))


@pytest.mark.any_database
@by_case
def test_a_step_is_refused_from_every_other_state(case: Case, desk: Browser) -> None:
    for state in states(case):
        record_id = case.in_state(state)
        before = counts(case)
        for step in (step for one, step in STEPS if one is case and state not in step.from_states):
            url, data = case.path(step, record_id)
            data = {case.reason_field: "按规定办理", **data}
            page = desk.post(url, as_=case.taken_by[step.name], data=data, status=ANY)
            assert page.status in (404, 409), f"{step.name} from {state} gave {page.status}"
            assert (state_of(case, record_id), counts(case)) == (state, before), f"{step.name} from {state}"


@pytest.mark.any_database
@by_step_with_reason
def test_a_step_that_asks_why_is_not_taken_without_a_reason(case: Case, step: Step, desk: Browser) -> None:
    state = min(step.from_states)
    record_id = case.in_state(state)
    url, data = case.path(step, record_id)
    desk.post(url, as_=case.taken_by[step.name], data={**data, case.reason_field: "  "}, status=422)
    assert state_of(case, record_id) == state


@pytest.mark.any_database
@by_case
def test_every_state_has_a_page_in_both_languages(case: Case, desk: Browser) -> None:
    for state in states(case):
        record_id = case.in_state(state)
        for language in LANGUAGES:
            desk.visit(show(case), as_=case.writer, language=language, **{id_name(case): record_id})


@pytest.mark.any_database
@by_case
def test_what_prints_prints(case: Case, desk: Browser) -> None:
    for person, url in case.prints():
        response = desk.client(person).get(url)
        assert response.status_code == 200
        assert response.mimetype in ("application/pdf", "text/html")


# ── what the tests ask ───────────────────────────────────────────────────────────────────────────────────────────

ANY = 0


def states(case: Case) -> type[StrEnum]:
    return type(case.transitions[0].to)


def first_state(case: Case) -> StrEnum:
    return next(iter(states(case)))


def show(case: Case) -> str:
    return f"{case.area}.show"


def id_name(case: Case) -> str:
    return f"{case.model.__tablename__.strip('_')}_id"  # type: ignore[attr-defined]


def counts(case: Case) -> tuple[int, int, int]:
    """How many records, steps and audit entries there are."""
    with everywhere(because="the test counts"):
        return tuple(  # type: ignore[return-value]
            db.session.scalar(select(func.count(model.id))) or 0
            for model in (case.model, StepTaken, AuditEntry)
        )


def the_last(case: Case) -> Any:
    with everywhere(because="the test looks at what was written"):
        return db.session.scalars(select(case.model).order_by(case.model.id.desc()).limit(1)).one()  # type: ignore[attr-defined]


def state_of(case: Case, record_id: int) -> Any:
    with everywhere(because="the test looks at the state"):
        return db.session.scalar(select(case.model.state).where(case.model.id == record_id))  # type: ignore[attr-defined]


def history(case: Case, record_id: int) -> list[StepTaken]:
    with everywhere(because="the test looks at the history"):
        of_record = (StepTaken.record == case.model.__tablename__, StepTaken.record_id == record_id)  # type: ignore[attr-defined]
        return list(db.session.scalars(select(StepTaken).where(*of_record).order_by(StepTaken.id)))


def trail(case: Case, record_id: int) -> list[str]:
    with everywhere(because="the test looks at the trail"):
        of_record = (AuditEntry.subject == case.model.__tablename__, AuditEntry.subject_id == record_id)  # type: ignore[attr-defined]
        return list(db.session.scalars(select(AuditEntry.action).where(*of_record)))
