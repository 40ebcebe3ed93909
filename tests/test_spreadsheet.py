"""Tables that people upload: what would fill the memory or is broken is refused before it is read."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from collector import spreadsheet
from collector.errors import CollectorError
from collector.spreadsheet import read_sheet


def refusal(content: bytes) -> str:
    """The code of the error with which an uploaded workbook is refused."""
    with pytest.raises(CollectorError) as error:
        read_sheet("table.xlsx", content)
    return error.value.code


def workbook(*rows: list[Any]) -> bytes:
    """The bytes of a workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose first sheet is `xml`."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["code"], ["C01"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.namelist():
            new.writestr(item, xml if item == "xl/worksheets/sheet1.xml" else old.read(item))
    return out.getvalue()


def test_a_workbook_is_read() -> None:
    sheet = read_sheet("table.xlsx", workbook(["Code ", "Name"], [320102003001.0, None], [None, None], ["C02", " x "]))
    assert sheet.headers == ["code", "name"]
    assert [(row.number, dict(row.cells)) for row in sheet.rows] == [
        (2, {"code": "320102003001", "name": ""}),
        (4, {"code": "C02", "name": "x"}),
    ]


def test_a_workbook_that_expands_to_gigabytes_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "load_workbook", lambda *_, **__: pytest.fail("the workbook was opened"))
    bomb = with_sheet(b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert refusal(bomb) == "table_too_large"


def test_the_sum_of_many_parts_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED_BYTES", 1000)
    assert refusal(workbook(["code"], ["C01"])) == "table_too_large"


def test_cells_far_to_the_right_are_refused_at_the_first_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of 40 bytes would become one of 16,384 cells, a hundred thousand times."""
    monkeypatch.setattr(spreadsheet, "_text", lambda _cell: pytest.fail("the row was taken in"))
    row = b'<row><c r="XFD1" t="n"><v>1</v></c></row>'
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    assert (
        refusal(with_sheet(b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, row))) == "table_too_large"
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", with_sheet(b"<worksheet><row>"), workbook(["a"])[:-50]])
def test_a_broken_workbook_is_told_as_such(content: bytes) -> None:
    assert refusal(content) == "table_unreadable"
