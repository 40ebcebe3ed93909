"""`collector export`: the same files as from the office."""

import csv
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from collector.export.formats import FORMATS
from collector.store import Place, Version
from tests.conftest import Phone
from tests.documents import make_document
from tests.export.waiting import made


@pytest.fixture
def two(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """Two responses, each with a member."""
    for number, place in enumerate(("C01", "C03")):
        answers = {"place": place, "hh_size": "1", "members": [{"name": "=1+1", "age": "30"}]}
        id_ = f"{number:08d}-1111-4111-8111-111111111111"
        phone.receipts(make_document(household, id=id_, place=place, answers=answers))


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["collector", "export", "household", *words])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_gets_a_file_for_each_table(app: Flask, two: None, tmp_path: Path) -> None:
    done = run(app, str(tmp_path / "new"))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["household-members.csv", "household.csv"]
    assert "exporting: 100 %" in done.stderr and done.stdout == ""


@pytest.mark.parametrize("code", list(FORMATS))
def test_each_format_is_the_offices_file(app: Flask, su: FlaskClient, two: None, tmp_path: Path, code: str) -> None:
    target = tmp_path / ("file.zip" if code == "csv" else "file")
    done = run(app, str(target), "--format", code)
    assert done.exit_code == 0, done.output
    assert target.read_bytes() == su.get(f"/office/exports/-/{made(app, su, format=code)}").data
    assert [path.name for path in tmp_path.iterdir()] == [target.name], "nothing else is left behind"


def test_options_are_those_of_the_office(app: Flask, two: None, tmp_path: Path) -> None:
    words = ("--place", "S2", "--raw", "--no-bom", "--headers", "label", "--language", "中文 (zh)", "--repeats", "wide")
    assert run(app, str(tmp_path), *words).exit_code == 0
    content = (tmp_path / "household.csv").read_bytes()
    [row] = rows(tmp_path / "household.csv")
    assert content.startswith(b"response_id") and "家庭人数" in row and "=1+1" in row.values()
    assert row["place_code"] == "C03"


def test_a_file_in_its_folder_is_named_after_the_questionnaire(app: Flask, two: None, tmp_path: Path) -> None:
    assert run(app, str(tmp_path), "--format", "sav").exit_code == 0
    assert zipfile.ZipFile(tmp_path / "household.zip").namelist()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--place", "X9"), "places"),
        (("--language", "Klingon"), "language"),
    ],
)
def test_what_there_is_not_is_said(
    app: Flask, two: None, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    done = run(app, str(tmp_path), *words)
    assert done.exit_code == 1 and complaint in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_questionnaire_is_said(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["collector", "export", "none", str(tmp_path)])
    assert done.exit_code == 1 and "There is no questionnaire 'none'." in done.stderr
