"""The quarantine's pages: what is in it, and what a supervisor does about it."""

import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import (
    JournalEntry,
    Place,
    QuarantinedDocument,
    Questionnaire,
    Response,
    ResponseFlag,
    Revision,
    Version,
)
from tests.conftest import HOUSEHOLD, People, Phone, Publish, sign_in
from tests.documents import ID, content_hash, fresh, make_document
from tests.review.test_responses import MARKUP, PHOTO, send_file

OTHER = HOUSEHOLD.replace("| Household  | household |", "| Dwelling   | dwelling  |")


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def quarantine(phone: Phone, session: Session, document: str, reason: str) -> int:
    """Send a document that goes to the quarantine; gives its number there."""
    [receipt] = phone.receipts(document)
    assert (receipt["status"], receipt.get("reason")) == ("quarantined", reason)
    return kept(session, document).id


def kept(session: Session, document: str) -> QuarantinedDocument:
    fresh(session)
    return session.scalars(
        select(QuarantinedDocument).where(QuarantinedDocument.content_hash == content_hash(document))
    ).one()


def accept(client: FlaskClient, number: int, **data: Any) -> str:
    """Accept a document; gives the id of its response."""
    answer = client.post(f"/office/quarantine/{number}/accept", data=data)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def close(session: Session, moment: datetime) -> None:
    session.scalars(select(Questionnaire)).one().closes_at = moment
    session.commit()


def count(session: Session, table: type) -> int:
    return fresh(session).scalar(select(func.count()).select_from(table)) or 0


def actions(session: Session) -> list[str]:
    fresh(session)
    return list(session.scalars(select(JournalEntry.action).order_by(JournalEntry.id)))


def test_the_list_counts_and_filters(su: FlaskClient, phone: Phone, session: Session) -> None:
    first = quarantine(phone, session, "{nonsense", "document_not_json")
    quarantine(phone, session, make_document(form="unknown"), "form_unknown")
    assert re.search(r"Quarantine <b>2</b>", su.get("/office/responses").text)
    page = su.get("/office/quarantine").text
    assert "Open (2)" in page and "Dealt with (0)" in page and "Wei" in page
    su.post(f"/office/quarantine/{first}/aside", data={"note": "A test by Wei"})
    page = su.get("/office/quarantine").text
    assert "Open (1)" in page and f"/office/quarantine/{first}" not in page
    resolved = su.get("/office/quarantine?show=resolved").text
    assert f"/office/quarantine/{first}" in resolved and "put aside" in resolved


def test_an_unknown_form_is_accepted_as_a_chosen_questionnaire(
    su: FlaskClient, phone: Phone, session: Session, household: Version, people: People
) -> None:
    """The bytes stay as they came, it counts where it belongs, and the phone that sends it again gets its receipt."""
    document = make_document(household, form="houshold", author=phone.user.id)
    number = quarantine(phone, session, document, "form_unknown")
    page = su.get(f"/office/quarantine/{number}").text
    assert "hh_size" in page and "houshold" in page and "Household" in page
    assert su.post(f"/office/quarantine/{number}/accept", data={}).status_code == 400
    assert accept(su, number, questionnaire=household.questionnaire_id) == ID
    response = fresh(session).get_one(Response, ID)
    assert (response.place_code, response.author_id, response.version_id) == ("C01", phone.user.id, household.id)
    [revision] = response.revisions
    assert (revision.document, revision.device_id) == (document, phone.device.id)
    found = kept(session, document)
    assert (found.resolution, found.accepted_as, found.resolved_by) == ("accepted", ID, people.su.id)
    assert phone.receipts(document) == [
        {"id": ID, "hash": content_hash(document), "status": "already_stored", "revision": 1, "missing_files": []}
    ]
    assert (count(session, Response), count(session, Revision)) == (1, 1)
    assert "quarantine.accept" in actions(session)
    assert "It is a response now." in su.get(f"/office/quarantine/{number}").text


def test_a02_an_item_without_an_id_gets_one_from_its_content(
    su: FlaskClient, phone: Phone, session: Session, household: Version
) -> None:
    """A02: accepted twice, and sent again afterwards: one response, and a receipt without an id for the phone."""
    document = json.dumps({"form": "household", "version": "1", "answers": {"place": "C02", "hh_size": "4"}})
    number = quarantine(phone, session, document, "id_missing")
    response_id = accept(su, number)
    assert accept(su, number) == response_id
    assert fresh(session).get_one(Response, response_id).place_code == "C02"
    [receipt] = phone.receipts(document)
    assert (receipt["id"], receipt["hash"], receipt["status"]) == (None, content_hash(document), "already_stored")
    assert (count(session, Response), count(session, Revision)) == (1, 1)


def test_two_supervisors_accept_at_the_same_moment_and_a_phone_sends_it__A02(
    app: Flask, phone: Phone, session: Session, people: People
) -> None:
    close(session, datetime(2026, 1, 1, tzinfo=UTC))
    for round_number in range(4):
        document = make_document(id=f"{round_number}1111111-1111-4111-8111-111111111111")
        number = quarantine(phone, session, document, "finished_after_close")
        clients = [sign_in(app.test_client(), login) for login in ("su", "lin")]
        session.rollback()

        def act(who: int, document: str = document, number: int = number, clients: Any = clients) -> str:
            if who < 2:
                return accept(clients[who], number)
            return str(Phone(app.test_client(), phone.device, phone.token, phone.user).receipts(document)[0]["id"])

        with ThreadPoolExecutor(3) as pool:
            ids = list(pool.map(act, range(3)))
        assert len(set(ids)) == 1
    assert (count(session, Response), count(session, Revision)) == (4, 4)
    assert actions(session).count("quarantine.accept") == 4


def test_the_id_of_another_questionnaires_response_is_left_to_that_one(
    su: FlaskClient, phone: Phone, session: Session, household: Version, publish: Publish, data_dir: Any
) -> None:
    """It gets an id of its own, and the photos that were sent under the other one, before and after."""
    dwelling = publish(OTHER)
    phone.receipts(make_document(household))
    contents = {"a.jpg": b"\xff\xd8\xff\xe0", "b.jpg": b"\xff\xd8\xff\xe1"}
    files = [PHOTO | {"name": name, "sha256": hashlib.sha256(body).hexdigest()} for name, body in contents.items()]
    document = make_document(dwelling, form="dwelling", files=files)
    number = quarantine(phone, session, document, "id_of_other_form")
    send_file(phone, ID, "a.jpg", contents["a.jpg"], files[0]["sha256"])
    response_id = accept(su, number)
    assert response_id != ID
    assert fresh(session).get_one(Response, response_id).missing_files == 1
    [receipt] = phone.receipts(document)
    assert (receipt["id"], receipt["status"], receipt["missing_files"]) == (ID, "already_stored", ["b.jpg"])
    send_file(phone, ID, "b.jpg", contents["b.jpg"], files[1]["sha256"])
    fresh(session)
    assert fresh(session).get_one(Response, response_id).missing_files == 0
    assert "2 of 2" in su.get(f"/office/responses/{response_id}").text
    assert phone.receipts(document)[0]["missing_files"] == []
    assert fresh(session).get_one(Response, ID).questionnaire_id == household.questionnaire_id


def test_a16_what_was_finished_after_closing_is_accepted_all_the_same_and_marked(
    su: FlaskClient, phone: Phone, session: Session, household: Version
) -> None:
    """A16: a record finished at 10:30."""
    closed = datetime.now(UTC) - timedelta(hours=1)
    close(session, closed)
    document = make_document(household, finished_at=(closed + timedelta(minutes=30)).isoformat(), author=phone.user.id)
    number = quarantine(phone, session, document, "finished_after_close")
    page = su.get(f"/office/quarantine/{number}").text
    assert "It was finished after the questionnaire had closed." in page and "Household size" in page
    arrived = kept(session, document).received_at
    assert accept(su, number) == ID
    response = fresh(session).get_one(Response, ID)
    assert [flag["code"] for flag in response.revisions[0].flags] == ["finished_after_close"]
    assert response.received_at == arrived
    codes = session.scalars(select(ResponseFlag.code).where(ResponseFlag.response_id == ID)).all()
    assert "finished_after_close" in codes and response.flag_count == len(codes)
    assert "a supervisor accepted it" in su.get(f"/office/responses/{ID}").text


def test_a_further_revision_that_was_finished_late_joins_its_response(
    su: FlaskClient, phone: Phone, session: Session, household: Version
) -> None:
    phone.receipts(make_document(household))
    close(session, datetime(2026, 1, 1, tzinfo=UTC))
    document = make_document(household, base=1, answers={"place": "C01", "hh_size": "5"})
    assert accept(su, quarantine(phone, session, document, "finished_after_close")) == ID
    response = fresh(session).get_one(Response, ID)
    assert (response.current_revision, response.is_conflicted) == (2, False)
    assert phone.receipts(document)[0]["revision"] == 2


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{nonsense", "document_not_json"),
        (json.dumps({"id": ID, "form": "household"}), "document_malformed"),
        (json.dumps({"form": "household", "answers": "none"}), "id_missing"),
        ("[" * 300 + "]" * 300, "document_malformed"),
    ],
)
def test_what_is_no_response_cannot_become_one(
    su: FlaskClient, phone: Phone, session: Session, household: Version, document: str, reason: str
) -> None:
    number = quarantine(phone, session, document, reason)
    page = su.get(f"/office/quarantine/{number}")
    assert page.status_code == 200 and "It cannot become a response" in page.text
    answer = su.post(f"/office/quarantine/{number}/accept", data={"questionnaire": household.questionnaire_id})
    assert answer.status_code in (400, 409)
    assert count(session, Response) == 0


def test_aside_needs_a_reason_and_can_be_taken_up_again(su: FlaskClient, phone: Phone, session: Session) -> None:
    document = make_document(form="unknown")
    number = quarantine(phone, session, document, "form_unknown")
    assert su.post(f"/office/quarantine/{number}/aside", data={"note": "  "}).status_code == 400
    assert su.post(f"/office/quarantine/{number}/aside", data={"note": "Wei tried it out"}).status_code == 302
    page = su.get(f"/office/quarantine/{number}").text
    assert "It was put aside: Wei tried it out" in page and "Su" in page
    assert phone.receipts(document)[0]["status"] == "quarantined"
    su.post(f"/office/quarantine/{number}/aside", data={"note": "another"})
    assert kept(session, document).resolution_note == "Wei tried it out"
    su.post(f"/office/quarantine/{number}/take-up")
    assert kept(session, document).resolution is None
    assert actions(session)[-2:] == ["quarantine.set_aside", "quarantine.take_up"]
    details = session.scalars(select(JournalEntry.details).where(JournalEntry.action == "quarantine.set_aside")).one()
    assert "Wei" not in json.dumps(details)


def test_what_is_aside_can_still_be_accepted(
    su: FlaskClient, phone: Phone, session: Session, household: Version
) -> None:
    document = make_document(household, form="unknown")
    number = quarantine(phone, session, document, "form_unknown")
    su.post(f"/office/quarantine/{number}/aside", data={"note": "later"})
    assert accept(su, number, questionnaire=household.questionnaire_id) == ID
    assert kept(session, document).resolution == "accepted"


def test_a82_nothing_in_a_document_runs(su: FlaskClient, phone: Phone, session: Session) -> None:
    """A82: as a tree, as text, and as facts."""
    tree = {"id": ID, "form": MARKUP, "instance_name": MARKUP, "place": MARKUP, "answers": {MARKUP: [{MARKUP: MARKUP}]}}
    for document, reason in ((json.dumps(tree), "form_unknown"), (MARKUP, "document_not_json")):
        page = su.get(f"/office/quarantine/{quarantine(phone, session, document, reason)}")
        assert "<img src=x" not in page.text and "&lt;img src=x" in page.text
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


def test_volunteers_and_strangers_may_not(
    app: Flask, su: FlaskClient, phone: Phone, session: Session, enrol: Callable[..., Phone]
) -> None:
    number = quarantine(phone, session, make_document(form="unknown"), "form_unknown")
    stranger = app.test_client()
    for path in ("accept", "aside", "take-up"):
        answer = stranger.post(f"/office/quarantine/{number}/{path}", data={"note": "x"}, headers=phone.headers)
        # Not sent off to the sign-in, which would lose the note (tests/test_held_forms.py).
        assert answer.status_code == 401 and "Location" not in answer.headers
        assert fresh(session).scalars(select(QuarantinedDocument.resolution)).all() == [None]
        assert su.post(f"/office/quarantine/9999/{path}", data={"note": "x"}).status_code == 404


def test_the_journal_explains_what_was_accepted_and_deleted(
    app: Flask, su: FlaskClient, phone: Phone, session: Session, household: Version, publish: Publish
) -> None:
    """`collector verify` finds nothing amiss after a document got another id with its photo, and after it was deleted."""
    phone.receipts(make_document(household))
    content = b"\xff\xd8\xff\xe0"
    file = PHOTO | {"name": "a.jpg", "sha256": hashlib.sha256(content).hexdigest()}
    document = make_document(publish(OTHER), form="dwelling", files=[file])
    number = quarantine(phone, session, document, "id_of_other_form")
    send_file(phone, ID, "a.jpg", content, file["sha256"])
    response_id = accept(su, number)
    verify = app.test_cli_runner().invoke
    assert verify(args=["collector", "verify"]).exit_code == 0
    data = {"reason": "test", "note": "A try"}
    assert su.post(f"/office/responses/{response_id}/delete", data=data).status_code == 302
    result = verify(args=["collector", "verify"])
    assert result.exit_code == 0, result.output
