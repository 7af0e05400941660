"""A form lost to a lapsed sign-in comes back; nobody else sees it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.accounts.models import Keeping, Kept
from portal.clock import now
from portal.database import db
from tests.accounts.doing import Doing
from tests.people import PASSWORD, li, qian, wang

pytestmark = pytest.mark.any_database

TYPED = {
    "name": "王小明<b>",
    "phone": "13800138000",
    "reason": "两行\n文字",
    "kind": ["a", "b"],
    "password": "hidden-words",
}


def lose(doing: Doing, person: Any = wang, path: str = "/accounts/new/3/gatekeeper?x=1") -> Any:
    """The person's sign-in lapses while a form is being typed. Returns the answer to its post."""
    with time_machine.travel(now() - timedelta(hours=2)):
        doing.sign_in(person)
        token = doing.browser.visit("/me", as_=person).tree.xpath(
            "string(//input[@name='csrf_token']/@value)"
        )
    return doing.browser.client(person).post(path, data=TYPED | {"csrf_token": token, "once": "o" * 22})


def test_the_post_is_led_to_the_sign_in_and_kept_sealed(doing: Doing) -> None:
    response = lose(doing)
    assert response.status_code == 303
    assert response.location == "/login?next=/accounts/new/3/gatekeeper"
    (kept,) = rows()
    assert kept.what is Keeping.FORM
    assert "王小明".encode() not in (kept.text_sealed or b"")
    assert "hidden-words" not in (kept.text or "")


def test_the_browser_keeps_a_random_name_and_nothing_else(doing: Doing) -> None:
    lose(doing)
    (kept,) = rows()
    with doing.browser.client(wang).session_transaction() as cookie:
        assert cookie["kept_form"] == kept.seal_id
        assert "王小明" not in str(dict(cookie))


def test_after_signing_in_again_it_is_offered_with_everything_that_was_typed(doing: Doing) -> None:
    location = lose(doing).location
    page = doing.try_again(wang, PASSWORD, status=303, path=location)
    assert page.heading == "Recover what you typed"
    assert page.has("/accounts/new/3/gatekeeper")
    assert page.response.headers["Cache-Control"] == "no-store"
    form = page.tree.xpath("//form[@action='/accounts/new/3/gatekeeper?x=1']")[0]
    held = [(i.get("name"), i.get("value")) for i in form.xpath(".//input")]
    for field in ("name", "phone", "reason"):
        assert (field, TYPED[field]) in held
    assert [value for name, value in held if name == "kind"] == ["a", "b"]
    assert [name for name, _value in held].count("csrf_token") == 1
    assert "password" not in dict(held)
    assert dict(held)["once"] == "o" * 22


def test_sending_it_reaches_its_page_and_it_is_not_offered_again(doing: Doing) -> None:
    with time_machine.travel(now() - timedelta(hours=2)):
        doing.sign_in(wang)
        page = doing.browser.visit("/me/password", as_=wang)
        token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    response = doing.browser.client(wang).post("/me/sign-out-everywhere", data={"csrf_token": token})
    assert response.location == "/login?next=/me"
    page = doing.try_again(wang, PASSWORD, status=303)
    assert page.heading == "Recover what you typed"
    assert page.send("Send it now").heading == "Sign in"
    assert rows() == []
    assert doing.try_again(wang, PASSWORD, status=303).url == "/"


def test_it_can_be_discarded(doing: Doing) -> None:
    location = lose(doing).location
    page = doing.try_again(wang, PASSWORD, status=303, path=location)
    assert page.send("Discard it").url == "/"
    assert rows() == []
    assert doing.browser.client(wang).get("/login/kept").location == "/"


def test_another_account_on_the_same_browser_never_sees_it(doing: Doing) -> None:
    lose(doing)
    doing.browser.clients["li"] = doing.browser.client(wang)
    page = doing.try_again(li, PASSWORD, status=303)
    assert page.url == "/"
    assert doing.browser.client(li).get("/login/kept").location == "/"


def test_it_is_kept_for_an_hour(doing: Doing) -> None:
    lose(doing)
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert doing.try_again(wang, PASSWORD, status=303).url == "/"
        assert rows() == []


def test_a_browser_in_which_nobody_was_signed_in_keeps_nothing(doing: Doing) -> None:
    client = doing.arrive(qian)
    token = doing.browser.visit("/login", as_=qian).tree.xpath("string(//input[@name='csrf_token']/@value)")
    response = client.post("/me/password", data={"csrf_token": token, "present": "x"})
    assert response.location == "/login?next=/me/password"
    assert rows() == []


def test_a_form_beyond_all_reason_is_not_kept(doing: Doing) -> None:
    doing.sign_in(wang)
    token = doing.browser.visit("/me", as_=wang).tree.xpath("string(//input[@name='csrf_token']/@value)")
    with time_machine.travel(now() + timedelta(hours=2)):
        data = {"csrf_token": token, "text": "x" * 300_000}
        assert doing.browser.client(wang).post("/accounts/", data=data).status_code == 303
    assert rows() == []


def test_a_part_that_htmx_asks_for_takes_the_whole_window_to_the_sign_in(doing: Doing) -> None:
    client = doing.arrive(wang)
    response = client.get("/accounts/", headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/login?next=/accounts/"
    assert response.get_data() == b""


@pytest.mark.parametrize("headers", [{"HX-Request": "true", "HX-Boosted": "true"}, {}])
def test_a_whole_page_is_redirected(doing: Doing, headers: dict[str, str]) -> None:
    response = doing.arrive(wang).get("/accounts/?unit=3", headers=headers)
    assert (response.status_code, response.location) == (303, "/login?next=/accounts/")


def rows() -> list[Kept]:
    db.session.remove()
    return list(db.session.scalars(select(Kept)))
