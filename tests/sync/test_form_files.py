"""GET /sync/v1/form-files: lists and media that form models name, and what the server's check makes of the lists."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft
from collector.questionnaires.uploads import Workbook
from collector.store import Revision, Version
from tests.conftest import Phone, Publish
from tests.documents import make_document
from tests.workbooks import make_workbook

VISITS = """
| survey   |
|          | type                            | name   | label  | choice_filter   | calculation                                  | media::image |
|          | text                            | place  | Place  |                 |                                              | plan.svg     |
|          | select_one_from_file people.csv | person | Person | place=${place}  |                                              |              |
|          | calculate                       | age    |        |                 | pulldata('people', 'age', 'name', ${person}) |              |
| settings |
|          | form_title | form_id | version |
|          | Visits     | visits  | 1       |
"""
PEOPLE = b"name,label,age,place\n" + b"".join(b"p%d,Person %d,%d,C0%d\n" % (n, n, n % 99, n % 3) for n in range(500))
PLAN = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def visits(publish: Publish) -> Version:
    """A published questionnaire with a list of 500 people and a picture."""
    return publish(VISITS, files={"people.csv": PEOPLE, "plan.svg": PLAN})


def named(version: Version) -> tuple[str, str]:
    """Hashes of the list and of the picture, as the form model names them."""
    model = json.loads(version.model_json)
    return model["lists"]["people"]["sha256"], model["media"]["plan.svg"]["sha256"]


def get(phone: Phone, sha256: str, **headers: str):  # type: ignore[no-untyped-def]
    """Fetch a file as a phone does; gives the answer."""
    return phone.client.get(f"/sync/v1/form-files/{sha256}", headers=phone.headers | headers)


def test_a_list_has_the_bytes_that_its_hash_names_and_goes_packed(phone: Phone, visits: Version) -> None:
    sha256, _ = named(visits)
    plain = get(phone, sha256)
    assert hashlib.sha256(plain.data).hexdigest() == sha256
    assert plain.mimetype == "application/json"
    packed = get(phone, sha256, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_it_is_cached_for_ever(phone: Phone, visits: Version) -> None:
    for sha256 in named(visits):
        answer = get(phone, sha256)
        assert "immutable" in answer.headers["Cache-Control"]
        assert get(phone, sha256, **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_A82_a_picture_that_holds_a_script_is_served_so_that_it_cannot_run(phone: Phone, visits: Version) -> None:
    answer = get(phone, named(visits)[1])
    assert (answer.data, answer.mimetype) == (PLAN, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_only_phones_get_it(phone: Phone, visits: Version) -> None:
    for sha256 in named(visits):
        assert phone.client.get(f"/sync/v1/form-files/{sha256}").status_code == 401


def test_only_files_of_published_versions(
    app: Flask, session: Session, phone: Phone, publish: Publish, visits: Version
) -> None:
    """A draft's are for the office; those of an earlier version stay, since drafts on phones still use them."""
    publish(VISITS, files={"people.csv": PEOPLE + b"p500,Person 500,1,C00\n", "plan.svg": PLAN})
    assert get(phone, named(visits)[0]).status_code == 200
    workbook = Workbook("v.xlsx", make_workbook(VISITS), {"people.csv": b"name,label,age,place\n", "plan.svg": PLAN})
    with app.app_context():
        draft = add_draft(session, compile_workbook(workbook.content, "v.xlsx", workbook.files), workbook, by=None)
        session.commit()
    for sha256 in (named(draft)[0], "0" * 64, "nothing", "..%2f..%2fsecret_key"):
        assert get(phone, sha256).status_code == 404
    assert get(phone, "0" * 64).get_json()["error"]["code"] == "form_file_unknown"


def test_a_file_that_the_data_folder_has_lost_is_unknown(phone: Phone, visits: Version, data_dir: Path) -> None:
    sha256, _ = named(visits)
    path = data_dir / "form-files" / sha256[:2] / sha256
    away = path.rename(path.with_suffix(".away"))
    try:
        assert get(phone, sha256).get_json()["error"]["code"] == "form_file_unknown"
    finally:
        away.rename(path)


def flags(phone: Phone, session: Session, version: Version, **answers: str) -> list[tuple[str, str]]:
    """Code and path of each flag that a response with these answers gets."""
    document = make_document(version, form="visits", answers=answers)
    [receipt] = phone.receipts(document)
    assert receipt["status"] in ("stored", "revision_stored")
    session.rollback()
    revision = session.scalars(select(Revision).order_by(Revision.number.desc())).first()
    assert revision is not None
    codes = [(flag["code"], flag["path"]) for flag in revision.flags]
    return [flag for flag in codes if flag[0] not in ("unknown_place", "unknown_author")]


def test_the_servers_check_knows_the_list(phone: Phone, session: Session, visits: Version) -> None:
    """Choices as filtered, and what is looked up: a right answer has no flag, wrong ones do."""
    assert flags(phone, session, visits, place="C01", person="p4", age="4") == []
    assert flags(phone, session, visits, place="C02", person="p4", age="4") == [("unknown_choice", "/data/person")]
    assert flags(phone, session, visits, place="C01", person="p4", age="5") == [("calculate_differs", "/data/age")]


def test_a_list_that_was_not_uploaded_is_empty_for_the_check_too(
    phone: Phone, session: Session, publish: Publish
) -> None:
    version = publish(VISITS)
    assert flags(phone, session, version, place="C01") == []
    assert flags(phone, session, version, place="C01", person="p4") == [("unknown_choice", "/data/person")]


def test_a_list_that_the_data_folder_has_lost_does_not_stop_a_push(
    phone: Phone, session: Session, publish: Publish, data_dir: Path
) -> None:
    version = publish(VISITS.replace("| visits  |", "| visits2 |"), files={"people.csv": PEOPLE + b"p999,Lost,1,C01\n"})
    sha256 = json.loads(version.model_json)["lists"]["people"]["sha256"]
    (data_dir / "form-files" / sha256[:2] / sha256).unlink()
    document = make_document(version, form="visits2", answers={"place": "C01", "person": "p4", "age": "4"})
    assert phone.receipts(document)[0]["status"] == "stored"
    session.rollback()
    assert "check_failed" in {flag["code"] for flag in session.scalars(select(Revision)).one().flags}
