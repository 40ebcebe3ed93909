"""Later editions of a submission: of the phone (deprecatedID), of the office, of a phone of our own; and their XML."""

import json
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.response_xml import find_response_id, instance_ids_of, response_xml
from collector.store import (
    File,
    Place,
    Response,
    Revision,
    User,
    Version,
)
from tests.conftest import People, Phone
from tests.documents import fresh, make_document
from tests.openrosa.collect import (
    INSTANCE,
    PHOTO,
    RESPONSE,
    SECOND,
    WITH_PHOTO,
    Collect,
    documents,
    submission,
)


def test_an_edit_is_a_revision_of_its_response(
    collect: Collect, household: Version, places: dict[str, Place], session: Session
) -> None:
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    edited = submission(WITH_PHOTO.replace("4", "5"), instance_id=SECOND, deprecated_id=INSTANCE)
    assert collect.submit(edited).status_code == 201
    assert collect.submit(edited).status_code == 201
    first, second = documents(session)
    assert (first["base"], second["base"], second["id"]) == (None, 1, RESPONSE)
    assert second["answers"]["hh_size"] == "5"
    assert second["answers"]["meta"] == {"instanceID": SECOND}
    response = session.get_one(Response, RESPONSE)
    assert (response.current_revision, response.is_conflicted, response.missing_files) == (2, False, 0)
    assert session.get_one(Revision, (RESPONSE, 2)).flags == []
    assert instance_ids_of(session, RESPONSE) == [INSTANCE, SECOND]
    assert find_response_id(session, SECOND) == RESPONSE


def test_two_edits_of_the_same_edition_are_both_kept(collect: Collect, household: Version, session: Session) -> None:
    collect.submit(submission())
    for number in (1, 2):
        instance_id = f"uuid:{number}3333333-3333-4333-8333-333333333333"
        body = f"<place>C01</place><hh_size>{number}</hh_size>"
        assert collect.submit(submission(body, instance_id=instance_id, deprecated_id=INSTANCE)).status_code == 201
    assert len(documents(session)) == 3
    assert session.get_one(Response, RESPONSE).is_conflicted


def test_an_edit_of_what_never_came_is_told(
    collect: Collect, household: Version, places: dict[str, Place], session: Session
) -> None:
    assert collect.submit(submission(instance_id=SECOND, deprecated_id=INSTANCE)).status_code == 201
    revision = fresh(session).get_one(Revision, (RESPONSE, 1))
    assert [flag["code"] for flag in revision.flags] == ["edition_of_unknown"]


def test_the_office_s_changes_do_not_carry_the_old_xml_on(
    collect: Collect, household: Version, su: FlaskClient, session: Session, app: Any
) -> None:
    xml = submission(WITH_PHOTO)
    collect.submit(xml, {"17.jpg": PHOTO})
    assert response_xml(fresh(session), RESPONSE) == xml.encode()
    typed = {"base": "1", "reason": "Phone call", "answer:place": "C01", "answer:hh_size": "6"}
    assert su.post(f"/office/responses/{RESPONSE}/edit", data=typed).status_code == 302
    _first, second = documents(session)
    assert "xml" not in second
    assert second["files"] == [{"name": "17.jpg", "path": "/data/photo"}]
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 0
    with app.app_context():
        written = response_xml(session, RESPONSE)
    assert written is not None and b"<hh_size>6</hh_size>" in written
    assert response_xml(session, RESPONSE, 1) == xml.encode()


def test_xml_of_a_response_of_our_own_phones(phone: Phone, household: Version, app: Any, session: Session) -> None:
    phone.push(make_document(household, answers={"place": "C01", "hh_size": "2", "members": [{"name": "a"}]}))
    with app.app_context():
        xml = response_xml(fresh(session), "11111111-1111-4111-8111-111111111111")
    assert xml is not None
    text = xml.decode()
    assert '<data id="household" version="1">' in text
    assert "<instanceID>uuid:11111111-1111-4111-8111-111111111111</instanceID>" in text
    assert "<members><name>a</name></members>" in text
    assert response_xml(session, "nobody") is None


def test_a_returned_submission_is_corrected_on_a_phone_of_our_own(
    collect: Collect,
    enrol: Callable[[User], Phone],
    people: People,
    household: Version,
    places: dict[str, Place],
    su: FlaskClient,
    session: Session,
) -> None:
    """The photo stays where it is: the phone names it as the submission did, by its name alone."""
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    decided = su.post(
        f"/office/responses/{RESPONSE}/decide", data={"state": "returned", "reason": "size?", "seen": "1"}
    )
    assert decided.status_code == 302, decided.text
    phone = enrol(people.wei)
    [entry] = phone.client.get("/sync/v1/pull", headers=phone.headers).get_json()["returned"]
    kept = json.loads(entry["document"])
    answers = kept["answers"] | {"hh_size": "5"}
    corrected = make_document(
        household, id=RESPONSE, base=1, author=people.wei.id, answers=answers, files=kept["files"]
    )
    [receipt] = phone.receipts(corrected)
    assert (receipt["status"], receipt["missing_files"]) == ("revision_stored", [])
    response = fresh(session).get_one(Response, RESPONSE)
    assert (response.state, response.current_revision, response.missing_files) == ("resubmitted", 2, 0)


def test_an_edit_of_an_erased_response_brings_nothing_back(
    collect: Collect, household: Version, places: dict[str, Place], su: FlaskClient, session: Session
) -> None:
    """Neither does what was sent before, sent again: nor an edit of that, nor an edit of the edit, nor their photos."""
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    erased = su.post(f"/office/responses/{RESPONSE}/erase", data={"extent": "all", "note": "Asked by telephone"})
    assert erased.status_code == 302
    third = "uuid:33333333-3333-4333-8333-333333333333"
    for sent in (
        submission(WITH_PHOTO),
        submission(WITH_PHOTO.replace("4", "5"), instance_id=SECOND, deprecated_id=INSTANCE),
        submission(WITH_PHOTO.replace("4", "7"), instance_id=third, deprecated_id=SECOND),
    ):
        assert collect.submit(sent, {"17.jpg": PHOTO}).status_code == 201
    kept = documents(session)
    assert {document["id"] for document in kept} == {RESPONSE} and len(kept) == 3
    assert all(set(document["answers"]) <= {"meta"} and "xml" not in document for document in kept)
    assert fresh(session).scalars(select(File)).all() == []
    assert response_xml(session, RESPONSE) is None or b"<hh_size>" not in (response_xml(session, RESPONSE) or b"")
