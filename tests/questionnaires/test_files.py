"""Files beside a workbook, in the office: uploaded, listed, added later, and what publishing without them means."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Version, VersionFile
from tests.conftest import sign_in
from tests.workbooks import make_workbook

PAGE = "/office/questionnaires/visits"
PEOPLE = "name,label,age\np1,王伟,30\np2,李娜,41\n".encode()
CAT = b"\xff\xd8\xff\xe0 a cat"
VISITS = """
| survey   |
|          | type                            | name   | label  | media::image | calculation                                  |
|          | select_one_from_file people.csv | person | Person |              |                                              |
|          | calculate                       | age    |        |              | pulldata('people', 'age', 'name', ${person}) |
|          | note                            | look   | Look   | cat.jpg      |                                              |
| settings |
|          | form_title | form_id | version |
|          | Visits     | visits  | 1       |
"""


def upload(client: FlaskClient, *files: tuple[str, bytes], markdown: str = VISITS, book: bytes | None = None) -> Any:
    """Upload the workbook with these files beside it; gives the answer."""
    data = {
        # The workbook is told by its name, wherever it comes.
        "workbook": [
            *((io.BytesIO(content), name) for name, content in files),
            (io.BytesIO(book or make_workbook(markdown)), "visits.zip" if book else "visits.xlsx"),
        ],
    }
    return client.post("/office/questionnaires", data=data, content_type="multipart/form-data")


def add(client: FlaskClient, number: int, *files: tuple[str, bytes]) -> Any:
    """Add files to a version; gives the page that follows."""
    data = {"files": [(io.BytesIO(content), name) for name, content in files]}
    address = f"{PAGE}/versions/{number}/files"
    return client.post(address, data=data, content_type="multipart/form-data", follow_redirects=True)


def newest(session: Session) -> Version:
    """The version that was made last."""
    session.rollback()
    return session.scalars(select(Version).order_by(Version.id.desc())).first()  # type: ignore[return-value]


def kept(session: Session, version: Version) -> dict[str, VersionFile]:
    """The files of a version by name."""
    found = session.scalars(select(VersionFile).where(VersionFile.version_id == version.id))
    return {file.name: file for file in found}


def test_a_workbook_with_its_files(su: FlaskClient, session: Session, data_dir: Path) -> None:
    """The page lists them with size and rows; each comes back as it was uploaded; the preview gets what phones get."""
    answer = upload(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    page = su.get(answer.location).text
    assert 'data-file="people.csv"' in page and "list of 2 rows" in page
    assert 'data-file="cat.jpg"' in page and "missing" not in page
    files = kept(session, newest(session))
    people, cat = files["people.csv"], files["cat.jpg"]
    assert (people.is_list, people.row_count, cat.media_type, cat.row_count) == (True, 2, "image/jpeg", None)
    model = json.loads(newest(session).model_json)
    assert model["media"]["cat.jpg"]["sha256"] == cat.sha256 == cat.original_sha256
    assert model["lists"]["people"] == {"file": "people.csv", "sha256": people.sha256, "size": people.size_bytes}
    original = su.get(f"{PAGE}/versions/1/originals/{people.original_sha256}")
    assert original.data == PEOPLE
    assert "people.csv" in original.headers["Content-Disposition"]
    as_fetched = su.get(f"{PAGE}/versions/1/files/{people.sha256}")
    assert json.loads(as_fetched.data)["rows"] == [["p1", "王伟", "30"], ["p2", "李娜", "41"]]
    picture = su.get(f"{PAGE}/versions/1/files/{cat.sha256}")
    assert (picture.data, picture.mimetype) == (CAT, "image/jpeg")
    assert su.get(f"{PAGE}/versions/1/files/{'0' * 64}").status_code == 404
    assert (
        'data-files-url="/office/questionnaires/visits/versions/1/files/"' in su.get(f"{PAGE}/versions/1/preview").text
    )
    folder = data_dir / "form-files"
    assert {path.name for path in folder.rglob("*") if path.is_file()} >= {
        people.sha256,
        people.original_sha256,
        cat.sha256,
    }
    assert not list(folder.rglob("*.part"))


def test_one_archive_is_the_same_as_all_files_by_themselves(su: FlaskClient, session: Session) -> None:
    upload(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    first = newest(session)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("visits/visits.xlsx", make_workbook(VISITS))
        archive.writestr("visits/media/people.csv", PEOPLE)
        archive.writestr("visits/media/cat.jpg", CAT)
    assert upload(su, book=packed.getvalue()).status_code == 302
    assert newest(session).id == first.id


def test_files_that_are_missing_are_named_with_their_place(su: FlaskClient, session: Session) -> None:
    """Publishing without a list asks first; without a picture it does not."""
    upload(su)
    page = su.get(PAGE).text
    assert page.count("missing</span>") == 2
    assert "survey, row 2" in page
    asked = su.post(f"{PAGE}/versions/1/publish")
    assert asked.status_code == 200
    assert "was not uploaded" in asked.text and "people.csv" in asked.text and "cat.jpg" not in asked.text
    assert newest(session).state == "draft"
    su.post("/office/language", data={"language": "zh"})
    assert "仍然发布" in su.post(f"{PAGE}/versions/1/publish").text
    assert su.post(f"{PAGE}/versions/1/publish", data={"even_without_lists": "yes"}).status_code == 302
    assert newest(session).state == "published"


def test_a_file_that_is_added_makes_another_draft_of_the_same_workbook(su: FlaskClient, session: Session) -> None:
    """Of a draft and of a published version; the name's case does not count; what was there stays."""
    upload(su, ("cat.jpg", CAT))
    first = newest(session)
    assert "The workbook is a draft now." in add(su, 1, ("PEOPLE.CSV", PEOPLE)).text
    second = newest(session)
    assert (second.number, second.state, second.workbook) == (2, "draft", first.workbook)
    assert second.model_hash != first.model_hash
    assert all(file.sha256 for file in kept(session, second).values())
    assert su.post(f"{PAGE}/versions/2/publish").status_code == 302, "nothing is missing, nothing is asked"
    add(su, 2, ("people.csv", PEOPLE + "p3,张三,50\n".encode()))
    third = newest(session)
    assert (third.number, third.state, kept(session, third)["people.csv"].row_count) == (3, "draft", 3)
    assert kept(session, third)["cat.jpg"].sha256 == kept(session, second)["cat.jpg"].sha256
    assert third.questionnaire.current_version_id == second.id, "phones keep what they have"


def test_files_that_nobody_asked_for_change_nothing(su: FlaskClient, session: Session) -> None:
    upload(su, ("people.csv", PEOPLE))
    assert "Nothing changed" in add(su, 1, ("dog.jpg", b"dog")).text
    assert "Nothing changed" in add(su, 1, ("people.csv", PEOPLE)).text
    assert "Choose a file first." in su.post(f"{PAGE}/versions/1/files", data={}).text
    assert newest(session).number == 1


def test_a_mended_workbook_takes_its_files_over(su: FlaskClient, session: Session) -> None:
    """It need not come with all of its pictures again; a file that does come takes the place of the one before."""
    upload(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    answer = upload(su, ("cat.jpg", b"another cat"), markdown=VISITS.replace("| Look ", "| Look at this "))
    assert "Taken over from the version before: people.csv" in su.get(answer.location).text
    files = kept(session, newest(session))
    assert files["people.csv"].row_count == 2
    assert su.get(f"{PAGE}/versions/2/files/{files['cat.jpg'].sha256}").data == b"another cat"


def test_a_list_that_cannot_be_read_stores_nothing(su: FlaskClient, session: Session) -> None:
    """The table names the file and its line, for the upload and for a file that is added."""
    wrong = b"name,label\na,A\nb,B,more\n"
    answer = upload(su, ("people.csv", wrong))
    assert answer.status_code == 400
    assert "people.csv" in answer.text and 'data-label="Row">3</td>' in answer.text
    assert newest(session) is None
    upload(su, ("people.csv", PEOPLE))
    page = add(su, 1, ("people.csv", wrong))
    assert page.status_code == 400
    assert "The files were not taken in" in page.text and 'data-label="Row">3</td>' in page.text
    assert newest(session).number == 1


def test_a_file_that_is_too_large_is_named(su: FlaskClient, session: Session) -> None:
    answer = upload(su, ("cat.jpg", bytes(20 * 1024 * 1024 + 1)))
    assert answer.status_code == 400
    assert "cat.jpg is larger than 20 MB" in answer.text
    assert newest(session) is None


def test_a_full_disk_is_said_and_leaves_no_version(su: FlaskClient, session: Session, data_dir: Path) -> None:
    """A file in the folder's place stands for a disk that takes nothing."""
    folder = data_dir / "form-files"
    if folder.exists():
        folder.rename(data_dir / "away")
    folder.write_text("")
    try:
        assert upload(su, ("people.csv", PEOPLE)).status_code == 503
        assert newest(session) is None
    finally:
        folder.unlink()
        if (data_dir / "away").exists():
            (data_dir / "away").rename(folder)


def test_files_are_for_the_office_only(su: FlaskClient, client: FlaskClient, session: Session) -> None:
    upload(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    sha256 = kept(session, newest(session))["cat.jpg"].sha256
    assert su.get(f"{PAGE}/versions/1/files/{sha256}").status_code == 200
    stranger = client.application.test_client()
    for part in (f"files/{sha256}", f"originals/{sha256}"):
        assert stranger.get(f"{PAGE}/versions/1/{part}").status_code == 302
    assert stranger.post(f"{PAGE}/versions/1/files").status_code == 401
    assert sign_in(stranger, "lin").get(f"{PAGE}/versions/1/originals/{sha256}").data == CAT
