"""Orders: drafted, put in force, ended, extended, replaced; and who sees them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.audit.models import AuditEntry
from portal.clock import local, now, today
from portal.database import db
from portal.orders import service
from portal.orders.measures import MeasureKind, Preset
from portal.orders.models import Measure, Order, OrderState
from portal.orders.views import area as orders_area
from portal.web.fields import Number
from portal.web.forms import Form
from tests import factories
from tests.people import an, gu, li, qian, sun, unit, wang

Visit = Callable[..., Any]


class DoorForm(Form):
    """The tests' own measure: how many doors stay open."""

    doors = Number("Doors", low=1, high=9, thing="the number of doors")


def _fill(form: Any, parameters: dict[str, Any]) -> None:
    form.doors.data = parameters["doors"]


DOORS = MeasureKind(
    label="Doors",
    items={"front": "Front", "back": "Back"},
    form=DoorForm,
    parameters=lambda form: {"doors": form.doors.data},
    fill=_fill,
    describe=lambda parameters: [f"{parameters['doors']} doors stay open."],
    presets=lambda item: [Preset("old", "Two doors", "某街道 2020-02", {"doors": 2})],
    preview=lambda order, item, parameters: f"This would shut {9 - parameters['doors']} doors.",
)


@pytest.fixture(autouse=True)
def doors(app: Flask) -> Iterator[None]:
    """Orders can switch on doors."""
    before = orders_area.contributes
    orders_area.contributes = before | {"measure": DOORS}
    yield
    orders_area.contributes = before


def filled(**changed: Any) -> dict[str, Any]:
    """An order as the office would enter it."""
    return {
        "number": "重阳防指[2026]3号",
        "title": "关于严格管控人员出入的通告",
        "unit_id": str(unit("重阳街道").id),
        "issued_by": "重阳街道疫情防控指挥部",
        "legal_basis": "《中华人民共和国传染病防治法》第四十二条",
        "from_day": today().isoformat(),
        "from_time": "00:00",
        "until_day": (today() + timedelta(days=6)).isoformat(),
        "until_time": "24:00",
    } | changed


def only_order() -> Order:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return db.session.scalars(select(Order)).one()


def all_orders() -> list[Order]:
    with everywhere(because="the test looks"):
        db.session.expire_all()
        return list(db.session.scalars(select(Order).order_by(Order.id)))


def actions() -> list[str]:
    with everywhere(because="the test looks"):
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_order_is_drafted_measured_and_put_in_force(visit: Visit) -> None:
    draft = visit("orders.new", as_=li).send("Save the draft", **filled())
    assert draft.has("重阳防指〔2026〕3号")
    assert draft.has("Draft")
    assert draft.has("24:00")
    measures = visit("orders.choose_measure", as_=li, order_id=only_order().id)
    assert measures.has("Front")
    assert measures.has("Back")
    form = visit(
        "orders.measure", as_=li, order_id=only_order().id, area_name="orders", item="front", preset="old"
    )
    assert form.tree.xpath("//input[@name='doors']/@value") == ["2"]
    assert form.send("Add the measure", doors="3").has("3 doors stay open.")
    confirm = visit("orders.put_in_force", as_=li, order_id=only_order().id)
    assert confirm.has("This would shut 6 doors.")
    assert confirm.send("Put in force").has("In force")
    assert only_order().state is OrderState.IN_FORCE
    assert actions() == ["order_.draft", "order_.set_measure", "order_.put_in_force"]


def test_the_end_is_written_as_24_and_stored_as_midnight(visit: Visit) -> None:
    visit("orders.new", as_=li).send("Save the draft", **filled())
    assert local(only_order().until).date() == today() + timedelta(days=7)
    edit = visit("orders.edit", as_=li, order_id=only_order().id)
    assert edit.tree.xpath("//input[@name='until_time']/@value") == ["24:00"]
    edit.send("Save the draft", until_time="18:30")
    assert local(only_order().until).strftime("%H:%M") == "18:30"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": ""}, "Enter the order number"),
        ({"legal_basis": ""}, "Enter the legal basis"),
        ({"until_day": ""}, "Choose the last day"),
        ({"until_time": "25:00"}, "Enter a time like 18:00 or 24:00"),
        ({"until_time": "ever"}, "Enter a time like 18:00 or 24:00"),
        ({"from_day": "tomorrow"}, "Enter a date like 2026-11-23"),
        ({"unit_id": "999999"}, "Choose one of those offered"),
        ({"from_day": "2020-02-13"}, "Choose a date from"),
    ],
)
def test_what_is_missing_or_wrong_comes_back(visit: Visit, changed: dict[str, str], sentence: str) -> None:
    page = visit("orders.new", as_=li).send("Save the draft", status=422, **filled(**changed))
    assert page.has(sentence)
    assert page.has("1 thing to mend")
    assert all_orders() == []


def test_an_end_before_the_beginning_is_refused(visit: Visit) -> None:
    wrong = filled(from_day=(today() + timedelta(days=8)).isoformat())
    page = visit("orders.new", as_=li).send("Save the draft", status=422, **wrong)
    assert page.has("The end must be later than the beginning")
    assert all_orders() == []


def test_html_and_long_names_stay_text(visit: Visit) -> None:
    odd = "<script>alert(1)</script>𠅤䶮"
    page = visit("orders.new", as_=li).send(
        "Save the draft", **filled(number=odd, title=odd * 2, issued_by=odd, legal_basis=odd * 9)
    )
    assert page.heading == odd * 2
    assert not page.tree.xpath("//main//script")
    assert visit("orders.index", as_=li, show="drafts").has(odd)


def test_sent_twice_writes_one_order(visit: Visit, post: Visit) -> None:
    data = filled(once="a" * 22)
    post("orders.new", as_=li, data=data)
    post("orders.new", as_=li, data=data)
    assert len(all_orders()) == 1


def test_drafts_are_seen_only_by_those_who_write_them(visit: Visit, post: Visit) -> None:
    post("orders.new", as_=li, data=filled())
    number, order_id = only_order().number, only_order().id
    for person in (wang, qian, an):
        assert not visit("orders.index", as_=person, show="drafts").has(number)
        visit("orders.show", as_=person, order_id=order_id, status=404)
    post("orders.put_in_force", as_=li, order_id=order_id)
    for person in (wang, qian, an, sun):
        assert visit("orders.index", as_=person).has(number)
        page = visit("orders.show", as_=person, order_id=order_id)
        assert page.buttons() == visit("orders.index", as_=person).buttons(), "those below only read"
    visit("orders.index", as_=gu, status=403)


def test_those_below_cannot_write(post: Visit) -> None:
    order = factories.order_in_force()
    post("orders.new", as_=wang, data=filled(), status=403)
    post("orders.end", as_=wang, order_id=order.id, data={"reason": "x"}, status=403)


def test_the_office_reads_but_does_not_write_the_orders_above_it(visit: Visit, post: Visit) -> None:
    above = factories.order_in_force("上蔡县")
    assert not visit("orders.show", as_=li, order_id=above.id).has("End…")
    post("orders.end", as_=li, order_id=above.id, data={"reason": "x"}, status=403)
    draft = factories.order_in_force("上蔡县", state=OrderState.DRAFT)
    visit("orders.show", as_=li, order_id=draft.id, status=404)


def test_an_order_of_another_community_is_not_there(visit: Visit) -> None:
    order = factories.order_in_force("建设路社区")
    visit("orders.show", as_=wang, order_id=order.id, status=404)
    assert not visit("orders.index", as_=wang).has(order.number)
    assert visit("orders.index", as_=sun).has(order.number)


def test_an_order_in_force_keeps_its_measures(visit: Visit, post: Visit) -> None:
    order = factories.order_in_force(measures={("orders", "front"): {"doors": 2}})
    page = post("orders.measure", as_=li, order_id=order.id, area_name="orders", item="front",
                data={"doors": "5"}, status=409)  # fmt: skip
    assert page.has("Only a draft can be changed")
    post("orders.remove_measure", as_=li, order_id=order.id, area_name="orders", item="front", status=409)
    post("orders.edit", as_=li, order_id=order.id, data=filled(), status=409)
    with everywhere(because="the test looks"):
        assert db.session.scalars(select(Measure.parameters)).all() == [{"doors": 2}]


def test_a_measure_is_changed_and_left_out_of_a_draft(visit: Visit) -> None:
    order = factories.order_in_force(state=OrderState.DRAFT, measures={("orders", "front"): {"doors": 2}})
    form = visit("orders.measure", as_=li, order_id=order.id, area_name="orders", item="front")
    assert form.send("Save the measure", status=422, doors="10").has("Doors: enter a number from 1 to 9")
    assert form.send("Save the measure", doors="4").has("4 doors stay open.")
    assert form.send("Leave it out").has("switches nothing on")
    visit("orders.measure", as_=li, order_id=order.id, area_name="orders", item="roof", status=404)
    visit("orders.measure", as_=li, order_id=order.id, area_name="units", item="front", status=404)


def test_an_order_ends_with_its_reason(visit: Visit) -> None:
    order = factories.order_in_force()
    end = visit("orders.end", as_=li, order_id=order.id)
    end.send("End the order", status=422, reason="")
    page = end.send("End the order", reason="风险解除")
    assert page.has("Ended")
    assert page.has("风险解除")
    assert only_order().in_force(now() - timedelta(hours=1))
    assert not only_order().in_force(now())
    assert visit("orders.index", as_=qian, show="ended").has(order.number)
    assert visit("orders.index", as_=qian).has("No order is in force here.")


def test_an_extension_is_an_order_of_its_own(visit: Visit, post: Visit) -> None:
    order = factories.order_in_force(measures={("orders", "front"): {"doors": 2}})
    form = visit("orders.extend", as_=li, order_id=order.id)
    early = (today() + timedelta(days=3)).isoformat()
    form.send("Save the draft", status=422, number="重阳防指〔2026〕9号", until_day=early)
    late = (today() + timedelta(days=30)).isoformat()
    page = form.send("Save the draft", number="重阳防指(2026)9号", until_day=late)
    assert page.has("重阳防指〔2026〕9号")
    assert page.has("2 doors stay open.")
    assert page.has("Takes the place of")
    old, new = all_orders()
    assert old.until == order.until
    assert new.effective_from == old.until
    assert page.tree.xpath(f"//a[@href='/orders/{new.id}/put-in-force']")
    post("orders.put_in_force", as_=li, order_id=new.id)
    old, new = all_orders()
    assert old.until == order.until, "never stretched silently"
    assert old.in_force(old.until - timedelta(seconds=1))
    assert new.in_force(old.until)
    with everywhere(because="the test looks"):
        assert service.measure_lasts_until(old, "orders", "front") == new.until
        assert service.measure_lasts_until(old, "orders", "back") == old.until


def test_a_replacement_says_what_it_no_longer_switches_on(visit: Visit, post: Visit) -> None:
    order = factories.order_in_force(
        measures={("orders", "front"): {"doors": 2}, ("orders", "back"): {"doors": 1}}
    )
    form = visit("orders.replace", as_=li, order_id=order.id)
    form.send("Save the draft", number="重阳防指〔2026〕9号")
    leave_out = {"area_name": "orders", "item": "back", "order_id": all_orders()[1].id}
    visit("orders.measure", as_=li, **leave_out).send("Leave it out")
    _old, new = all_orders()
    confirm = visit("orders.put_in_force", as_=li, order_id=new.id)
    assert confirm.has("No longer switched on: Doors: Back.")
    confirm.send("Put in force")
    old, new = all_orders()
    assert not old.in_force(now())
    assert new.in_force(now())
    assert old.until == order.until
    assert visit("orders.show", as_=wang, order_id=old.id).has("Replaced")
    assert "order_.replaced" in actions()
    post("orders.replace", as_=li, order_id=old.id, data=filled(), status=409)


def test_an_order_whose_end_has_passed_cannot_take_force(post: Visit) -> None:
    past = factories.order_in_force(
        state=OrderState.DRAFT, effective_from=now() - timedelta(days=9), until=now() - timedelta(days=2)
    )
    assert post("orders.put_in_force", as_=li, order_id=past.id, status=409).has(
        "The end of this order has passed"
    )
    assert only_order().state is OrderState.DRAFT


def test_the_list_goes_on_where_the_page_ends(visit: Visit) -> None:
    for days in range(22):
        factories.order_in_force(effective_from=now() - timedelta(days=days + 1))
    first = visit("orders.index", as_=wang)
    assert len(first.tree.xpath("//main//ul[@class='rows']/li")) == 20
    second = visit(first.tree.xpath("string(//p[@class='older']/a/@href)"), as_=wang)
    assert len(second.tree.xpath("//main//ul[@class='rows']/li")) == 2


def test_chinese_pages(visit: Visit) -> None:
    order = factories.order_in_force(measures={("orders", "front"): {"doors": 2}})
    for endpoint in ("orders.index", "orders.new"):
        visit(endpoint, as_=li, language="zh_Hans")
    for endpoint in ("orders.show", "orders.extend", "orders.replace", "orders.end"):
        visit(endpoint, as_=li, language="zh_Hans", order_id=order.id)
