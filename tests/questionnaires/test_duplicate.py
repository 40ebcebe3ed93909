"""A questionnaire's copy, and all of a version's files in one .zip."""

import io
import json
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.duplicate import is_xlsx, rename_form
from collector.questionnaires.findings import WorkbookRefused
from collector.store import JournalEntry, Questionnaire, Version
from tests.conftest import HOUSEHOLD
from tests.documents import fresh
from tests.questionnaires.books import make_book
from tests.questionnaires.test_files import CAT, PEOPLE
from tests.questionnaires.test_files import upload as upload_with_files
from tests.workbooks import make_workbook
from tests.xls import make_xls

PAGE = "/office/questionnaires/household/duplicate"


def find(session: Session, form_id: str) -> Questionnaire | None:
    return fresh(session).scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))


def test_a_copy_is_a_draft_with_the_same_questions_and_settings(
    su: FlaskClient, session: Session, household: Version
) -> None:
    su.post("/office/questionnaires/household/personal", data={"fields": ["photo"]})
    assert 'value="household_copy"' in su.get(PAGE).text and 'value="Household (copy)"' in su.get(PAGE).text
    answer = su.post(PAGE, data={"form_id": "second", "form_title": "Second survey"})
    assert answer.location == "/office/questionnaires/second"
    copy = find(session, "second")
    assert copy is not None and copy.current_version_id is None and copy.personal_fields == ["photo"]
    [version] = copy.versions
    assert (version.state, version.title) == ("draft", "Second survey")
    model, original = (
        json.loads(version.model_json),
        json.loads(fresh(session).get_one(Version, household.id).model_json),
    )
    assert (model["root"], model["texts"]) == (original["root"], original["texts"])
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "questionnaire.duplicate")).one()
    assert (entry.subject, entry.details) == ("second", {"source": "household"})


def test_ids_that_are_taken_or_impossible_are_refused_at_the_field(
    su: FlaskClient, session: Session, household: Version
) -> None:
    for form_id, fault in (
        ("household", "Another questionnaire has this id."),
        ("a/b", "It stands in addresses"),
        ("", "required"),
    ):
        answer = su.post(PAGE, data={"form_id": form_id, "form_title": "Kept <b>title</b>"})
        assert answer.status_code == 400 and fault in answer.text
        assert 'value="Kept &lt;b&gt;title&lt;/b&gt;"' in answer.text
    assert len(list(fresh(session).scalars(select(Questionnaire)))) == 1


def test_titles_in_other_languages_have_a_field_each(su: FlaskClient, session: Session) -> None:
    book = HOUSEHOLD.replace("| attribute::place_path |", "| attribute::place_path | attribute::title_zh |").replace(
        "| place                 |", "| place                 | 家庭 |"
    )
    upload_with_files(su, markdown=book)
    assert 'name="title_zh"' in su.get(PAGE).text
    assert su.post(PAGE, data={"form_id": "x", "form_title": "X", "title_zh": " "}).status_code == 400
    su.post(PAGE, data={"form_id": "second", "form_title": "Second", "title_zh": "第二份"})
    copy = find(session, "second")
    assert copy is not None and copy.versions[0].titles == {"zh": "第二份"}


def test_its_files_come_along(su: FlaskClient, session: Session) -> None:
    upload_with_files(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    answer = su.post("/office/questionnaires/visits/duplicate", data={"form_id": "second", "form_title": "Second"})
    page = su.get(answer.location).text
    assert 'data-file="people.csv"' in page and "missing" not in page


def test_without_a_workbook_it_says_what_to_do(su: FlaskClient, session: Session, household: Version) -> None:
    version = session.get_one(Version, household.id)
    version.workbook, version.workbook_name = None, ""
    session.commit()
    assert "Save its workbook as .xlsx" in su.get(PAGE).text
    assert find(session, "second") is None
    page = su.get("/office/questionnaires/household").text
    assert "no workbook: uploaded as XForm" in page
    assert su.get("/office/questionnaires/household/versions/1/workbook").status_code == 404


def test_a_settings_sheet_is_found_or_made() -> None:
    """With other spellings of its columns, beside remarks, or where there is none."""
    survey = [["type", "name", "label"], ["text", "q", "Q"]]
    sheets = (
        {"survey": survey, "Settings": [["Title", "ID_string", "version"], ["Old", "old", "7"]]},
        {"survey": survey, "settings": [["remark", "form_id"], ["mine", "old"]]},
        {"survey": survey, "settings": [["version"]]},
        {"survey": survey},
    )
    for book in sheets:
        content = rename_form(make_book(**book), "new", "New", {"zh": "新"})
        compiled = compile_workbook(content, "x.xlsx")
        assert (compiled.form_id, compiled.title, compiled.titles) == ("new", "New", {"zh": "新"}), book
        assert compiled.errors == []


def test_what_cannot_be_written_is_refused() -> None:
    assert is_xlsx(make_workbook(HOUSEHOLD)) and not is_xlsx(None) and not is_xlsx(b"\xd0\xcf\x11\xe0")
    for content in (make_xls({"survey": [["type", "name", "label"], ["text", "q", "Q"]]}), b"no workbook"):
        with pytest.raises(WorkbookRefused):
            rename_form(content, "new", "New", {})


def test_all_files_of_a_version_in_a_zip_that_can_be_uploaded_again(su: FlaskClient, session: Session) -> None:
    upload_with_files(su, ("people.csv", PEOPLE), ("cat.jpg", CAT))
    page = su.get("/office/questionnaires/visits").text
    assert "/office/questionnaires/visits/versions/1/all.zip" in page
    workbook = su.get("/office/questionnaires/visits/versions/1/workbook").data
    answer = su.get("/office/questionnaires/visits/versions/1/all.zip")
    assert "visits-1.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == ["cat.jpg", "people.csv", "visits.xlsx"]
        assert archive.read("people.csv") == PEOPLE and archive.read("visits.xlsx") == workbook
    again = upload_with_files(su, book=answer.data)
    assert again.status_code == 302
    assert len(list(fresh(session).scalars(select(Version)))) == 1, "the same content is no other version"


def test_without_files_there_is_no_zip_to_offer(su: FlaskClient, household: Version) -> None:
    assert "all.zip" not in su.get("/office/questionnaires/household").text
    assert su.get("/office/questionnaires/household/versions/9/all.zip").status_code == 404
