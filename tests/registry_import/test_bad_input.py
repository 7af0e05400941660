"""Whatever people send: it is read as they mean it, or refused with what to do; never a half of it."""

from datetime import timedelta
from io import BytesIO, RawIOBase
from typing import Any

import openpyxl
import pytest
import time_machine

from portal.audit.models import AuditEntry
from portal.clock import now
from portal.registry.importing.models import ImportFile, ImportRow, RegistryImport
from portal.registry.models import Household, Resident
from tests.page import Browser
from tests.people import Person, qian, wu
from tests.registry_import.sheets import LI, WANG, ZHANG, everything, number, problems, row, send, sheet
from tests.spreadsheets.sheets.hostile import HOSTILE, HOSTILE_WHEN_READ
from tests.spreadsheets.sheets.messy import MESSY

pytestmark = pytest.mark.any_database  # forms and rules, whatever keeps the rows

REFUSED = {**HOSTILE, **HOSTILE_WHEN_READ}
WRONG = {
    "4.11722E+17": "Excel has lost the last figures of this number.",
    411722187203040018.0: "Excel has lost the last figures of this number.",
    "411722187203040000": "Excel has lost the last figures of this number.",
    "411722187203040019": "A digit is wrong or two are swapped",
    "411722720304001": "This is an old number of 15 digits",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_harmless_list_is_refused_with_a_sentence(desk: Browser, name: str) -> None:
    make, sentence = REFUSED[name]
    page = send(desk, qian, make(), status=422)
    with desk.app.test_request_context(headers={"Cookie": "language=en"}):
        assert page.has(" ".join(str(sentence).split()))
    assert not everything(RegistryImport)
    assert not everything(ImportFile)


def test_headings_alone_are_no_list(desk: Browser) -> None:
    page = send(desk, qian, sheet(), status=422)
    assert page.has("There is no row below the headings.")
    assert not everything(RegistryImport)


@pytest.mark.parametrize("name", MESSY)
def test_what_people_keep_is_read_or_asked_about(desk: Browser, name: str) -> None:
    page = send(desk, qian, MESSY[name][0](), status=0)
    assert page.status in (200, 422)
    if page.status == 200:
        assert page.heading.startswith(("What the columns mean", "Import of"))
    assert not everything(Resident)


@pytest.mark.parametrize("written", WRONG)
def test_a_spoiled_number_is_told_exactly(desk: Browser, written: object) -> None:
    bad = row(ZHANG)
    bad[7] = written
    page = send(desk, qian, sheet(bad, row(LI, 12)))
    assert page.has("To be mended 1")
    (said,) = problems(page.send("Fetch these rows", status=200))
    assert said.startswith("身份证号: ")
    assert WRONG[written] in said


DATES = ["1962-04-06", "1962/4/6", "1962.4.6", "19620406", "1962年4月6日", 22742]


@pytest.mark.parametrize("written", DATES)
def test_dates_in_six_ways_are_the_same_day(desk: Browser, written: object) -> None:
    content = sheet([ZHANG, "东关大街18号", written], headings=["姓名", "现住址", "出生日期"])
    send(desk, qian, content).send("Confirm the import")
    assert str(everything(Resident)[0].born_on) == "1962-04-06"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_in_any_dress(desk: Browser, separator: str, encoding: str) -> None:
    lines = [
        ["姓名", "现住址", "身份证号", "联系电话"],
        [ZHANG, "东关大街18号", number(11), '="15400000011"'],
    ]
    text = "\r\n".join(separator.join(line) for line in lines)
    send(desk, qian, text.encode(encoding), name="名单.csv").send("Confirm the import")
    (found,) = everything(Resident)
    assert (found.name, found.document, found.phone) == (ZHANG, number(11), "15400000011")


def test_a_formula_is_never_kept_as_one(desk: Browser) -> None:
    bad = row('=HYPERLINK("http://x")', 11)
    bad[0] = "不存在的格"
    page = send(desk, qian, sheet(bad, row(LI, 12)))
    response = page.send("Fetch these rows", status=200)
    from io import BytesIO

    cells = [cell for line in openpyxl.load_workbook(BytesIO(response.get_data())).active for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_what_is_too_long_is_sent_back(desk: Browser) -> None:
    page = send(desk, qian, sheet(row("演示·" + "长" * 80, 11), row(LI, 12, note="注" * 201), row(WANG, 13)))
    assert page.has("To be mended 2")


def too_large(desk: Browser, person: Person, path: str, megabytes: int) -> str:
    """What is answered to so large a request, before any of it is read."""
    answer = desk.client(person).post(
        path,
        input_stream=BytesIO(b"--x"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(megabytes * 1024 * 1024)},
    )
    assert answer.status_code == 413
    return str(answer.get_data(as_text=True))


def test_a_file_of_two_hundred_megabytes_is_refused(desk: Browser) -> None:
    assert "16 MB" in too_large(desk, qian, "/registry/import", 200)


class Endless(RawIOBase):
    """Two hundred megabytes of a file whose size nobody tells beforehand."""

    BEGINNING = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = (b"" if self.given else self.BEGINNING).ljust(min(len(buffer), 65536), b"P")
        if self.given > 200 * 1024 * 1024:
            return 0
        buffer[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)


def test_a_file_that_does_not_tell_its_size_is_cut_off(desk: Browser) -> None:
    endless = Endless()
    answer = desk.client(qian).post(
        "/registry/import",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": endless, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413
    assert endless.given < 17 * 1024 * 1024


def test_only_this_door_takes_large_files(desk: Browser) -> None:
    assert "5 MB" in too_large(desk, qian, "/registry/new", 6)


def test_nothing_of_a_sheet_stands_in_clear_where_it_waits(desk: Browser) -> None:
    send(desk, qian, sheet(row(ZHANG, 11, phone="15400000011")))
    for kept in (everything(ImportFile)[0].content, everything(ImportRow)[0].told_sealed):
        for secret in (ZHANG, number(11), "15400000011"):
            assert secret.encode() not in kept
        assert b"PK" not in kept[:4]


def test_the_trail_and_the_log_name_nobody(desk: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    page = send(desk, qian, sheet(row(ZHANG, 11, phone="15400000011")))
    page.send("Confirm the import").send("Undo this import")
    said = " ".join(str(vars(entry)) for entry in everything(AuditEntry)) + "".join(capfd.readouterr())
    for secret in ("张三", number(11), "15400000011", "3号院", "名单"):
        assert secret not in said


def test_an_import_that_nobody_confirms_is_destroyed(desk: Browser) -> None:

    send(desk, qian, sheet(row(ZHANG, 11)))
    with time_machine.travel(now() + timedelta(hours=25)):
        send(
            Browser(desk.app), wu, sheet(row(LI, 12, grid="一格"))
        )  # a stranger; it is destroyed all the same
    assert len(everything(RegistryImport)) == 1
    assert len(everything(ImportRow)) == 1
    assert not everything(Household)


def test_what_is_left_is_destroyed_at_once(desk: Browser) -> None:
    send(desk, qian, sheet(row(ZHANG, 11))).send("Leave this import")
    assert not everything(RegistryImport)
    assert not everything(ImportRow)
    assert not everything(ImportFile)
