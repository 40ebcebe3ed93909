"""Responses from the database, written in each format and read back by somebody else's reader: what was put in comes out."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pyarrow
import pytest
from flask import Flask
from hypothesis import given, settings
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pyarrow import parquet as parquet_reader
from sqlalchemy.orm import Session

from collector.export.options import LABELS, UTC, Options
from collector.export.sheets.selection import Selection
from collector.export.sheets.sheet import Dataset, Progress
from collector.export.sheets.spool import make_dataset, read_sheets
from collector.export.writers import ndjson
from collector.export.writers.geojson import write_geojson
from collector.export.writers.ndjson import write_ndjson
from collector.export.writers.parquet import write_parquet
from collector.export.writers.xlsx import write_xlsx
from collector.store import Version
from collector.store.session import database
from tests.conftest import Phone, Publish
from tests.documents import make_document
from tests.export.sheets import ignore
from tests.export.test_round_trip import forms_and_answers, make_plan, response

FORM = """
| survey  |
|         | type                | name    | label::Deutsch (de) | label::English (en) |
|         | text                | card    | Karte               | Card                |
|         | date                | born    | Geboren             | Born                |
|         | dateTime            | seen    | Gesehen             | Seen                |
|         | geopoint            | home    | Haus                | Home                |
|         | begin group         | eats    | Essen               | Food                |
|         | select_one foods    | best    | Bestes              | Best                |
|         | select_multiple foods | likes | Mag                 | Likes               |
|         | end group           |         |                     |                     |
|         | begin repeat        | members | Mitglieder          | Members             |
|         | integer             | age     | Alter               | Age                 |
|         | begin repeat        | visits  | Besuche             | Visits              |
|         | date                | day     | Tag                 | Day                 |
|         | end repeat          |         |                     |                     |
|         | end repeat          |         |                     |                     |
| choices |
|         | list_name           | name    | label::Deutsch (de) | label::English (en) |
|         | foods               | n1      | Reis                | Rice                |
|         | foods               | n2      |                     | Bread               |
| settings |
|         | form_title          | form_id | version             | default_language    |
|         | Haushalt            | haus    | 1                   | English (en)        |
"""
FIRST, SECOND = (f"{number:08d}-1111-4111-8111-111111111111" for number in range(2))
ANSWERS = {
    "card": "06932169358293",
    "born": "2025-05-15",
    "seen": "2022-07-17T09:43:10.266-04:00",
    "home": "22.5 114.1 10 5",
    "eats": {"best": "n2", "likes": "n1 n2"},
    "members": [{"age": "30"}, {"age": "61", "visits": [{"day": "2025-05-16"}, {"day": "2025-05-17"}]}],
}

Write = Callable[[Dataset, Path, Progress], None]


@pytest.fixture
def haus(publish: Publish, phone: Phone, session: Session) -> Version:
    """A full response, and one that has a card which looks like a formula and nothing else."""
    version = publish(FORM)
    for response_id, answers in ((FIRST, ANSWERS), (SECOND, {"card": "=1+1"})):
        document = make_document(version, id=response_id, form="haus", place=None, answers=answers)
        assert phone.receipts(document)[0]["status"] == "stored"
    return version


@pytest.fixture
def export(app: Flask, haus: Version, tmp_path: Path) -> Callable[..., Path]:
    """`export(write, **options)`: the path of what was written."""

    def export(write: Write, options: Options | None = None) -> Path:
        with (
            app.app_context(),
            make_dataset(
                database(),
                haus.questionnaire_id,
                options or Options(),
                Selection(),
                tmp_path,
                ignore,
                time_zone="Asia/Shanghai",
            ) as dataset,
        ):
            write(dataset, tmp_path / "out", ignore)
        return tmp_path / "out"

    return export


def pages(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows of a workbook by header, by sheet."""
    path = path.rename(path.with_suffix(".xlsx"))
    found = {}
    for page in load_workbook(path).worksheets:
        head, *rows = page.iter_rows(values_only=True)
        found[page.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


def test_a_workbook_has_the_answers__A58_A59_A65_A66(export: Callable[..., Path]) -> None:
    book = pages(export(write_xlsx))
    assert list(book) == ["haus", "members", "members.visits"]
    first, second = book["haus"]
    assert (first["card"], second["card"]) == ("06932169358293", "=1+1")
    assert first["born"] == datetime(2025, 5, 15)
    assert first["seen"] == "2022-07-17T09:43:10.266-04:00"
    assert (first["home"], first["home-latitude"], first["home-longitude"]) == ("22.5 114.1 10 5", 22.5, 114.1)
    assert (first["eats/best"], first["eats/likes"]) == ("n2", "n1 n2")
    assert first["missing_files"] == 0
    assert [row["age"] for row in book["members"]] == [30, 61]
    assert [row["day"] for row in book["members.visits"]] == [datetime(2025, 5, 16), datetime(2025, 5, 17)]
    assert {row["parent_key"] for row in book["members.visits"]} == {book["members"][1]["key"]}


def test_moments_in_one_zone_are_moments__A66(export: Callable[..., Path]) -> None:
    first, _ = pages(export(write_xlsx, Options(times=UTC)))["haus"]
    [seen] = [value for name, value in first.items() if name.startswith("seen")]
    assert seen == datetime(2022, 7, 17, 13, 43, 10, 266000)


def test_a_blank_label_is_that_of_another_language__A71(export: Callable[..., Path]) -> None:
    first, _ = pages(export(write_xlsx, Options(choices=LABELS, language="de")))["haus"]
    assert first["eats/best"] == "Bread"
    assert first["eats/likes"].startswith("Reis")


def test_parquet_files_have_the_answers__A58_A65(export: Callable[..., Path]) -> None:
    tables: dict[str, pyarrow.Table] = {}
    with ZipFile(export(write_parquet)) as archive:
        for name in archive.namelist():
            tables[name] = parquet_reader.read_table(pyarrow.BufferReader(archive.read(name)))
    assert list(tables) == ["haus.parquet", "haus-members.parquet", "haus-members.visits.parquet"]
    main = tables["haus.parquet"]
    assert main.column("card").to_pylist() == ["06932169358293", "=1+1"]
    assert main.column("born").to_pylist() == [date(2025, 5, 15), None]
    assert main.column("home-longitude").to_pylist() == [114.1, None]
    assert tables["haus-members.parquet"].column("age").to_pylist() == [30, 61]
    assert json.loads(main.schema.field("eats/best").metadata[b"choices"])[1] == {
        "value": "n2",
        "labels": {"English (en)": "Bread"},
    }


def test_lines_of_json_have_the_answers_as_the_form_nests_them__A63(export: Callable[..., Path]) -> None:
    path = export(write_ndjson, ndjson.wanted(Options(choices=LABELS, repeats="wide", multiple="both")))
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert (first["response_id"], second["response_id"]) == (FIRST, SECOND)
    answers = {name: value for name, value in first["answers"].items() if name != "meta"}
    assert answers == {
        "card": "06932169358293",
        "born": "2025-05-15",
        "seen": "2022-07-17T09:43:10.266-04:00",
        "home": {"latitude": 22.5, "longitude": 114.1, "altitude": 10.0, "accuracy": 5.0},
        "eats": {"best": "n2", "likes": ["n1", "n2"]},
        "members": [
            {"age": 30, "visits": []},
            {"age": 61, "visits": [{"day": "2025-05-16"}, {"day": "2025-05-17"}]},
        ],
    }
    assert second["answers"]["card"] == "=1+1"
    assert second["answers"]["members"] == []


def test_a_map_has_the_responses(export: Callable[..., Path]) -> None:
    first, second = json.loads(export(write_geojson).read_bytes())["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [114.1, 22.5]}
    assert first["properties"]["card"] == "06932169358293"
    assert second["geometry"] is None


def told(answers: Any) -> Any:
    """Answers without what holds none, lists of choices as they were written."""
    if isinstance(answers, dict):
        found = {name: told(value) for name, value in answers.items()}
        return {name: value for name, value in found.items() if value not in (None, {}, [])}
    if isinstance(answers, list):
        return " ".join(answers) if answers and isinstance(answers[0], str) else [told(row) for row in answers]
    return answers


@settings(max_examples=100, deadline=None)
@given(forms_and_answers())
def test_lines_of_json_say_what_was_answered_whatever_the_form(made: Any) -> None:
    form, all_answers = made
    responses = [response(number, answers) for number, answers in enumerate(all_answers)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_ndjson(read_sheets(make_plan(form), responses, folder), folder / "out", ignore)
        lines = [json.loads(line) for line in (folder / "out").read_text().splitlines()]
    assert [told(line["answers"]) for line in lines] == [told(answers) for answers in all_answers]
    assert [line["response_id"] for line in lines] == [one.response_id for one in responses]


@settings(max_examples=60, deadline=None)
@given(forms_and_answers())
def test_workbooks_and_parquet_hold_each_cell_whatever_the_form(made: Any) -> None:
    form, all_answers = made
    responses = [response(number, answers) for number, answers in enumerate(all_answers)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        dataset = read_sheets(make_plan(form), responses, folder)
        write_xlsx(dataset, folder / "out.xlsx", ignore)
        write_parquet(dataset, folder / "out", ignore)
        pages = load_workbook(folder / "out.xlsx").worksheets
        tables = parquet_tables(folder / "out", len(dataset.sheets))
        for sheet, page, table in zip(dataset.sheets, pages, tables, strict=True):
            texts = [[cell or "" for cell in row] for row in sheet.rows()]
            names = [variable.name for variable in sheet.variables]
            found = [["" if cell is None else unescape(str(cell)) for cell in row] for row in page.values]
            assert found == [names, *texts]
            assert table.column_names == names
            columns = [["" if cell is None else str(cell) for cell in column.to_pylist()] for column in table.columns]
            assert columns == [[row[at] for row in texts] for at in range(len(names))]


def parquet_tables(path: Path, count: int) -> list[pyarrow.Table]:
    if count == 1:
        return [parquet_reader.read_table(pyarrow.BufferReader(path.read_bytes()))]
    with ZipFile(path) as archive:
        return [parquet_reader.read_table(pyarrow.BufferReader(archive.read(name))) for name in archive.namelist()]
