"""A73: what a supervisor returned comes back to the phone of the one who filled it in, with the reason and all answers."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Decision, Place, Response, User, Version, utc_now
from collector.store.responses import RECEIVED, RETURNED
from collector.sync import returned
from tests.conftest import HOUSEHOLD, People, Phone, Publish
from tests.documents import ID, make_document
from tests.sync.test_pull import pull

REASON = "age of child 2?"


def send_back(session: Session, response_id: str = ID, reason: str = REASON, minutes: int = 0) -> Decision:
    """As the office does it."""
    session.execute(update(Response).where(Response.id == response_id).values(state=RETURNED))
    number = session.get_one(Response, response_id).current_revision
    decision = Decision(
        batch_id=ID, response_id=response_id, revision=number, from_state=RECEIVED, to_state=RETURNED, reason=reason
    )
    decision.at = utc_now() + timedelta(minutes=minutes)
    session.add(decision)
    session.commit()
    return decision


def test_a73_a_returned_response_comes_with_its_reason_and_all_answers(
    phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> None:
    document = make_document(household, author=phone.user.id)
    phone.receipts(document)
    assert pull(phone)["returned"] == []
    decision = send_back(session)
    [entry] = pull(phone)["returned"]
    assert entry.pop("returned_at").startswith(decision.at.strftime("%Y-%m-%dT%H:%M:%S"))
    assert entry == {
        "id": ID,
        "form": "household",
        "version": "1",
        "model": household.model_hash,
        "title": "Household",
        "revision": 1,
        "reason": REASON,
        "document": document,
    }


def test_a73_the_current_revision_comes_and_the_latest_reason_that_holds(
    phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> None:
    phone.receipts(make_document(household, author=phone.user.id))
    second = make_document(household, author=phone.user.id, base=1, answers={"place": "C01", "hh_size": "5"})
    phone.receipts(second)
    send_back(session, reason="first")
    send_back(session, reason="second", minutes=1)
    taken_back = send_back(session, reason="taken back", minutes=2)
    taken_back.undone_at = utc_now()
    session.commit()
    [entry] = pull(phone)["returned"]
    assert (entry["revision"], entry["document"], entry["reason"]) == (2, second, "second")


def test_a_response_comes_back_to_nobody_else_and_only_while_it_is_returned(
    phone: Phone, people: People, enrol: Any, places: dict[str, Place], household: Version, session: Session
) -> None:
    phone.receipts(make_document(household, author=people.mei.id))
    send_back(session)
    assert pull(phone)["returned"] == []
    meis = enrol(people.mei)
    cursor = pull(meis)["cursor"]
    session.execute(update(Response).where(Response.id == ID).values(state="approved"))
    session.commit()
    state = pull(meis, cursor)
    assert (state["changed"], state["returned"]) == (True, [])


def test_who_moved_to_another_team_keeps_the_thread(
    phone: Phone, places: dict[str, Place], household: Version, session: Session
) -> None:
    phone.receipts(make_document(household, author=phone.user.id))
    assign_places(session, session.get_one(User, phone.user.id), [places["C03"].id], by=None)
    send_back(session)
    state = pull(phone)
    assert (state["mine"], [entry["id"] for entry in state["returned"]]) == (["C03"], [ID])
    # The place that it was begun from can be named.
    assert [place["code"] for place in state["places"]] == ["D", "S1", "S2", "C01", "C03"]


def test_an_earlier_version_is_named_by_its_own_model(
    phone: Phone, places: dict[str, Place], household: Version, publish: Publish, session: Session
) -> None:
    phone.receipts(make_document(household, author=phone.user.id))
    newer = publish(HOUSEHOLD.replace("| 1       |", "| 2       |"))
    phone.receipts(make_document(None, id=ID.replace("1", "2"), author=phone.user.id, model="f" * 64))
    send_back(session)
    send_back(session, ID.replace("1", "2"))
    models = {entry["id"]: entry["model"] for entry in pull(phone)["returned"]}
    # What the server does not know the version of is opened with the present one.
    assert models == {ID: household.model_hash, ID.replace("1", "2"): newer.model_hash}


def test_documents_are_bounded(
    phone: Phone, places: dict[str, Place], household: Version, session: Session, monkeypatch: Any
) -> None:
    for digit in "234":
        phone.receipts(make_document(household, id=ID.replace("1", digit), author=phone.user.id))
        send_back(session, ID.replace("1", digit))
    monkeypatch.setattr(returned, "MOST_CHARACTERS", 10)
    # The newest comes in any case.
    assert [entry["id"] for entry in pull(phone)["returned"]] == [ID.replace("1", "4")]
