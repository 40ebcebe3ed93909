"""Files that are no questionnaire get a clear error, whatever they are, and none is opened that would do harm."""

import io
import zipfile

import pytest

from collector import spreadsheet
from collector.questionnaires import workbook
from collector.questionnaires.compile import Compiled, compile_workbook
from tests.questionnaires.books import make_book
from tests.xls import make_xls


def refusal(content: bytes, name: str = "form.xlsx") -> str:
    compiled = compile_workbook(content, name)
    assert compiled.model_json is None
    assert len(compiled.errors) == 1
    return compiled.errors[0].code


def zipped(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def replaced(content: bytes, part: str, data: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, data if item == part else old.read(item))
    return out.getvalue()


SMALL = make_book(survey=[["type", "name", "label"], ["text", "q", "Q"]])


def test_a_text_file_named_xlsx_is_told_from_a_workbook() -> None:
    compiled = compile_workbook(b"type,name,label\ntext,q,Q\n", "form.xlsx")
    assert compiled.errors[0].code == "not_a_workbook"
    assert "form.xlsx" in compiled.errors[0].message and "form.xlsx" in compiled.errors[0].message_zh


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 and then nothing", "workbook_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing", "workbook_damaged"),
        (SMALL[: len(SMALL) // 2], "workbook_damaged"),
        (zipped(**{"hello.txt": b"hello"}), "not_a_workbook"),
        (replaced(SMALL, "xl/worksheets/sheet1.xml", b"<worksheet><row>"), "workbook_damaged"),
        (make_book(survey=[]), "workbook_empty"),
        (make_book(survey=[["type", "name", "label"]]), "workbook_empty"),
        (make_book(survey=[["type", "name", "label"], [None, None, None], ["", " ", ""]]), "workbook_empty"),
    ],
)
def test_broken_and_empty_files(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_100_mb_file_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_read_xlsx", lambda *_: pytest.fail("the file was opened"))
    assert refusal(b"PK\x03\x04" + bytes(100_000_000)) == "file_too_large"


def test_a_workbook_that_expands_to_gigabytes_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook.openpyxl, "load_workbook", lambda *_, **__: pytest.fail("the workbook was opened"))
    bomb = zipped(**{"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000})
    assert len(bomb) < 100_000
    assert refusal(bomb) == "workbook_expands"


def test_the_sum_of_many_parts_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED_BYTES", 1000)
    assert refusal(SMALL) == "workbook_expands"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"])
def test_entities_are_refused_before_a_parser_sees_them(part: str) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert refusal(replaced(SMALL, part, evil)) == "workbook_unsafe"


def test_a_million_rows_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROW_LIMIT", 50)
    rows = [["note", f"n{number}", "N"] for number in range(80)]
    compiled = compile_workbook(make_book(survey=[["type", "name", "label"], *rows]), "form.xlsx")
    assert [(finding.code, finding.sheet) for finding in compiled.errors] == [("too_many_rows", "survey")]


def test_an_xlsx_under_the_name_xls_is_read() -> None:
    assert compile_workbook(SMALL, "form.xls").errors == []


SHEETS = {"survey": [["type", "name", "label"], ["text", "q", "名字?"]], "settings": [["form_id"], ["f"]]}


@pytest.mark.parametrize("name", ["form.xls", "form.xlsx", "form"])
def test_an_old_workbook_is_read_under_any_name(name: str) -> None:
    compiled = compile_workbook(make_xls(SHEETS), name)
    assert (compiled.form_id, compiled.errors) == ("f", [])
    assert "名字?" in (compiled.model_json or "")


def test_nothing_is_known_of_a_refused_file() -> None:
    compiled = compile_workbook(b"no", "form.xlsx")
    assert compiled == Compiled(errors=compiled.errors)


def test_a_workbook_with_no_sheet_that_could_be_the_survey() -> None:
    compiled = compile_workbook(make_book(Tabelle1=[["a"]], Tabelle2=[["b"]]), "form.xlsx")
    assert compiled.errors[0].code == "survey_missing"
    assert "Tabelle1" in compiled.errors[0].message


def test_a_misnamed_survey_sheet_is_named() -> None:
    book = make_book(survye=[["type", "name", "label"], ["text", "q", "Q"]], choices=[["list_name", "name", "label"]])
    finding = compile_workbook(book, "form.xlsx").errors[0]
    assert finding.code == "sheet_missing"
    assert "survye" in finding.message
