"""Exports of other servers for tests: the same household responses in each of the layouts. Nobody in them exists."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from collector.importing.commands import open_file
from collector.importing.contents import Chosen

FIRST, SECOND = "uuid:11111111-1111-4111-8111-111111111111", "uuid:22222222-2222-4222-8222-222222222222"
PHOTO = b"\xff\xd8\xff\xe0 a photo"

CENTRAL_MAIN = [
    ["SubmissionDate", "place", "hh_size", "photo", "meta-instanceID", "KEY", "SubmitterID", "SubmitterName",
     "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"],
    ["2025-05-15T10:00:00.000Z", "C01", "3", "1.jpg", FIRST, FIRST, "7", "Collector 7", "1", "1", "", "approved", "d1", "0", "1"],
    ["2025-05-16T10:00:00.000Z", "C02", "1", "", SECOND, SECOND, "7", "Collector 7", "0", "0", "", "", "d1", "0", "1"],
]  # fmt: skip
CENTRAL_MEMBERS = [
    ["name", "age", "PARENT_KEY", "KEY"],
    ["王", "30", FIRST, f"{FIRST}/members[1]"],
    ["=1+1", "61", FIRST, f"{FIRST}/members[2]"],
    ["Zoë", "", SECOND, f"{SECOND}/members[1]"],
]


def csv_bytes(rows: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(name, file)
    return content.getvalue()


def xlsx_bytes(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(rows, 1):
            sheet.append(list(row))
            for cell in sheet[number]:
                # A text that begins with = is no formula here.
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def central_zip(**more: bytes) -> bytes:
    """What ODK Central gives as `household.csv.zip`, with its photos."""
    return zip_bytes(
        {
            "household.csv": csv_bytes(CENTRAL_MAIN),
            "household-members.csv": csv_bytes(CENTRAL_MEMBERS),
            "media/1.jpg": PHOTO,
        }
        | more
    )


def kobo_xlsx() -> bytes:
    """What KoboToolbox gives as XLSX, “XML values and headers”."""
    return xlsx_bytes(
        {
            "Household": [
                ["place", "hh_size", "photo", "photo_URL", "_id", "_uuid", "_submission_time", "_validation_status",
                 "_notes", "_status", "_submitted_by", "__version__", "_tags", "_index"],
                ["C01", 3, "1.jpg", "https://kobo.example/1.jpg", 501, FIRST[5:], "2025-05-15T10:00:00", "", "",
                 "submitted_via_web", "", "vAbc", "", 1],
                ["C02", 1, None, None, 502, SECOND[5:], "2025-05-16T10:00:00", "", "", "submitted_via_web", "", "vAbc", "", 2],
            ],
            "members": [
                ["name", "age", "_index", "_parent_table_name", "_parent_index", "_submission__id", "_submission__uuid"],
                ["王", 30, 1, "Household", 1, 501, FIRST[5:]],
                ["=1+1", 61, 2, "Household", 1, 501, FIRST[5:]],
                ["Zoë", None, 3, "Household", 2, 502, SECOND[5:]],
            ],
        }
    )  # fmt: skip


def instance_xml(instance_id: str = FIRST, photo: str = "1.jpg") -> bytes:
    """A household response as ODK Collect writes it."""
    return f"""<?xml version='1.0' ?>
<data id="household" version="1" xmlns:orx="http://openrosa.org/xforms"><place>C01</place><hh_size>3</hh_size>
<members><name>王</name><age>30</age></members><members><name>=1+1</name><age>61</age></members><photo>{photo}</photo>
<orx:meta><orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>""".encode()


def put(folder: Path, name: str, content: bytes) -> Path:
    """A file as the command takes it: where it lies."""
    path = folder / name.replace("/", "_")
    path.write_bytes(content)
    return path


def chosen(path: Path) -> Chosen:
    """A file that is there, as an import takes it."""
    return Chosen(path.name, partial(open_file, path))


def write(folder: Path, name: str, content: bytes) -> Chosen:
    """A file as an import takes it."""
    return Chosen(name, partial(open_file, put(folder, name, content)))
