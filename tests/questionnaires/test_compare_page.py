"""What a version changes, in the office: the page of two versions, and the draft before it is published."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.questionnaires.occurrences import values_at
from collector.store import Place, Version
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import make_document
from tests.questionnaires.test_routes import upload
from tests.workbooks import make_workbook

PAGE = "/office/questionnaires/household/compare"
NASTY = "<img src=x onerror=alert(1)>"
WATER = HOUSEHOLD.replace(
    "|          | image          | photo   |",
    "|          | select_multiple w | water | Water          | 水              |          |                |\n"
    "|          | image          | photo   |",
).replace(
    "| settings |",
    f"| choices |\n| | list_name | name | label::English (en) | label::中文 (zh) |\n| | w | tap | Tap | 自来水 |\n| | w | well | {NASTY} | 井 |\n| settings |",
)
NEXT = (
    WATER.replace(f"| | w | well | {NASTY} | 井 |\n", "")
    .replace("|          | integer        | age     | Age                 | 年龄             |          |                |\n", "")
    .replace("| household | 1 ", "| household | 2 ")
)  # fmt: skip


@pytest.fixture
def filled_in(phone: Phone, publish: Publish, places: dict[str, Place]) -> Version:
    """Version 1 with three responses: two have the choice that version 2 drops, one the question."""
    version = publish(WATER)
    answers = (
        {"place": "C01", "hh_size": "1", "water": "tap well"},
        {"place": "C01", "hh_size": "1", "water": "well", "members": [{"name": "A"}, {"name": "B", "age": "5"}]},
        {"place": "C01", "hh_size": "1", "water": "tap"},
    )
    ids = (f"{number:08d}-1111-4111-8111-111111111111" for number in range(3))
    phone.receipts(*(make_document(version, id=id_, answers=given) for id_, given in zip(ids, answers, strict=True)))
    return version


def test_what_a_draft_changes_is_told_before_it_is_published(su: FlaskClient, filled_in: Version) -> None:
    page = su.get(upload(su, make_workbook(NEXT)).location).text
    assert "What it changes against version 1" in page
    assert "1 removed" in page and "1 changed" in page
    assert "Answers collected so far stay, and are exported in their own columns." in page
    assert "Choice removed" in page and "members/age" in page


def test_removed_answers_are_counted_in_the_responses(su: FlaskClient, filled_in: Version, publish: Publish) -> None:
    publish(NEXT)
    page = su.get(PAGE).text
    assert "From version 1 to version 2" in page
    assert "Answered in 1 response." in page
    assert "Still chosen in 2 responses." in page


def test_only_the_newest_responses_are_looked_at_and_that_is_told(
    su: FlaskClient, filled_in: Version, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.questionnaires.occurrences.LOOKED_AT", 2)
    publish(NEXT)
    page = su.get(PAGE).text
    assert "looked for in the newest 2 responses" in page
    assert "of the newest 2 responses." in page


def test_any_two_versions_and_back_again(su: FlaskClient, filled_in: Version, publish: Publish) -> None:
    publish(NEXT)
    back = su.get(f"{PAGE}?from=2&to=1").text
    assert "1 added" in back and "Choice added" in back and "Choice removed" not in back
    assert "Nothing is different" in su.get(f"{PAGE}?from=1&to=1").text
    for wrong in ("from=9", "to=9", "from=x"):
        assert su.get(f"{PAGE}?{wrong}").status_code == 404
    assert su.get("/office/questionnaires/none/compare").status_code == 404


def test_a_first_version_has_nothing_to_be_compared_with(su: FlaskClient, household: Version) -> None:
    assert "Nothing is different" in su.get(PAGE).text


def test_in_chinese_with_the_labels_of_the_questionnaire(su: FlaskClient, filled_in: Version, publish: Publish) -> None:
    publish(NEXT)
    su.post("/office/language", data={"language": "zh"})
    page = su.get(PAGE).text
    assert "年龄" in page and "井 (well)" in page and "删去的选项" in page


def test_labels_show_as_text__A82(su: FlaskClient, filled_in: Version, publish: Publish) -> None:
    publish(NEXT)
    page = su.get(PAGE).text
    assert NASTY not in page
    assert "&lt;img src=x onerror=alert(1)&gt; (well)" in page


def test_a_document_that_is_no_json_object_of_answers_does_no_harm(session: Session) -> None:
    assert values_at(None, ["a"]) == []
    assert values_at({"a": ["odd", {"b": "1"}, {"b": {"c": "2"}}]}, ["a", "b"]) == ["1"]
