"""A81: who answers for a part of the places sees, finds, counts, changes and deletes nothing outside of it."""

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.store import Comment, Decision, File, Place, Questionnaire, Response, User, Version
from tests.conftest import Phone, sign_in
from tests.documents import fresh
from tests.review.test_listing import total
from tests.review.test_responses import PHOTO, listed, send, send_file

CONTENT = b"\xff\xd8\xff\xe0 jpeg"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def inside(phone: Phone, household: Version, places: dict[str, Place]) -> str:
    """A response of C01, in So's part."""
    return send(phone, household, instance_name="Inside")


@pytest.fixture
def outside(phone: Phone, household: Version, places: dict[str, Place]) -> str:
    """A response of C03, with a photo."""
    files = [PHOTO | {"name": "a.jpg", "sha256": SHA256}]
    response_id = send(phone, household, answers={"place": "C03", "hh_size": "4"}, files=files, instance_name="Outside")
    send_file(phone, response_id, "a.jpg", CONTENT, SHA256)
    return response_id


@pytest.fixture
def so_client(app: Flask, so: User) -> FlaskClient:
    """So's browser, signed in."""
    return sign_in(app.test_client(), "so")


def test_A81_lists_counts_and_search_have_only_ones_own_part(
    so_client: FlaskClient, su: FlaskClient, inside: str, outside: str, session: Session
) -> None:
    """A81: absent from list, filters, search and counts; what belongs to no place too."""
    unplaced = session.get_one(Response, inside)
    for arguments in ({}, {"q": "outside"}, {"q": outside}, {"place": "C03"}, {"place": "D"}, {"sort": "name"}):
        assert outside not in listed(so_client, **arguments), arguments
        assert outside in listed(su, **arguments) or arguments.get("q") == "x", arguments
    assert listed(so_client) == [inside]
    assert total(so_client) == "1 response" and total(su) == "2 responses"
    page = so_client.get("/office/responses").text
    assert "C03" not in page and "Community C01" in page
    unplaced.place_id = None
    session.commit()
    assert listed(so_client) == [] and listed(so_client, place="-") == []


def test_A81_its_address_and_all_that_can_be_done_there_are_not_found(
    so_client: FlaskClient, su: FlaskClient, outside: str, session: Session
) -> None:
    """A81: page, photo, small photo, form, decision, comment, choice, deletion: 404, and nothing happens."""
    file_id = session.scalars(select(File.id)).one()
    page = f"/office/responses/{outside}"
    for address in (
        page,
        f"{page}/edit",
        f"{page}/delete",
        f"/office/files/{file_id}",
        f"/office/files/{file_id}/small",
    ):
        assert so_client.get(address).status_code == 404, address
        assert su.get(address).status_code in (200, 302), address
    posts = {
        f"{page}/edit": {"base": 1, "answer:hh_size": "5", "reason": "x"},
        f"{page}/delete": {"reason": "test", "note": "x"},
        f"{page}/decide": {"state": "approved", "seen": 1},
        f"{page}/comments": {"text": "x"},
        f"{page}/current": {"revision": 1, "seen": 1},
    }
    for address, data in posts.items():
        assert so_client.post(address, data=data).status_code == 404, address
    so_client.post("/office/responses/decide", data={"state": "approved", "which": "ticked", "response": outside})
    so_client.post("/office/responses/decide", data={"state": "approved", "which": "every", "asked": "1"})
    found = fresh(session).get_one(Response, outside)
    assert (found.state, found.current_revision) == ("received", 1)
    assert session.scalars(select(Decision)).all() == [] and session.scalars(select(Comment)).all() == []


def test_A81_nobody_undoes_what_was_decided_elsewhere(
    so_client: FlaskClient, su: FlaskClient, outside: str, session: Session
) -> None:
    su.post(f"/office/responses/{outside}/decide", data={"state": "approved", "seen": 1})
    batch_id = fresh(session).scalars(select(Decision.batch_id)).one()
    so_client.post(f"/office/decisions/{batch_id}/undo")
    assert fresh(session).get_one(Response, outside).state == "approved"
    su.post(f"/office/decisions/{batch_id}/undo")
    assert fresh(session).get_one(Response, outside).state == "received"


def test_A81_what_belongs_to_no_place_is_for_those_who_answer_for_all(
    so_client: FlaskClient, su: FlaskClient, phone: Phone, inside: str, session: Session
) -> None:
    """Quarantine, files without a response, deleted responses."""
    phone.receipts("{nonsense")
    assert so_client.get("/office/quarantine").status_code == 403
    assert "Quarantine" not in so_client.get("/office/responses").text
    send_file(phone, "22222222-2222-4222-8222-222222222222", "b.jpg", CONTENT, SHA256)
    early = session.scalars(select(File.id).where(File.name == "b.jpg")).one()
    assert so_client.get(f"/office/files/{early}").status_code == 404
    assert su.get(f"/office/files/{early}").status_code == 200
    su.post(f"/office/responses/{inside}/delete", data={"reason": "test", "note": "x"})
    assert so_client.get(f"/office/responses/{inside}").status_code == 404
    assert su.get(f"/office/responses/{inside}").status_code == 410


def test_A81_duplicates_are_looked_for_in_ones_own_part(
    so_client: FlaskClient,
    su: FlaskClient,
    phone: Phone,
    household: Version,
    places: dict[str, Place],
    session: Session,
) -> None:
    session.execute(update(Questionnaire).values(duplicate_keys=["hh_size"]))
    session.commit()
    twice = [send(phone, household, answers={"place": "C03", "hh_size": "7"}) for _ in range(2)]
    address = "/office/duplicates?questionnaire=household"
    assert twice[0] in su.get(address).text
    assert twice[0] not in so_client.get(address).text
    so_client.post("/office/duplicates/apart", data={"response": twice})
    assert twice[0] in su.get(address).text, "nobody settles what is elsewhere"
    assert so_client.post(address.replace("duplicates?", "duplicates/keys?"), data={}).status_code == 403
