"""`collector form check` and `form publish`: files are looked for beside the workbook."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Questionnaire, Version, VersionFile
from tests.questionnaires.test_files import CAT, PEOPLE, VISITS
from tests.workbooks import make_workbook


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook in a folder of its own, without the files that it names."""
    path = tmp_path / "visits.xlsx"
    path.write_bytes(make_workbook(VISITS))
    return path


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Run `collector …`; gives its exit status and what it printed."""
    done = app.test_cli_runner().invoke(args=["collector", *words])
    return done.exit_code, done.output


def test_check_finds_files_beside_the_workbook_and_in_its_media_folder(app: Flask, book: Path) -> None:
    status, output = run(app, "form", "check", "--json", str(book))
    assert status == 0
    assert len(json.loads(output)["warnings"]) == 2
    (book.parent / "people.csv").write_bytes(PEOPLE)
    media = book.parent / "visits-media"
    media.mkdir()
    (media / "cat.jpg").write_bytes(CAT)
    (book.parent / "not-named.jpg").write_bytes(CAT)
    assert json.loads(run(app, "form", "check", "--json", str(book))[1])["warnings"] == []
    (media / "people.csv").write_bytes(b"name,label,age\np1,A,1,2\n")
    status, output = run(app, "form", "check", "--json", str(book))
    assert status == 1, "the one in the folder comes first, and cannot be read"
    assert json.loads(output)["errors"][0]["sheet"] == "people.csv"


def test_publish(app: Flask, session: Session, book: Path) -> None:
    """Not without a list, unless that is wanted; a draft is none of the phones' business."""
    status, output = run(app, "form", "publish", str(book))
    assert (status, "people.csv not found" in output) == (1, True)
    assert session.scalar(select(Version.id)) is None
    assert run(app, "form", "publish", "--draft", str(book))[0] == 0
    session.rollback()
    assert session.scalars(select(Questionnaire)).one().current_version_id is None
    (book.parent / "people.csv").write_bytes(PEOPLE)
    status, output = run(app, "form", "publish", str(book))
    assert (status, "visits: version 1 is published" in output) == (0, True)
    session.rollback()
    current = session.scalars(select(Questionnaire)).one().current_version_id
    lists = session.scalars(select(VersionFile).where(VersionFile.version_id == current, VersionFile.is_list))
    assert [(file.name, file.row_count) for file in lists] == [("people.csv", 2)]
    (book.parent / "people.csv").unlink()
    assert run(app, "form", "publish", "--without-lists", str(book))[0] == 0


def test_publish_tells_what_is_wrong_and_stores_nothing(app: Flask, session: Session, book: Path) -> None:
    book.write_bytes(make_workbook(VISITS.replace("${person}", "${persons}")))
    status, output = run(app, "form", "publish", str(book))
    assert status == 1
    assert "error: survey, 3, calculation" in output and "Nothing was stored." in output
    assert session.scalar(select(Version.id)) is None
