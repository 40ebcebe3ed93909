"""GET /sync/v1/pull and form models."""

import hashlib
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Place, Questionnaire, QuestionnaireAssignment, Response, Target, User, Version, utc_now
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import make_document


def pull(phone: Phone, since: str = "") -> dict:
    answer = phone.client.get("/sync/v1/pull", query_string={"since": since}, headers=phone.headers)
    assert answer.status_code == 200
    return answer.get_json()


def test_it_works(phone: Phone, places: dict[str, Place], household: Version, session: Session) -> None:
    session.add(Target(questionnaire_id=household.questionnaire_id, place_id=places["C02"].id, expected=20))
    session.commit()
    phone.receipts(make_document(household))
    state = pull(phone)
    assert state["changed"] is True
    assert state["user"] == {"id": phone.user.id, "name": "Wei", "language": "zh"}
    assert [(form["id"], form["model"]) for form in state["forms"]] == [("household", household.model_hash)]
    assert [place["code"] for place in state["places"]] == ["D", "S1", "S2", "C01", "C02", "C03"]
    assert state["places"][3] == {
        "code": "C01", "names": {"zh": "C01社区", "en": "Community C01"}, "parent": "S1", "level": 2,
    }  # fmt: skip
    assert state["progress"] == [
        {"form": "household", "place": "C01", "target": None, "received": 1},
        {"form": "household", "place": "C02", "target": 20, "received": 0},
    ]


def test_nothing_new(phone: Phone, household: Version) -> None:
    cursor = pull(phone)["cursor"]
    again = pull(phone, cursor)
    assert (again["changed"], "forms" in again) == (False, False)


def test_a_new_version_is_new(phone: Phone, household: Version, publish: Publish) -> None:
    cursor = pull(phone)["cursor"]
    newer = publish(HOUSEHOLD.replace("| 1       |", "| 2       |"))
    state = pull(phone, cursor)
    assert state["changed"] is True
    assert [(form["version"], form["model"]) for form in state["forms"]] == [("2", newer.model_hash)]


def test_a_volunteer_gets_the_communities_of_an_assigned_subdistrict(
    phone: Phone, places: dict[str, Place], session: Session
) -> None:
    assign_places(session, session.get_one(User, phone.user.id), [places["S1"].id], by=None)
    session.commit()
    state = pull(phone)
    assert state["mine"] == ["C01", "C02"]
    assert [place["code"] for place in state["places"]] == ["D", "S1", "C01", "C02"]


def test_a_model_has_the_bytes_that_its_hash_names(phone: Phone, household: Version) -> None:
    answer = phone.client.get(f"/sync/v1/models/{household.model_hash}", headers=phone.headers)
    assert hashlib.sha256(answer.data).hexdigest() == household.model_hash
    assert "immutable" in answer.headers["Cache-Control"]
    assert phone.client.get("/sync/v1/models/none", headers=phone.headers).status_code == 404
    assert phone.client.get(f"/sync/v1/models/{household.model_hash}").status_code == 401


def test_one_questionnaire_comes_with_its_model(phone: Phone, household: Version) -> None:
    answer = phone.client.get("/sync/v1/forms/household", headers=phone.headers).get_json()
    assert answer["form"] == pull(phone)["forms"][0]
    assert hashlib.sha256(answer["model"].encode()).hexdigest() == household.model_hash


def test_a_questionnaire_that_is_not_there(phone: Phone, household: Version) -> None:
    answer = phone.client.get("/sync/v1/forms/unknown", headers=phone.headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "form_unknown")
    assert phone.client.get("/sync/v1/forms/household").status_code == 401


def test_places_stand_as_they_do_today_and_what_was_given_to_a_former_one_counts_for_its_successor(
    phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> None:
    assign_places(session, session.get_one(User, phone.user.id), [places["C01"].id], by=None)
    for code, expected in (("C01", 5), ("C02", 20)):
        session.add(Target(questionnaire_id=household.questionnaire_id, place_id=places[code].id, expected=expected))
    session.commit()
    phone.receipts(make_document(household))
    former, successor = session.get_one(Place, places["C01"].id), session.get_one(Place, places["C02"].id)
    former.ended_on, former.successor_id = date(2026, 1, 1), successor.id
    successor.names = {"zh": "新名", "en": "New name"}
    session.commit()
    state = pull(phone)
    assert state["mine"] == ["C02"]
    assert [place["code"] for place in state["places"]] == ["D", "S1", "C02"]
    assert state["places"][2]["names"]["en"] == "New name"
    assert state["progress"] == [{"form": "household", "place": "C02", "target": 25, "received": 1}]


def test_rejected_responses_and_tests_are_not_counted(
    phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> None:
    ids = [f"{number}1111111-1111-4111-8111-111111111111" for number in range(1, 4)]
    phone.receipts(*(make_document(household, id=name) for name in ids))
    session.execute(update(Response).where(Response.id == ids[0]).values(state="rejected"))
    session.execute(update(Response).where(Response.id == ids[1]).values(is_test=True))
    session.commit()
    assert [row["received"] for row in pull(phone)["progress"]] == [1]
    session.execute(update(Response).where(Response.id == ids[2]).values(state="rejected"))
    session.commit()
    assert pull(phone)["progress"] == []


def test_only_assigned_questionnaires_come_and_none_that_is_archived(
    phone: Phone, household: Version, publish: Publish, session: Session
) -> None:
    other = publish(HOUSEHOLD.replace("| household |", "| other     |"))
    assert [form["id"] for form in pull(phone)["forms"]] == ["household", "other"]
    session.add(QuestionnaireAssignment(user_id=phone.user.id, questionnaire_id=other.questionnaire_id))
    session.commit()
    assert [form["id"] for form in pull(phone)["forms"]] == ["other"]
    assert phone.client.get("/sync/v1/forms/household", headers=phone.headers).status_code == 404
    session.get_one(Questionnaire, other.questionnaire_id).archived_at = utc_now()
    session.commit()
    assert pull(phone)["forms"] == []
    assert phone.client.get("/sync/v1/forms/other", headers=phone.headers).status_code == 404


def test_a_form_under_test_says_so(phone: Phone, household: Version, session: Session) -> None:
    assert pull(phone)["forms"][0]["testing"] is False
    session.get_one(Questionnaire, household.questionnaire_id).is_testing = True
    session.commit()
    assert pull(phone)["forms"][0]["testing"] is True
