"""The pages of questionnaires: upload, faults, draft, preview, publishing."""

import io
import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.settings import MAX_BODY_BYTES, MAX_WORKBOOK_BYTES
from collector.store import Questionnaire, Version
from tests.conftest import HOUSEHOLD
from tests.workbooks import make_workbook

NEXT_VERSION = HOUSEHOLD.replace("| household | 1 ", "| household | 2 ").replace("Household size ", "People at home ")
WRONG_REFERENCE = """
| survey   |
|          | type      | name | label::English (en) | calculation |
|          | integer   | size | Size                |             |
|          | calculate | more |                     | ${SIZES}+1  |
| settings |
|          | form_title | form_id |
|          | Wrong      | wrong   |
"""


def upload(client: FlaskClient, content: bytes, name: str = "household.xlsx"):  # type: ignore[no-untyped-def]
    """Upload a workbook; gives the answer."""
    data = {"workbook": (io.BytesIO(content), name)}
    return client.post("/office/questionnaires", data=data, content_type="multipart/form-data")


def test_upload_preview_publish(su: FlaskClient, session: Session) -> None:
    """A workbook is a draft first; its preview and form model are there; publishing gives it to phones."""
    answer = upload(su, make_workbook(HOUSEHOLD))
    assert answer.location == "/office/questionnaires/household"
    page = su.get(answer.location).text
    assert "Draft 1" in page and "Publish" in page
    assert session.scalars(select(Questionnaire)).one().current_version_id is None
    preview = su.get("/office/questionnaires/household/versions/1/preview").text
    assert 'data-model-url="/office/questionnaires/household/versions/1/model.json"' in preview
    model = su.get("/office/questionnaires/household/versions/1/model.json")
    assert model.mimetype == "application/json" and json.loads(model.data)["form"]["id"] == "household"
    assert su.post("/office/questionnaires/household/versions/1/publish").status_code == 302
    session.rollback()
    version = session.scalars(select(Version)).one()
    assert (version.state, version.questionnaire.current_version_id) == ("published", version.id)
    published = su.get("/office/questionnaires/household").text
    assert "on phones" in published and "/app/new/household" in published


def test_a_second_upload_is_a_draft_beside_what_phones_have(
    su: FlaskClient, session: Session, household: Version
) -> None:
    """The published version stays the current one until the draft is published."""
    upload(su, make_workbook(NEXT_VERSION))
    assert "draft 2 waits" in su.get("/office/questionnaires").text
    questionnaire = session.scalars(select(Questionnaire)).one()
    assert questionnaire.current_version_id == household.id
    su.post("/office/questionnaires/household/versions/2/publish")
    session.rollback()
    current = session.get(Version, session.scalars(select(Questionnaire)).one().current_version_id)
    assert current is not None and current.number == 2
    assert su.get("/office/questionnaires/household/versions/1/preview").status_code == 200, "earlier ones stay"


def test_the_same_content_again_is_no_draft(su: FlaskClient, session: Session, household: Version) -> None:
    """Uploading what is published already says so."""
    answer = upload(su, make_workbook(HOUSEHOLD))
    assert "This content is published already." in su.get(answer.location).text
    assert session.scalar(select(func.count()).select_from(Version)) == 1


def test_the_workbook_comes_back_as_it_was(su: FlaskClient) -> None:
    """Byte for byte, as a file to save."""
    content = make_workbook(HOUSEHOLD)
    upload(su, content, "问卷.xlsx")
    answer = su.get("/office/questionnaires/household/versions/1/workbook")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_A43_faults_are_a_table_and_nothing_is_stored(su: FlaskClient, session: Session) -> None:
    """A43: sheet, row, column and value of a wrong reference, in the page's language; no trace, no half import."""
    answer = upload(su, make_workbook(WRONG_REFERENCE))
    assert answer.status_code == 400
    assert "survey" in answer.text and "calculation" in answer.text and "${SIZES}" in answer.text
    assert '<td class="number" data-label="Row">3</td>' in answer.text
    assert "Traceback" not in answer.text
    assert session.scalar(select(func.count()).select_from(Questionnaire)) == 0
    su.post("/office/language", data={"language": "zh"})
    answer = upload(su, make_workbook(WRONG_REFERENCE))
    assert "${SIZES}" in answer.text and "没有" in answer.text


@pytest.mark.parametrize("content", [b"", b"name,label\nage,Age\n", b"PK\x03\x04 not a zip"])
def test_what_is_no_workbook_gets_a_clear_answer(su: FlaskClient, session: Session, content: bytes) -> None:
    """A text file named .xlsx, an empty file, a damaged one: a sentence, and nothing stored."""
    answer = upload(su, content)
    assert answer.status_code == 400
    assert "was not taken in" in answer.text
    assert session.scalar(select(func.count()).select_from(Questionnaire)) == 0


def test_without_a_file_it_asks_for_one(su: FlaskClient) -> None:
    """The fault stands at the field."""
    answer = su.post("/office/questionnaires", data={})
    assert answer.status_code == 400
    assert "Choose a file first." in answer.text


def test_an_upload_of_300_mb_is_refused_unread(su: FlaskClient) -> None:
    """413 by its declared length: the body is not read into memory."""
    answer = su.post(
        "/office/questionnaires",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(300 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert str(MAX_WORKBOOK_BYTES // 1024 // 1024) in answer.text or "larger than" in answer.text


def test_a_workbook_may_be_larger_than_other_bodies(su: FlaskClient) -> None:
    """Between the limit of other bodies and the limit of workbooks, the reader of workbooks decides."""
    answer = upload(su, b"x" * (MAX_BODY_BYTES + 1024))
    assert answer.status_code == 400
    assert "was not taken in" in answer.text


def test_warnings_are_shown_with_the_draft(su: FlaskClient) -> None:
    """What was noticed but does not stop the upload stands on the questionnaire's page."""
    markdown = HOUSEHOLD.replace("家庭人数", "        ")
    upload(su, make_workbook(markdown))
    assert "Noticed in version 1" in su.get("/office/questionnaires/household").text


def test_unknown_ones_are_not_found(su: FlaskClient, household: Version) -> None:
    """Questionnaires and versions."""
    assert su.get("/office/questionnaires/nothing").status_code == 404
    for part in ("preview", "model.json", "workbook"):
        assert su.get(f"/office/questionnaires/household/versions/9/{part}").status_code == 404
    assert su.post("/office/questionnaires/household/versions/9/publish").status_code == 404
