"""Looking after the accounts and appointments of the people below."""

from datetime import timedelta
from typing import Any

import pytest

from portal.access.policy import Role
from portal.access.scope import everywhere
from portal.accounts.models import Appointment, Title
from portal.accounts.views import area
from portal.clock import today
from portal.database import db
from tests.accounts.doing import A_GOOD_PASSWORD, Doing
from tests.people import AT_WORK, Person, an, li, qian, root, sun, unit, wang, wu, zhao

pytestmark = pytest.mark.any_database

NEWCOMER = Person("chenxiaoyu", Role.GRID_MEMBER, Title.VOLUNTEER, "豫苑社区三组二格")


def names(page: Any) -> list[str]:
    return [row.text_content().removeprefix("演示·") for row in page.tree.xpath("//ul[@class='rows']/li/a/b")]


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (wang, {"wang", "zhao", "qian", "gu"}),
        (sun, {"sun", "zhou", "wu", "he"}),
        (li, {"li", "an", "wang", "zhao", "qian", "gu", "sun", "zhou", "wu", "he"}),
        (root, {"li", "an", "wang", "zhao", "qian", "gu", "sun", "zhou", "wu", "he", "root"}),
    ],
    ids=["wang", "sun", "li", "root"],
)
def test_everybody_sees_the_people_of_the_own_place(visit: Any, person: Person, seen: set[str]) -> None:
    assert set(names(visit("accounts.index", as_=person))) == seen


def test_the_list_is_filtered_by_unit(visit: Any) -> None:
    community = unit("建设路社区").id
    page = visit("accounts.index", as_=li, unit=community)
    assert set(names(page)) == {"sun", "zhou", "wu", "he"}
    assert (
        visit("accounts.index", as_=wang, unit=community, status=404).heading == "There is no such page here"
    )


def test_a_unit_above_is_no_filter(visit: Any) -> None:
    visit("accounts.index", as_=wang, unit=unit("重阳街道").id, status=404)


def test_people_are_found_by_name_and_by_sign_in_name(visit: Any) -> None:
    page = visit("accounts.index", as_=li)
    assert names(page.send("Find", q="zha", status=200)) == ["zhao"]
    assert names(page.send("Find", q="QIAN", status=200)) == ["qian"]
    assert len(names(page.send("Find", q="演示", status=200))) == 10
    assert page.send("Find", q="%", status=200).has("Nobody here has this name.")


def test_a_search_finds_nobody_outside_the_own_place(visit: Any) -> None:
    page = visit("accounts.index", as_=wang).send("Find", q="sun", status=200)
    assert names(page) == []
    assert page.has("0 accounts found")


def test_long_lists_go_on_with_older_ones(visit: Any, doing: Doing) -> None:
    for number in range(25):
        new_account(doing, f"同事{number}", "豫苑社区三组二格", "grid_member", title="volunteer")
    page = visit("accounts.index", as_=wang)
    assert len(names(page)) == 20
    (older,) = [link for link in page.links() if "before=" in link]
    assert len(names(visit(older, as_=wang))) == 9


@pytest.mark.parametrize("person", [person for person in AT_WORK if person not in (li, wang, root)], ids=str)
def test_nobody_else_looks_after_accounts(visit: Any, person: Person) -> None:
    visit("accounts.index", as_=person, status=403)


def test_an_administrator_sees_names_and_no_more(visit: Any, doing: Doing) -> None:
    doing.set(qian, phone="13800138000")
    assert visit("accounts.show", as_=wang, account_id=doing.account(qian).id).has("138****8000")
    page = visit("accounts.show", as_=root, account_id=doing.account(qian).id)
    assert not page.has("8000")
    assert not page.has("Phone")


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────


def new_account(
    doing: Doing, name: str, unit_name: str, role: str, by: Person = wang, status: int = 303, **typed: Any
) -> Any:
    """Fill in the form of a new account."""
    page = doing.browser.visit("accounts.open_account", as_=by, unit_id=unit(unit_name).id, role=role)
    return page.send("Open the account", name=name, status=status, **typed)


def test_the_way_to_a_new_account_is_links_all_the_way(visit: Any) -> None:
    page = visit("accounts.new", as_=wang)
    assert page.has("Gatekeeper")
    assert not page.has("Shock team")
    page = follow(visit, follow(visit, page, "豫苑社区三组"), "豫苑社区三组二格")
    page = follow(visit, page, "Grid member")
    assert page.has("豫苑社区三组二格, Grid member")
    page = page.send("Open the account", name="陈小雨", title="volunteer")
    assert page.heading == "One-time password"
    assert page.has("chenxiaoyu")


def test_a_new_account_signs_in_and_works(doing: Doing) -> None:
    page = new_account(doing, "陈小雨", "豫苑社区三组二格", "grid_member", title="volunteer")
    password = page.tree.xpath("//dd[@translate='no']/b")[1].text
    page = doing.sign_in(NEWCOMER, password)
    page.send("Save and go on", password=A_GOOD_PASSWORD, again=A_GOOD_PASSWORD)
    assert doing.browser.visit("/me", as_=NEWCOMER).has("豫苑社区三组二格 · Grid member")
    (opened,) = doing.entries("accounts.open")
    (appointed,) = doing.entries("accounts.appoint")
    assert opened.subject_id == doing.account(NEWCOMER).id
    assert appointed.details == {"role": "grid_member", "title": "volunteer"}
    assert "陈小雨" not in str(opened.details)


def test_a_name_that_is_taken_is_counted_on(doing: Doing) -> None:
    for expected in ("qian2", "qian3"):
        page = new_account(doing, "钱", "豫苑社区三组二格", "grid_member", title="volunteer")
        assert page.has(expected)


def test_a_chosen_sign_in_name_may_be_anybodys_and_is_then_refused(doing: Doing) -> None:
    page = new_account(
        doing, "陈小雨", "豫苑社区三组二格", "grid_member", sign_in_name="Sun", title="volunteer", status=422
    )
    assert page.has("This sign-in name is taken")
    assert doing.entries("accounts.open") == []


@pytest.mark.parametrize("name", ["a", "陈小雨", "two words", "<b>", "x" * 41, "-x", "a@b"])
def test_sign_in_names_are_letters_and_figures(doing: Doing, name: str) -> None:
    page = new_account(
        doing, "陈小雨", "豫苑社区三组二格", "grid_member", sign_in_name=name, title="volunteer", status=422
    )
    assert page.tree.xpath("//*[@id='sign_in_name-error']")


@pytest.mark.parametrize("name", ["𠅤一", "<script>alert(1)</script>", "名" * 60, "O'Brien", "演示·李"])
def test_any_name_of_a_person_is_taken(doing: Doing, name: str) -> None:
    page = new_account(doing, name, "豫苑社区三组二格", "grid_member", title="volunteer")
    assert page.has(name)


def test_an_empty_form_says_what_is_missing_and_writes_nothing(doing: Doing) -> None:
    page = new_account(doing, "", "豫苑社区", "gatekeeper", status=422)
    assert [
        page.has(f"{verb} {thing}")
        for verb, thing in (("Enter", "a name"), ("Choose", "a position"), ("Choose", "a checkpoint"))
    ] == [True] * 3
    assert doing.entries("accounts.open") == []


def test_a_gatekeeper_is_put_at_a_gate_of_the_own_place(doing: Doing) -> None:
    page = doing.browser.visit(
        "accounts.open_account", as_=wang, unit_id=unit("豫苑社区").id, role="gatekeeper"
    )
    assert page.has("北门")
    assert not page.has("东门")
    gates = page.tree.xpath("//input[@name='gate']/@value")
    page.send("Open the account", name="郭守门", title="gate_staff", gate=str(int(gates[0]) + 1), status=422)
    page.send("Open the account", name="郭守门", title="gate_staff", gate=gates[0])


def test_dates_in_the_wrong_order_are_refused(doing: Doing) -> None:
    yesterday = (today() - timedelta(days=1)).isoformat()
    page = new_account(
        doing, "陈小雨", "豫苑社区三组二格", "grid_member", title="volunteer", until=yesterday, status=422
    )
    assert page.has("The last day is before the first")


@pytest.mark.parametrize(
    ("by", "unit_name", "role"),
    [
        (wang, "豫苑社区", "commander"),
        (wang, "重阳街道", "office"),
        (wang, "重阳街道", "auditor"),
        (wang, "建设路社区一组", "shock_team"),
        (wang, "豫苑社区三组", "grid_member"),
        (wang, "豫苑社区三组", "emperor"),
        (li, "重阳街道", "office"),
        (li, "上蔡县", "office"),
        (li, "重阳街道", "auditor"),
        (li, "豫苑社区", "admin"),
        (root, "重阳街道", "admin"),
    ],
)
def test_what_may_not_be_given_does_not_exist(
    visit: Any, doing: Doing, by: Person, unit_name: str, role: str, token_of: Any
) -> None:
    path = f"/accounts/new/{unit(unit_name).id}/{role}"
    visit(path, as_=by, status=404)
    data = {"csrf_token": token_of(by), "name": "x", "title": "volunteer", "since": today().isoformat()}
    assert doing.browser.client(by).post(path, data=data).status_code == 404


def test_an_administrator_appoints_the_office_and_another_administrator(doing: Doing) -> None:
    new_account(doing, "刘办", "重阳街道", "office", by=root, title="office_staff")
    page = doing.browser.visit("/accounts/new/0/admin", as_=root)
    assert not page.has("Phone")
    page.send("Open the account", name="备用管理员", sign_in_name="root-b")


# ── another appointment, and its end ─────────────────────────────────────────────────────────────────────────────


def appoint(
    doing: Doing, person: Person, unit_name: str, role: str, by: Person, status: int = 303, **typed: Any
) -> Any:
    account_id = doing.account(person).id
    page = doing.browser.visit(
        "accounts.appoint", as_=by, account_id=account_id, unit_id=unit(unit_name).id, role=role
    )
    return page.send("Give the appointment", status=status, **typed)


def test_another_appointment_is_there_at_the_next_sign_in(doing: Doing) -> None:
    doing.sign_in(qian)
    page = appoint(doing, qian, "豫苑社区三组", "shock_team", wang, title="party_member")
    assert page.has("豫苑社区三组 · Shock team")
    assert not doing.is_signed_in(qian)
    doing.sign_in(qian).send("Change to 豫苑社区三组, Shock team")


def test_the_same_appointment_twice_is_refused(doing: Doing) -> None:
    page = appoint(doing, qian, "豫苑社区三组二格", "grid_member", wang, title="volunteer", status=409)
    assert page.has("already has this appointment")
    appoint(doing, qian, "豫苑社区三组二格", "grid_member", wang, title="resident")


def test_nobody_appoints_himself(doing: Doing) -> None:
    assert appoint(doing, root, "重阳街道", "office", root, title="office_staff", status=409).has(
        "Nobody appoints himself"
    )
    assert len(doing.appointments(root)) == 1


def end(doing: Doing, person: Person, by: Person, status: int = 303, **typed: Any) -> Any:
    appointment = doing.appointments(person)[-1]
    page = doing.browser.visit(
        "accounts.end_appointment", as_=by, account_id=appointment.account_id, appointment_id=appointment.id
    )
    yesterday = (today() - timedelta(days=1)).isoformat()
    return page.send(
        "End the appointment", status=status, **{"until": yesterday, "reason": "moved away"} | typed
    )


def test_ending_an_appointment_ends_the_sign_ins_and_tells_the_areas(doing: Doing, monkeypatch: Any) -> None:
    told: list[int] = []
    monkeypatch.setitem(
        area.contributes, "on_appointment_end", lambda appointment: told.append(appointment.id)
    )
    doing.sign_in(qian)
    assert end(doing, qian, by=wang).has("has ended")
    assert not doing.is_signed_in(qian)
    assert told == [doing.appointments(qian)[0].id]
    (entry,) = doing.entries("accounts.end_appointment")
    assert (entry.reason, entry.details) == (
        "moved away",
        {"last_day": (today() - timedelta(days=1)).isoformat()},
    )


def test_an_appointment_that_ends_today_holds_until_midnight(doing: Doing) -> None:
    end(doing, qian, by=wang, until=today().isoformat())
    doing.sign_in(qian)
    assert doing.is_signed_in(qian)


def test_the_end_asks_for_a_day_and_a_reason(doing: Doing) -> None:
    page = end(doing, qian, by=wang, until="", reason="", status=422)
    assert page.has("Choose the last day")
    assert page.has("Enter a reason")
    before = (today() - timedelta(days=9)).isoformat()
    end(doing, qian, by=wang, until=before, status=422)
    assert doing.appointments(qian)[0].until is None


def test_what_is_over_is_not_ended_again(doing: Doing) -> None:
    end(doing, qian, by=wang)
    assert end(doing, qian, by=wang, status=409).has("over already")


@pytest.mark.parametrize(
    ("by", "person"), [(wang, wang), (wang, sun), (wang, wu), (wang, li), (li, an), (li, li), (li, root)]
)
def test_appointments_above_beside_and_elsewhere_are_not_ended(
    doing: Doing, by: Person, person: Person, token_of: Any
) -> None:
    appointment = doing.appointments(person)[0]
    path = f"/accounts/{appointment.account_id}/appointments/{appointment.id}/end"
    data = {"csrf_token": token_of(by), "until": today().isoformat(), "reason": "x"}
    assert doing.browser.client(by).post(path, data=data).status_code == 404
    assert doing.appointments(person)[0].until is None


def test_an_appointment_is_not_ended_through_another_account(doing: Doing, token_of: Any) -> None:
    appointment = doing.appointments(zhao)[0]
    path = f"/accounts/{doing.account(qian).id}/appointments/{appointment.id}/end"
    data = {"csrf_token": token_of(wang), "until": today().isoformat(), "reason": "x"}
    assert doing.browser.client(wang).post(path, data=data).status_code == 404


def test_nobody_locks_himself_out(doing: Doing) -> None:
    page = doing.browser.visit("/accounts/new/0/admin", as_=root)
    page.send("Open the account", name="备用管理员", sign_in_name="root-b")
    assert end(doing, root, by=root, status=409).has("with it you would lock yourself out")
    assert doing.appointments(root)[0].until is None


def test_the_last_administrator_whose_time_has_no_end_stays(doing: Doing, token_of: Any) -> None:
    spare = Person("root-b", Role.ADMIN, Title.ADMINISTRATOR, None)
    page = doing.browser.visit("/accounts/new/0/admin", as_=root)
    page.send("Open the account", name="备用管理员", sign_in_name="root-b")
    with everywhere(because="the test prepares"):
        mine = db.session.get_one(Appointment, doing.appointments(root)[0].id)
        mine.until = today() + timedelta(days=30)
        db.session.commit()
    assert end(doing, spare, by=root, status=409).has("This is the last administrator")
    path = f"/accounts/{doing.account(spare).id}/disable"
    data = {"csrf_token": token_of(root), "reason": "x"}
    assert doing.browser.client(root).post(path, data=data).status_code == 409
    assert doing.account(spare).disabled_at is None


# ── disabling ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_disabled_account_is_enabled_again_with_its_password(doing: Doing) -> None:
    doing.sign_in(qian)
    page = doing.browser.visit(f"/accounts/{doing.account(qian).id}/disable", as_=wang)
    page = page.send("Disable", reason="phone stolen")
    assert page.has("disabled")
    assert not doing.is_signed_in(qian)
    doing.sign_in(qian, status=422)
    page.send("Enable again")
    doing.sign_in(qian)
    assert [entry.reason for entry in doing.entries("accounts.disable")] == ["phone stolen"]
    assert len(doing.entries("accounts.enable")) == 1


@pytest.mark.parametrize("step", ["one-time-password", "disable", "reset-second-factor"])
@pytest.mark.parametrize(
    ("by", "person", "status"),
    [
        (wang, wang, 409),
        (wang, sun, 404),
        (wang, wu, 404),
        (li, an, 409),
        (root, root, 409),
        (sun, qian, 404),
    ],
)
def test_steps_are_refused_above_beside_and_elsewhere(
    doing: Doing, token_of: Any, step: str, by: Person, person: Person, status: int
) -> None:
    before = doing.account(person)
    path = f"/accounts/{before.id}/{step}"
    data = {"csrf_token": token_of(by), "reason": "x"}
    assert doing.browser.client(by).post(path, data=data).status_code == status
    after = doing.account(person)
    assert (after.password_hash, after.disabled_at) == (before.password_hash, None)


def test_an_account_that_also_works_above_is_not_reset_from_below(doing: Doing, token_of: Any) -> None:
    doing.appoint(qian, "重阳街道", Role.OFFICE, Title.OFFICE_STAFF)
    page = doing.browser.visit("accounts.show", as_=wang, account_id=doing.account(qian).id)
    assert page.has("This account also works elsewhere")
    assert not page.has("重阳街道 · Leading group office")
    data = {"csrf_token": token_of(wang), "reason": "x"}
    path = f"/accounts/{doing.account(qian).id}/one-time-password"
    assert doing.browser.client(wang).post(path, data=data).status_code == 409


def test_somebody_from_elsewhere_who_also_works_here_is_found(visit: Any, doing: Doing) -> None:
    doing.appoint(wu, "豫苑社区三组一格", Role.GRID_MEMBER, Title.VOLUNTEER)
    assert "wu" in names(visit("accounts.index", as_=wang))
    page = visit("accounts.show", as_=wang, account_id=doing.account(wu).id)
    assert page.has("豫苑社区三组一格")
    assert not page.has("建设路")
    end(doing, wu, by=wang)
    assert doing.appointments(wu)[0].until is None


def test_every_page_in_chinese(doing: Doing) -> None:
    account_id, grid = doing.account(qian).id, unit("豫苑社区三组二格").id
    appointment_id = doing.appointments(qian)[0].id
    for path in (
        "/accounts/",
        "/accounts/new",
        f"/accounts/new/{grid}/grid_member",
        f"/accounts/{account_id}",
        f"/accounts/{account_id}/appoint",
        f"/accounts/{account_id}/appoint/{grid}/grid_member",
        f"/accounts/{account_id}/appointments/{appointment_id}/end",
        f"/accounts/{account_id}/one-time-password",
        f"/accounts/{account_id}/disable",
        f"/accounts/{account_id}/reset-second-factor",
    ):
        doing.browser.visit(path, as_=wang, language="zh_Hans")


def follow(visit: Any, page: Any, text: str) -> Any:
    """Open the link with this text."""
    (link,) = [a for a in page.tree.xpath("//main//a") if " ".join(a.text_content().split()) == text]
    return visit(link.get("href"), as_=page.person)
