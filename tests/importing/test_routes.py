"""The pages of the import: choose, look, take in."""

import io
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.importing import routes
from collector.store import JournalEntry, Place, Response, Version
from tests.conftest import People, sign_in
from tests.importing import exports
from tests.importing.exports import FIRST


def look(client: FlaskClient, *files: tuple[str, bytes], questionnaire: str = "household") -> Any:
    """Upload files and give the page that shows what they hold."""
    sent = [(io.BytesIO(content), name) for name, content in files]
    return client.post("/office/imports/", data={"questionnaire": questionnaire, "files": sent})


def fields(page: str) -> dict[str, str]:
    """What the page's form sends."""
    found = re.findall(r'name="(questionnaire|uploads|done)"[^>]*value="([^"]*)"', page)
    return {name: value.replace("&#34;", '"') for name, value in found}


def count(session: Session) -> int:
    """Number of responses."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Response)) or 0


def test_it_works(su: FlaskClient, session: Session, places: dict[str, Place], household: Version) -> None:
    assert "household" in su.get("/office/imports/?questionnaire=household").text
    shown = look(su, ("household.csv.zip", exports.central_zip()))
    assert shown.status_code == 200
    assert "an export of ODK Central or ODK Briefcase" in shown.text
    assert "Import 2 responses" in shown.text
    assert count(session) == 0
    done = su.post("/office/imports/apply", data=fields(shown.text))
    assert done.status_code == 200, done.text
    assert "All responses of the files are in" in done.text
    assert count(session) == 2
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "responses.import")).one()
    assert entry.details["counts"] == {"stored": 2, "files_stored": 1}
    gone = su.post("/office/imports/apply", data=fields(shown.text))
    assert (gone.status_code, count(session)) == (400, 2)


def test_no_answer_is_shown(su: FlaskClient, household: Version) -> None:
    rows = [
        ["place", "hh_size", "phone number", "KEY", "SubmitterID"],
        ["C01", "0044-SECRET", "0044-OTHER", FIRST, "1"],
    ]
    shown = look(su, ("household.csv", exports.csv_bytes(rows)))
    assert "data-misfits" in shown.text
    assert "hh_size" in shown.text
    assert "phone number" in re.search(r"data-unknown>.*?</dd>", shown.text, re.DOTALL)[0]  # type: ignore[index]
    assert "SECRET" not in shown.text
    assert "OTHER" not in shown.text


def test_a_long_import_goes_on_where_it_was(
    su: FlaskClient, session: Session, household: Version, monkeypatch: Any
) -> None:
    monkeypatch.setattr(routes, "SECONDS_A_TURN", 0)
    rows = [["place", "hh_size"], *(["C01", str(number)] for number in range(1, 71))]
    page = look(su, ("plain.csv", exports.csv_bytes(rows))).text
    page = su.post("/office/imports/apply", data=fields(page)).text
    assert "Not all is imported yet" in page
    assert (fields(page)["done"], count(session)) == ("50", 50)
    page = su.post("/office/imports/apply", data=fields(page)).text
    if "Not all" in page:
        page = su.post("/office/imports/apply", data=fields(page)).text
    assert "All responses of the files are in" in page
    assert count(session) == 70


def test_what_cannot_be_read_says_why(su: FlaskClient, household: Version) -> None:
    bomb = exports.zip_bytes({"household.csv": b"place\n" + b"0" * 60_000_000})
    for name, content, words in (
        ("a.csv", b"", "neither a table nor an instance"),
        ("a.csv", b"x,y\n1,2\n", "No column is named like a question"),
        ("a.csv", b"place\0\n1", "cannot be read as a table"),
        ("a.csv", b"place\n\xff\xff\xff\xff", "cannot be read as a table"),
        ("a.zip", b"PK\x03\x04 nothing", "is damaged"),
        ("a.xlsx", exports.xlsx_bytes({"s": [["place"], ["C01"]]})[:-400], "is damaged"),
        ("a.zip", bomb, "more than an import takes"),
        ("a.jpg", exports.PHOTO, "neither a table nor an instance"),
        ("a.xml", b"<!DOCTYPE d [<!ENTITY e 'x'>]><data id='household'>&e;</data>", "no response to import"),
    ):
        answer = look(su, (name, content))
        assert answer.status_code < 500, name
        assert words in answer.text, (name, answer.text)


def test_forged_fields_are_refused(su: FlaskClient, household: Version) -> None:
    for uploads in ("", "[]", "{", '[["../../etc/passwd", "x"]]', '[["a"]]', f'[["{"0" * 64}", "x"]]', "[1]"):
        answer = su.post("/office/imports/apply", data={"questionnaire": "household", "uploads": uploads, "done": "0"})
        assert answer.status_code == 400, uploads
    assert look(su, ("a.csv", b"place\nC01\n"), questionnaire="nothing").status_code == 400


def test_who_may(client: FlaskClient, people: People, household: Version) -> None:
    sign_in(client, "ana")
    assert client.get("/office/imports/").status_code == 403
    assert look(client, ("household.csv.zip", exports.central_zip())).status_code == 403
