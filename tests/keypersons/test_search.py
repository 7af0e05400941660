"""The one search box finds key persons: by what people type of anybody, within one's own place, masked."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.registry.identifiers import synthetic_id
from tests.factories import household, resident
from tests.people import an, gu, li, qian, wang, wu
from tests.screenings.world import BESIDE, key_person, order

Visit = Callable[..., Any]
NAME, PHONE, DOCUMENT = "演示·欧阳晓东", "15400009876", synthetic_id("411722", 4321)


def found(visit: Visit, typed: str, by: Any = li) -> Any:
    return visit("registry.index", as_=by).send("Find", q=typed)


def links_to(page: Any) -> list[str]:
    return [link for link in page.links() if link.startswith("/key-persons/") and link[-1].isdigit()]


def test_a_key_person_is_found_by_what_is_typed_of_anybody(app: Flask, visit: Visit) -> None:
    order()
    home, beside = household(), household(BESIDE)
    resident(home, name=NAME, phone=PHONE, document=DOCUMENT)
    resident(beside, name="演示·欧阳晓西")
    theirs = f"/key-persons/{key_person(home=home)}"
    typed = (NAME, "欧阳晓东", "晓东", "ouyangxiaodong", "oyxd", PHONE, "154-0000-9876", "9876", DOCUMENT)
    for words in (*typed, DOCUMENT[-4:], "欧阳"):
        page = found(visit, words)
        assert links_to(page) == [theirs], words
        assert not page.has(NAME), "masked like everybody"
        assert not page.has(PHONE)
    page = found(visit, "欧阳晓东")
    assert page.has("Returned home or to work, Noted")
    assert page.has("found by: name")
    for by, seen in ((wang, [theirs]), (qian, [theirs]), (an, [theirs]), (wu, [])):
        assert links_to(found(visit, "欧阳晓东", by)) == seen, by
    assert links_to(found(visit, "欧阳晓西")) == [], "who is no key person is found as a resident only"
    assert links_to(found(visit, "3号院")) == []
    visit("registry.index", as_=gu, status=403)
    other = key_person(by=wang, home=beside)
    assert set(links_to(found(visit, "欧阳"))) == {theirs, f"/key-persons/{other}"}
