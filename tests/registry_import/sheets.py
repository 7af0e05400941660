"""Sheets as the tests send them, and what is found afterwards."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
from sqlalchemy import select

from portal.access.scope import everywhere
from portal.database import db
from portal.registry.identifiers import synthetic_id
from portal.spreadsheets.headings import PROBLEMS
from portal.workflow import figures
from tests.spreadsheets.makers import workbook

HEADINGS = ["网格", "小区", "楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "联系电话", "备注"]
ZHANG, LI, WANG = "演示·张三", "演示·李四", "演示·王五"


def number(serial: int) -> str:
    """An identity number of nobody."""
    return synthetic_id("411722", serial)


def row(
    name: str | None,
    serial: int | None = None,
    *,
    room: str = "401",
    grid: str | None = "二格",
    phone: str | None = None,
    relation: str | None = None,
    note: str | None = None,
) -> list[Any]:
    """A row under ``HEADINGS``."""
    return [
        grid, "3号院", "2", "1", room, name, relation, number(serial) if serial else None, phone, note
    ]  # fmt: skip


def sheet(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook of these rows under one row of headings."""
    return workbook([headings, *rows])


FAMILY = sheet(
    row(ZHANG, 11, relation="户主", phone="15400000011"),
    row(LI, 12, relation="配偶"),
    row(WANG, 13, room="402", relation="户主", note="门口有狗"),
)


def send(desk: Any, person: Any, content: bytes, *, name: str = "名单.xlsx", status: int = 303) -> Any:
    """Upload a file: the page that it leads to."""
    page = desk.visit("registry.imports", as_=person)
    return page.send("Look at the file", file=(BytesIO(content), name), status=status)


def everything(model: Any) -> list[Any]:
    """All rows of a class, whoever may see them."""
    with everywhere(because="the test looks"):
        db.session.rollback()
        db.session.expire_all()
        rows = list(db.session.scalars(select(model).order_by(model.id)))
        for one in rows:
            db.session.expunge(one)
        return rows


def mended() -> int:
    """How many numbers of the daily figures were not what the registry says, before they were mended."""
    with everywhere(because="the test recounts"):
        db.session.rollback()
        return figures.settle()


def fetched(response: Any) -> list[list[Any]]:
    """The cells of a workbook that was downloaded."""
    page = openpyxl.load_workbook(BytesIO(response.get_data())).active
    return [[cell.value for cell in line] for line in page.iter_rows()]


def problems(response: Any) -> list[str]:
    """What it says beside its rows."""
    cells = fetched(response)
    place = next(line for line in cells if PROBLEMS in line).index(PROBLEMS)
    return [line[place] for line in cells if line[place] not in (None, PROBLEMS)]
