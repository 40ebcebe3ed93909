"""What somebody uploads: files beside a workbook, one by one or in a .zip, within limits."""

import io
import zipfile

import pytest

from collector.questionnaires import uploads
from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.uploads import read_files, read_upload
from tests.workbooks import make_workbook

BOOK = make_workbook("""
| survey   |
|          | type | name | label |
|          | text | a    | A     |
""")


def archive(files: dict[str, bytes], **options: int) -> bytes:
    """A .zip with these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression=options.get("compression", zipfile.ZIP_DEFLATED)) as packed:
        for name, file in files.items():
            packed.writestr(name, file)
    return content.getvalue()


def refusal(name: str, content: bytes, *beside: tuple[str, bytes]) -> str:
    """The code of what is said of an upload that is not taken in."""
    with pytest.raises(WorkbookRefused) as refused:
        read_upload(name, content, beside)
    assert refused.value.finding.message and refused.value.finding.message_zh
    return refused.value.finding.code


def test_a_workbook_and_files_beside_it() -> None:
    workbook = read_upload("f.xlsx", BOOK, [("people.csv", b"name\na\n"), ("C:\\pictures\\cat.jpg", b"\xff\xd8\xff")])
    assert (workbook.name, workbook.content) == ("f.xlsx", BOOK)
    assert workbook.files == {"people.csv": b"name\na\n", "cat.jpg": b"\xff\xd8\xff"}


def test_one_archive_with_all_of_it_in_folders() -> None:
    """Folders do not count, and what a system puts in of its own is left out."""
    packed = archive(
        {
            "form/": b"",
            "form/f.xlsx": BOOK,
            "form/media/cat.jpg": b"cat",
            "__MACOSX/._cat.jpg": b"x",
            "form/.DS_Store": b"x",
        }
    )
    workbook = read_upload("all.zip", packed, [("people.csv", b"name\n")])
    assert (workbook.name, workbook.content) == ("f.xlsx", BOOK)
    assert workbook.files == {"cat.jpg": b"cat", "people.csv": b"name\n"}


def test_an_archive_of_media_beside_a_workbook_that_is_an_archive_itself() -> None:
    workbook = read_upload("f.xlsx", BOOK, [("media.zip", archive({"a.png": b"a", "b.png": b"b"}))])
    assert workbook.content == BOOK
    assert workbook.files == {"a.png": b"a", "b.png": b"b"}


def test_names_in_an_archive_from_windows_in_china() -> None:
    """Without the UTF-8 flag they are in the system's own code page."""
    packed = archive({"f.xlsx": BOOK, "XXXX.jpg": b"cat"}).replace(b"XXXX", "名单".encode("gb18030"))
    assert read_upload("all.zip", packed, []).files == {"名单.jpg": b"cat"}
    assert read_upload("all.zip", archive({"f.xlsx": BOOK, "名单.jpg": b"cat"}), []).files == {"名单.jpg": b"cat"}


def test_names_that_lead_out_of_the_folder_lead_nowhere() -> None:
    packed = archive({"f.xlsx": BOOK, "../../etc/passwd": b"x", "..\\..\\cat.jpg": b"cat"})
    assert read_upload("all.zip", packed, []).files == {"passwd": b"x", "cat.jpg": b"cat"}


def test_archives_that_cannot_be_taken_in() -> None:
    assert refusal("all.zip", archive({"a.png": b"a"})) == "archive_workbooks"
    assert refusal("all.zip", archive({"f.xlsx": BOOK, "g.xls": BOOK})) == "archive_workbooks"
    damaged = bytearray(archive({"f.xlsx": BOOK, "a.png": bytes(5000)}, compression=zipfile.ZIP_STORED))
    damaged[-4000] ^= 1
    assert refusal("all.zip", bytes(damaged)) == "archive_damaged"
    locked = bytearray(archive({"f.xlsx": BOOK}))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.find(mark) + offset] |= 1
    assert refusal("all.zip", bytes(locked)) == "archive_damaged"


def test_two_files_of_one_name() -> None:
    assert refusal("f.xlsx", BOOK, ("a.png", b"1"), ("A.PNG", b"2")) == "file_name_twice"
    assert refusal("all.zip", archive({"f.xlsx": BOOK, "x/a.png": b"1", "y/a.png": b"2"})) == "file_name_twice"


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a picture, a list, all together, their number, and what an archive unpacks to, whatever it says itself."""
    monkeypatch.setattr(uploads, "MAX_MEDIA_BYTES", 10)
    monkeypatch.setattr(uploads, "MAX_LIST_BYTES", 20)
    monkeypatch.setattr(uploads, "MAX_FORM_FILES_BYTES", 40)
    monkeypatch.setattr(uploads, "MAX_FORM_FILES", 5)
    monkeypatch.setattr(uploads, "MAX_WORKBOOK_BYTES", 100_000)
    assert len(read_files([("a.png", bytes(10)), ("a.csv", bytes(20)), ("b.png", bytes(10))])) == 3
    assert refusal("f.xlsx", BOOK, ("a.png", bytes(11))) == "file_beside_too_large"
    assert refusal("f.xlsx", BOOK, ("a.csv", bytes(21))) == "file_beside_too_large"
    assert refusal("f.xlsx", BOOK, ("a.csv", bytes(20)), ("b.csv", bytes(20)), ("c.csv", b"1")) == "files_too_large"
    assert refusal("f.xlsx", BOOK, *((f"{number}.png", b"") for number in range(6))) == "files_too_many"
    assert (
        refusal("all.zip", archive({"f.xlsx": BOOK} | {f"{number}.png": b"" for number in range(6)}))
        == "files_too_many"
    )
    bomb = archive({"f.xlsx": BOOK, "a.png": bytes(2_000_000)})
    assert len(bomb) < 20_000
    assert refusal("all.zip", bomb) == "files_too_large"
