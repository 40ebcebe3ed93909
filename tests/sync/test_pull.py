"""GET /sync/v1/pull and form models."""

import hashlib

from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Place, Target, User, Version
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
