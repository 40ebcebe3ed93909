"""Archives and what is in them: nothing is unpacked to where an archive says, and nothing unpacks without end."""

import io
import zipfile
from pathlib import Path

import pytest

from collector.errors import CollectorError
from collector.importing import contents
from collector.importing.cells import csv_table, workbook_tables
from collector.importing.contents import open_contents
from tests.importing import exports


def parts(folder: Path, name: str, content: bytes) -> list[tuple[str, str]]:
    """Path and kind of each part of a file."""
    with open_contents([exports.write(folder, name, content)]) as found:
        return [(part.path, part.kind) for part in found]


def test_parts_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    archive = exports.zip_bytes(
        {
            "a.csv": b"x\n1\n",
            "sub/b.xlsx": exports.xlsx_bytes({"s": [["x"]]}),
            "c/submission.xml": b"<data/>",
            "d.txt": b"<?xml version='1.0'?><data/>",
            "media/e.csv": b"x\n1\n",
            "f.jpg": b"",
            "__MACOSX/g.csv": b"",
            ".hidden.csv": b"",
        }
    )
    assert parts(tmp_path, "a.zip", archive) == [
        ("a.csv", "table"),
        ("sub/b.xlsx", "workbook"),
        ("c/submission.xml", "xml"),
        ("d.txt", "xml"),
        ("media/e.csv", "media"),
        ("f.jpg", "media"),
    ]
    assert parts(tmp_path, "photo.jpg", exports.PHOTO) == [("photo.jpg", "media")]


def test_paths_that_lead_out_are_only_names(tmp_path: Path) -> None:
    archive = exports.zip_bytes(
        {"../../etc/passwd.csv": b"x", "/abs.csv": b"x", "a\\..\\b.csv": b"x", "c/./d.csv": b"x"}
    )
    assert [path for path, _ in parts(tmp_path, "a.zip", archive)] == [
        "etc/passwd.csv",
        "abs.csv",
        "a/b.csv",
        "c/d.csv",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_names_of_a_chinese_windows(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        entry = zipfile.ZipInfo("x" * 8 + ".csv")
        archive.writestr(entry, b"x")
    raw = content.getvalue().replace(b"x" * 8 + b".csv", "答卷答卷".encode("gb18030") + b".csv")
    assert [path for path, _ in parts(tmp_path, "a.zip", raw)] == ["答卷答卷.csv"]


def test_archives_that_unpack_too_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = exports.zip_bytes({"a.csv": b"0" * 20_000_000})
    with pytest.raises(CollectorError, match="import_archive_too_large"):
        parts(tmp_path, "bomb.zip", bomb)
    monkeypatch.setattr(contents, "MAX_PARTS", 3)
    with pytest.raises(CollectorError, match="import_archive_too_large"):
        parts(tmp_path, "many.zip", exports.zip_bytes({f"{number}.jpg": b"" for number in range(4)}))
    monkeypatch.setattr(contents, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(CollectorError, match="import_archive_too_large"):
        parts(tmp_path, "large.zip", exports.zip_bytes({"a.csv": b"12345678901"}))


def test_a_part_that_lies_about_its_size_or_is_damaged(tmp_path: Path) -> None:
    whole = exports.zip_bytes({"a.csv": b"place,hh_size\n" + b"C01,3\n" * 2000})
    for at in range(60, len(whole) - 80, 7):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            with open_contents([exports.write(tmp_path, "a.zip", damaged)]) as found:
                for part in found:
                    table = csv_table(part) if part.kind == "table" else None
                    assert table is None or len(list(table.read())) >= 0
        except CollectorError as error:
            assert error.code in ("import_archive_damaged", "import_table_unreadable", "import_archive_too_large")


def test_damaged_workbooks_are_told(tmp_path: Path) -> None:
    whole = exports.kobo_xlsx()
    for at in range(0, len(whole), 97):
        damaged = whole[:at] + b"\x00\xff" + whole[at + 2 :]
        try:
            with open_contents([exports.write(tmp_path, "a.xlsx", damaged)]) as found:
                for part in found:
                    if part.kind == "workbook":
                        for table in workbook_tables(part):
                            list(table.read())
        except CollectorError as error:
            assert error.code in ("import_archive_damaged", "import_table_unreadable", "import_archive_too_large")
