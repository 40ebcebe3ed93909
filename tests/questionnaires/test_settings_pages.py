"""Settings of a questionnaire: trying it out, the archive, personal questions; and the list that shows its state."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.questionnaires.states import state_of
from collector.store import JournalEntry, Place, Questionnaire, Response, User, Version
from tests.conftest import HOUSEHOLD, Phone, Publish, sign_in
from tests.documents import fresh, make_document
from tests.questionnaires.test_routes import upload
from tests.workbooks import make_workbook

LIST = "/office/questionnaires"
PAGE = "/office/questionnaires/household"


def kept(session: Session) -> Questionnaire:
    return fresh(session).scalars(select(Questionnaire).where(Questionnaire.form_id == "household")).one()


def journal(session: Session, action: str) -> list[dict[str, object]]:
    entries = fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == action))
    return [entry.details for entry in entries]


# Trying it out


def test_a_draft_is_published_for_testing_first_and_then_counts(su: FlaskClient, session: Session) -> None:
    upload(su, make_workbook(HOUSEHOLD))
    assert "Publish for testing first" in su.get(PAGE).text
    su.post(f"{PAGE}/versions/1/publish", data={"for_testing": "yes"})
    assert kept(session).is_testing and kept(session).current_version_id is not None
    assert 'data-banner="testing"' in su.get(PAGE).text
    assert "being tried out" in su.get(LIST).text
    before = datetime.now(UTC)
    su.post(f"{PAGE}/testing", data={})
    assert not kept(session).is_testing
    since = kept(session).live_since
    assert since is not None and since >= before.replace(microsecond=0)
    assert journal(session, "questionnaire.test") == [{"on": True}, {"on": False}]


def test_a_later_version_cannot_turn_a_running_survey_into_a_test(
    su: FlaskClient, session: Session, household: Version
) -> None:
    upload(su, make_workbook(HOUSEHOLD.replace("| household | 1 ", "| household | 2 ")))
    assert "Publish for testing first" not in su.get(PAGE).text
    su.post(f"{PAGE}/versions/2/publish", data={"for_testing": "yes"})
    assert not kept(session).is_testing


def test_where_responses_count_it_asks_first(
    su: FlaskClient, session: Session, household: Version, phone: Phone, places: dict[str, Place]
) -> None:
    phone.receipts(make_document(household))
    asked = su.post(f"{PAGE}/testing", data={"on": "yes"})
    assert asked.status_code == 200 and "Try it out although responses came in?" in asked.text
    assert not kept(session).is_testing
    su.post(f"{PAGE}/testing", data={"on": "yes", "even_with_responses": "yes"})
    assert kept(session).is_testing


def test_ending_a_test_that_is_not_on_changes_nothing(su: FlaskClient, session: Session, household: Version) -> None:
    su.post(f"{PAGE}/testing", data={})
    assert kept(session).live_since is None and journal(session, "questionnaire.test") == []


def test_a_list_that_is_missing_is_asked_about_and_the_test_is_not_forgotten(su: FlaskClient, session: Session) -> None:
    book = HOUSEHOLD.replace(
        "| text           | place   |",
        "| select_one_from_file people.csv | who | Who | 谁 | | |\n|  | text           | place   |",
    )
    upload(su, make_workbook(book))
    asked = su.post(f"{PAGE}/versions/1/publish", data={"for_testing": "yes"}).text
    assert 'name="for_testing"' in asked
    su.post(f"{PAGE}/versions/1/publish", data={"for_testing": "yes", "even_without_lists": "yes"})
    assert kept(session).is_testing


# The archive


def test_into_the_archive_and_back(su: FlaskClient, session: Session, household: Version, phone: Phone) -> None:
    su.post(f"{PAGE}/archive")
    assert kept(session).archived_at is not None
    assert 'data-banner="archived"' in su.get(PAGE).text
    assert 'data-questionnaire="household"' not in su.get(LIST).text
    assert "1 in the archive" in su.get(LIST).text
    assert 'data-questionnaire="household"' in su.get(f"{LIST}?state=archived").text
    su.post(f"{PAGE}/unarchive")
    assert kept(session).archived_at is None
    assert 'data-questionnaire="household"' in su.get(LIST).text
    assert journal(session, "questionnaire.archive") == journal(session, "questionnaire.unarchive") == [{}]


def test_archived_twice_keeps_the_first_moment(su: FlaskClient, session: Session, household: Version) -> None:
    su.post(f"{PAGE}/archive")
    first = kept(session).archived_at
    su.post(f"{PAGE}/archive")
    assert kept(session).archived_at == first and len(journal(session, "questionnaire.archive")) == 1


def test_publishing_in_the_archive_says_that_phones_wait(su: FlaskClient, household: Version) -> None:
    su.post(f"{PAGE}/archive")
    upload(su, make_workbook(HOUSEHOLD.replace("| household | 1 ", "| household | 2 ")))
    answer = su.post(f"{PAGE}/versions/2/publish")
    assert "once the questionnaire is brought back from the archive" in su.get(answer.location).text


def test_responses_to_an_archived_questionnaire_are_taken_in(
    su: FlaskClient, household: Version, phone: Phone, places: dict[str, Place]
) -> None:
    su.post(f"{PAGE}/archive")
    [receipt] = phone.receipts(make_document(household))
    assert receipt["status"] == "stored"


# Personal questions


def test_what_looks_personal_is_marked_from_the_beginning(su: FlaskClient, session: Session) -> None:
    upload(su, make_workbook(HOUSEHOLD))
    assert kept(session).personal_fields == ["members/name", "photo"]
    assert "2 questions are marked" in su.get(PAGE).text


def test_the_office_chooses_which_are_personal(su: FlaskClient, session: Session, household: Version) -> None:
    page = su.get(f"{PAGE}/personal").text
    assert page.count(" checked") == 2 and 'value="hh_size"' in page
    su.post(f"{PAGE}/personal", data={"fields": ["photo", "hh_size", "no_such_question"]})
    assert kept(session).personal_fields == ["hh_size", "photo"]
    assert journal(session, "questionnaire.personal_fields") == [{"count": 2}]
    assert "1 more looks personal." in su.get(PAGE).text
    su.post(f"{PAGE}/personal", data={})
    assert kept(session).personal_fields == []


def test_a_next_version_marks_its_new_questions_and_leaves_the_rest(
    su: FlaskClient, session: Session, household: Version
) -> None:
    su.post(f"{PAGE}/personal", data={"fields": []})
    more = HOUSEHOLD.replace(
        "| image          | photo   |",
        "| text           | phone   | Telephone | 电话 | | |\n|  | image          | photo   |",
    )
    upload(su, make_workbook(more))
    assert kept(session).personal_fields == ["phone"], "what the office took back stays so"


# The list


def test_the_list_tells_who_published_and_counts_tests_apart(
    su: FlaskClient, session: Session, phone: Phone, places: dict[str, Place]
) -> None:
    upload(su, make_workbook(HOUSEHOLD))
    su.post(f"{PAGE}/versions/1/publish", data={"for_testing": "yes"})
    version = fresh(session).scalars(select(Version)).one()
    phone.receipts(make_document(version))
    # As intake marks it (collector/intake); here the column alone matters.
    fresh(session).execute(update(Response).values(is_test=True))
    session.commit()
    page = su.get(LIST).text
    assert "· Su" in page and "1 test" in page
    assert '<td class="number" data-label="Responses">0<' in page


def test_the_list_is_filtered_by_state_and_words(su: FlaskClient, household: Version, publish: Publish) -> None:
    publish(HOUSEHOLD.replace("| household |", "| meeting   |").replace("Household  |", "Meeting |"))
    assert "meeting" in su.get(f"{LIST}?q=MEET").text
    assert 'data-questionnaire="household"' not in su.get(f"{LIST}?q=MEET").text
    assert "No questionnaire fits this." in su.get(f"{LIST}?state=closed").text
    assert 'data-questionnaire="household"' in su.get(f"{LIST}?state=nonsense").text


NOW, EARLIER, LATER = (datetime(2026, 11, day, tzinfo=UTC) for day in (15, 1, 30))


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "open"),
        ({"current_version_id": None}, "draft"),
        ({"closes_at": EARLIER}, "closed"),
        ({"closes_at": NOW, "is_testing": True}, "closed"),
        ({"opens_at": LATER}, "waiting"),
        ({"opens_at": EARLIER, "closes_at": LATER}, "open"),
        ({"is_testing": True}, "testing"),
        ({"archived_at": EARLIER, "is_testing": True, "closes_at": EARLIER}, "archived"),
    ],
)
def test_states(columns: dict[str, object], state: str) -> None:
    questionnaire = Questionnaire(form_id="x", **({"current_version_id": 1, "is_testing": False} | columns))
    assert state_of(questionnaire, NOW) == state


def test_a_supervisor_of_a_part_and_a_reviewer_change_no_questionnaire(
    client: FlaskClient, so: User, people: object, household: Version
) -> None:
    for login in ("so", "ren"):
        browser = sign_in(client.application.test_client(), login)
        for part in ("", "/compare", "/personal", "/duplicate"):
            assert browser.get(PAGE + part).status_code == 403
        for part in ("/testing", "/archive", "/unarchive", "/personal", "/duplicate"):
            assert browser.post(PAGE + part).status_code == 403
