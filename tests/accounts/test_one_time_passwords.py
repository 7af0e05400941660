"""One-time passwords: handed over on a slip, good until a password of one's own is chosen."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.access.scope import everywhere
from portal.accounts.administrator import create_administrator, let_in_again
from portal.clock import now
from portal.database import db
from tests.accounts.doing import A_GOOD_PASSWORD, Doing
from tests.people import PASSWORD, Person, an, li, qian, root, wang, zhao

pytestmark = pytest.mark.any_database


def give_one(doing: Doing, person: Person, by: Person) -> tuple[Any, str]:
    """``by`` makes a one-time password for the person: (the page that shows it, the password)."""
    page = doing.browser.visit(f"/accounts/{doing.account(person).id}/one-time-password", as_=by)
    page = page.send("Make a one-time password", reason="forgotten")
    return page, str(
        page.tree.xpath("string(//dd[@translate='no'][2])")
        or page.tree.xpath("//dd[@translate='no']/b")[1].text
    )


def test_it_replaces_the_password_and_ends_the_sign_ins(doing: Doing) -> None:
    doing.sign_in(qian)
    page, password = give_one(doing, qian, by=wang)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert not doing.is_signed_in(qian)
    assert doing.sign_in(qian, PASSWORD, status=422).has("Name or password is wrong")
    assert doing.sign_in(qian, password).heading == "Choose your own password"
    assert [entry.reason for entry in doing.entries("accounts.one_time_password")] == ["forgotten"]


def test_nothing_else_opens_before_an_own_password_is_chosen(doing: Doing) -> None:
    _page, password = give_one(doing, qian, by=wang)
    doing.sign_in(qian, password)
    for path in ("/", "/me", "/me/password", "/login/code"):
        response = doing.browser.client(qian).get(path)
        assert response.status_code == 303
        assert response.location.startswith("/login")


def test_the_own_password_is_asked_twice_and_judged(doing: Doing) -> None:
    _page, password = give_one(doing, qian, by=wang)
    page = doing.sign_in(qian, password)
    assert page.send("Save and go on", status=422).has("Enter a new password")
    page = page.send("Save and go on", password=A_GOOD_PASSWORD, again="three-other-words", status=422)
    assert page.has("Enter the same again")
    assert A_GOOD_PASSWORD not in page.source
    assert page.send("Save and go on", password="woaini1314", again="woaini1314", status=422).has(
        "Many people"
    )
    assert page.send("Save and go on", password=A_GOOD_PASSWORD, again=A_GOOD_PASSWORD).url == "/"
    assert doing.is_signed_in(qian)
    doing.sign_in(qian, A_GOOD_PASSWORD)
    doing.sign_in(qian, password, status=422)


def test_it_may_be_typed_as_it_is_read(doing: Doing) -> None:
    _page, password = give_one(doing, qian, by=wang)
    assert (
        doing.sign_in(qian, f" {password.upper().replace('-', ' ')} ").heading == "Choose your own password"
    )


@pytest.mark.parametrize(("hours", "good"), [(71, True), (73, False)])
def test_it_lapses_after_three_days(doing: Doing, hours: int, good: bool) -> None:
    _page, password = give_one(doing, qian, by=wang)
    with time_machine.travel(now() + timedelta(hours=hours)):
        page = doing.sign_in(qian, password, status=303 if good else 422)
        assert page.has("Choose your own password" if good else "This one-time password has lapsed")


def test_it_is_shown_for_ten_minutes_to_whoever_made_it(doing: Doing) -> None:
    page, password = give_one(doing, qian, by=wang)
    assert password in doing.browser.visit(page.url, as_=wang).text
    assert doing.browser.client(li).get(page.url).status_code == 404
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert doing.browser.client(wang).get(page.url).status_code == 404


def test_the_slip_says_what_is_needed_and_printing_it_is_noted(doing: Doing) -> None:
    page, password = give_one(doing, qian, by=wang)
    token = {"csrf_token": page.tree.xpath("string(//input[@name='csrf_token']/@value)")}
    paper = doing.browser.client(wang).post(f"{page.url}/print?as=page", data=token)
    text = paper.get_data(as_text=True)
    assert paper.headers["Cache-Control"] == "no-store"
    assert all(said in text for said in (password, "qian", "演示·qian", "http://localhost/"))
    (entry,) = doing.entries("accounts.print_slip")
    assert password not in str(entry.details)


def test_the_slip_is_a_pdf_with_readable_text(doing: Doing) -> None:
    import pypdfium2

    page, password = give_one(doing, qian, by=wang)
    token = {"csrf_token": page.tree.xpath("string(//input[@name='csrf_token']/@value)")}
    paper = doing.browser.client(wang).post(f"{page.url}/print", data=token)
    assert paper.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(paper.get_data())
    assert len(document) == 1
    assert password in document[0].get_textpage().get_text_range()


def test_the_password_is_stored_nowhere_in_plain_text(doing: Doing, app: Flask) -> None:
    _page, password = give_one(doing, qian, by=wang)
    db.session.remove()
    from pathlib import Path

    if db.engine.dialect.name == "sqlite":
        assert password.encode() not in Path(db.engine.url.database).read_bytes()
    assert password.replace("-", "") not in doing.account(qian).password_hash


@pytest.mark.parametrize(
    ("by", "to", "status"),
    [
        (zhao, qian, 403),
        (an, qian, 403),
        (wang, li, 404),
        (wang, root, 404),
        (wang, wang, 409),
        (li, an, 409),
    ],
)
def test_only_whoever_is_above_makes_one(doing: Doing, by: Person, to: Person, status: int) -> None:
    client = doing.browser.client(by)
    page = doing.browser.visit("/me", as_=by)
    token = page.tree.xpath("string(//input[@name='csrf_token']/@value)")
    path = f"/accounts/{doing.account(to).id}/one-time-password"
    assert client.post(path, data={"csrf_token": token, "reason": "x"}).status_code == status
    assert not doing.account(to).password_is_one_time


def test_the_first_administrator_comes_with_a_one_time_password(doing: Doing) -> None:
    with everywhere(because="the test creates"):
        name, password = create_administrator()
        db.session.commit()
    newcomer = Person(name, root.role, root.title, None)
    assert name == "root2"
    page = doing.sign_in(newcomer, password)
    page.send("Save and go on", password=A_GOOD_PASSWORD, again=A_GOOD_PASSWORD)
    assert doing.browser.visit("/accounts/", as_=newcomer).heading == "Accounts"


def test_the_terminal_lets_somebody_in_again(doing: Doing) -> None:
    doing.enrol(root)
    doing.set(root, disabled_at=now())
    with everywhere(because="the test creates"):
        password = let_in_again("root")
        db.session.commit()
        with pytest.raises(LookupError):
            let_in_again("nobody")
    assert doing.account(root).totp is None
    assert doing.sign_in(root, password).heading == "Choose your own password"
