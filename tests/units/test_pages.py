"""The pages of the tree: one's own place and what lies below, and nothing beside it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.access.acting import Level
from portal.access.scope import everywhere
from portal.database import db
from portal.units.models import Checkpoint, Unit, UploadedTree
from tests.people import AT_WORK, Person, an, gu, li, qian, root, sun, unit, wang, zhao
from tests.spreadsheets.makers import workbook
from tests.units.test_import import COMMUNITY, GOOD, HEAD, TABLE

pytestmark = pytest.mark.any_database

Visit = Callable[..., Any]

IN_THE_TREE = [person for person in AT_WORK if person not in (gu, root)]


def gate(name: str) -> Checkpoint:
    with everywhere(because="tests look gates up by name"):
        return db.session.scalars(select(Checkpoint).where(Checkpoint.name == name)).one()


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("person", IN_THE_TREE, ids=str)
def test_the_first_page_is_ones_own_place(visit: Visit, person: Person, language: str) -> None:
    assert visit("units.index", as_=person, language=language).heading == person.unit


def test_for_the_administrator_it_is_the_whole_tree(visit: Visit) -> None:
    page = visit("units.index", as_=root)
    assert page.has("上蔡县")
    assert not page.has("重阳街道")


def test_a_gatekeeper_sees_no_tree(visit: Visit) -> None:
    visit("units.index", as_=gu, status=403)


def test_a_units_page_shows_the_way_to_it_and_what_lies_below(visit: Visit) -> None:
    page = visit("units.show", as_=li, unit_id=unit("豫苑社区").id)
    assert page.has("上蔡县 › 重阳街道")
    assert page.has("411722003001")
    assert page.has("三组")
    assert page.has("北门")
    assert f"/units/{unit('豫苑社区三组').id}" in page.links()


@pytest.mark.parametrize("name", ["建设路社区", "建设路社区一组", "建设路社区一组一格"])
@pytest.mark.parametrize("person", [wang, zhao, qian], ids=str)
def test_strangers_find_nothing(visit: Visit, person: Person, name: str) -> None:
    visit("units.show", as_=person, unit_id=unit(name).id, status=404)


def test_from_below_the_street_shows_only_the_own_community(visit: Visit) -> None:
    page = visit("units.show", as_=wang, unit_id=unit("重阳街道").id)
    assert page.has("豫苑社区")
    assert not page.has("建设路社区")


@pytest.mark.parametrize("endpoint", ["units.new", "units.change", "units.new_checkpoint"])
def test_only_ones_own_can_be_changed(visit: Visit, endpoint: str) -> None:
    visit(endpoint, as_=wang, unit_id=unit("豫苑社区三组").id)
    visit(endpoint, as_=wang, unit_id=unit("重阳街道").id, status=403)
    visit(endpoint, as_=wang, unit_id=unit("建设路社区").id, status=404)
    visit(endpoint, as_=zhao, unit_id=unit("豫苑社区三组").id, status=403)
    visit(endpoint, as_=an, unit_id=unit("豫苑社区三组").id, status=403)


def test_nobody_is_offered_to_change_what_lies_above(visit: Visit) -> None:
    page = visit("units.show", as_=wang, unit_id=unit("重阳街道").id)
    assert not [link for link in page.links() if link.endswith(("/new", "/change"))]


def test_a_commander_adds_a_group(visit: Visit) -> None:
    form = visit("units.new", as_=wang, unit_id=unit("豫苑社区").id)
    assert form.send("Add", name="四组").has("四组")
    assert unit("豫苑社区四组").parent_id == unit("豫苑社区").id


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter a name"),
        ("三组", "There is a unit called 三组 here already."),
        ("组" * 61, "60 characters or fewer"),
    ],
)
def test_a_group_without_a_good_name_is_sent_back(visit: Visit, typed: str, says: str) -> None:
    form = visit("units.new", as_=wang, unit_id=unit("豫苑社区").id)
    assert form.send("Add", name=typed, status=422).has(says)


def test_names_are_text_and_nothing_else(visit: Visit) -> None:
    form = visit("units.new", as_=wang, unit_id=unit("豫苑社区").id)
    page = form.send("Add", name="<b>𠅤组</b>&")
    assert page.has("<b>𠅤组</b>&")


def test_below_a_grid_there_is_nothing(visit: Visit) -> None:
    visit("units.new", as_=wang, unit_id=unit("豫苑社区三组二格").id, status=404)


def test_the_administrator_adds_a_street_with_its_code(visit: Visit) -> None:
    form = visit("units.new", as_=root, unit_id=unit("上蔡县").id)
    assert form.send("Add", name="蔡都街道", code="4117", status=422).has("Enter a code of 9 digits")
    assert form.send("Add", name="蔡都街道", code="411722003", status=422).has("in use already")
    form.send("Add", name="蔡都街道", code="４11722001")
    assert unit("蔡都街道").code == "411722001"


def test_at_the_top_the_level_is_chosen(visit: Visit) -> None:
    form = visit("units.new_at_the_top", as_=root)
    assert form.send("Add", name="汝南县", status=422).has("Choose a level")
    form.send("Add", name="汝南县", level="county", code="411727")
    assert unit("汝南县").parent_id is None
    visit("units.new_at_the_top", as_=li, status=403)


def test_renaming_a_community_renames_what_lies_below(visit: Visit) -> None:
    form = visit("units.change", as_=wang, unit_id=unit("豫苑社区").id)
    page = form.send("Save", name="豫园社区", duty_phone="0396-6921234")
    assert page.heading == "豫园社区"
    assert page.has("0396-6921234")
    assert unit("豫园社区三组二格").name == "二格"


def test_a_unit_may_keep_its_name(visit: Visit) -> None:
    form = visit("units.change", as_=wang, unit_id=unit("豫苑社区").id)
    assert form.send("Save", duty_phone="12", status=422).has("Enter a mobile number")
    assert form.send("Save", duty_phone="0396-6921234").heading == "豫苑社区"


def test_a_gate_is_opened_renamed_and_closed(visit: Visit) -> None:
    form = visit("units.new_checkpoint", as_=wang, unit_id=unit("豫苑社区").id)
    assert form.send("Open the checkpoint", name="北门", status=422).has(
        "There is a checkpoint called 北门 here already."
    )
    assert form.send("Open the checkpoint", name="南门", open_to_vehicles="y").has("南门")
    form = visit("units.checkpoint", as_=wang, checkpoint_id=gate("南门").id)
    assert form.send("Save", name="南侧门", open_to_vehicles=None).has("南侧门")
    form = visit("units.close_checkpoint", as_=wang, checkpoint_id=gate("南侧门").id)
    assert form.send("Close the checkpoint", reason="", status=422).has("Enter a reason")
    assert not form.send("Close the checkpoint", reason="施工").has("南侧门")
    visit("units.checkpoint", as_=wang, checkpoint_id=gate("南侧门").id, status=404)


def test_a_strangers_gate_is_not_found(visit: Visit) -> None:
    visit("units.checkpoint", as_=sun, checkpoint_id=gate("北门").id, status=404)
    visit("units.close_checkpoint", as_=sun, checkpoint_id=gate("北门").id, status=404)
    visit("units.checkpoint", as_=zhao, checkpoint_id=gate("北门").id, status=403)


def test_many_units_come_in_pages(app: Flask, visit: Visit) -> None:
    street_id = unit("重阳街道").id
    with everywhere(because="the test makes many units"):
        for number in range(45):
            name = f"第{number}社区"
            db.session.add(Unit(level=Level.COMMUNITY, name=name, full_name=name, parent_id=street_id))
        db.session.commit()
    first = visit("units.show", as_=li, unit_id=street_id)
    more = next(link for link in first.links() if "after=" in link)
    assert first.has("第37社区")
    assert not first.has("第38社区")
    assert visit(more, as_=li).has("第44社区")


# ── the import ───────────────────────────────────────────────────────────────────────────────────────────────────


def look_at(visit: Visit, text: str, status: int = 303) -> Any:
    return visit("units.upload", as_=root).send(
        "Look at the file", file=(BytesIO(text.encode()), "units.csv"), status=status
    )


def test_a_file_is_shown_before_it_is_imported(visit: Visit) -> None:
    preview = look_at(visit, GOOD)
    assert preview.has("New: 3, changed: 0, same: 0")
    assert preview.has("乙街道")
    with everywhere(because="the test looks"):
        assert db.session.scalar(select(Unit.id).where(Unit.code == "500000")) is None
    db.session.rollback()
    assert preview.send("Import").has("New: 3, changed: 0, same: 0")
    assert unit("丙社区").code == "500000001001"
    with everywhere(because="the test looks"):
        assert db.session.scalar(select(UploadedTree.id)) is None


def test_a_workbook_is_shown_and_imported_as_well(visit: Visit) -> None:
    file = (BytesIO(workbook(TABLE)), "units.xlsx")
    preview = visit("units.upload", as_=root).send("Look at the file", file=file)
    assert preview.has("New: 3, changed: 0, same: 0")
    preview.send("Import")
    assert unit("丙社区").code == "500000001001"


def test_a_file_that_changes_nothing_offers_nothing(visit: Visit) -> None:
    page = look_at(visit, HEAD + "411722,上蔡县,county,\n")
    assert page.has("The file changes nothing.")
    assert "Import" not in page.buttons()


def test_problems_are_shown_with_their_rows(visit: Visit) -> None:
    page = look_at(visit, GOOD + "1,x,county,\n" * 30, status=422)
    assert page.has("Row 5: Wrong code “1”")
    assert page.has("and 10 more")


def test_a_file_must_be_chosen(visit: Visit) -> None:
    assert visit("units.upload", as_=root).send("Look at the file", status=422).has("Choose a file")


def test_a_tree_that_changed_since_the_preview_is_looked_at_again(visit: Visit) -> None:
    preview = look_at(visit, HEAD + "411722003009,南大吴社区居委会,community,411722003\n")
    form = visit("units.new", as_=li, unit_id=unit("重阳街道").id)
    form.send("Add", name="南大吴社区居委会")
    assert preview.send("Import", status=409).has("There is a unit called 南大吴社区居委会 here already.")


def test_the_import_is_for_the_whole_installation(visit: Visit) -> None:
    upload = look_at(visit, GOOD.replace(COMMUNITY, ""))
    for person in (li, wang):
        visit("units.upload", as_=person, status=403)
        visit(upload.url, as_=person, status=403)
