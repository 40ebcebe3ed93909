"""Answers that are erased on request: gone from everywhere, the response still counts, and nothing brings them back."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from collector.privacy.erasing import erase_each
from collector.store import (
    Comment,
    Decision,
    Erasure,
    ExportJob,
    File,
    JournalEntry,
    QuarantinedDocument,
    Response,
    ResponseFlag,
    ResponseTerm,
    Revision,
    Version,
    utc_now,
)
from tests.api.programs import program_of
from tests.central.clients import FEED, read
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import ID, content_hash, fresh
from tests.export.waiting import made
from tests.privacy.conftest import (
    FACE_FILE,
    JPEG,
    SECRETS,
    STREET,
    STREET_FILE,
    VISIT,
    Erase,
    answers,
    visited,
)
from tests.review.test_responses import send_file


def push_all(phone: Phone, visit: Version) -> tuple[str, str]:
    """Two revisions of a response, with both its pictures. Gives the documents."""
    first = visited(visit, phone)
    second = visited(visit, phone, base=1, answers=answers(hh_size="5"))
    phone.receipts(first, second)
    send_file(phone, ID, "face.jpg", JPEG, FACE_FILE["sha256"])
    send_file(phone, ID, "street.jpg", STREET, STREET_FILE["sha256"])
    return first, second


def board_of(su: FlaskClient) -> str:
    """The board's numbers, without what was said of the last act."""
    su.get("/office/board?questionnaire=visit")
    page = su.get("/office/board?questionnaire=visit").text
    return page[page.index("<main") :]


def documents(session: Session) -> list[dict[str, Any]]:
    """The documents of all revisions, as they are kept now."""
    query = select(Revision.document).order_by(Revision.response_id, Revision.number)
    return [json.loads(document) for document in fresh(session).scalars(query)]


def everything(session: Session) -> str:
    """All that the tables of responses hold, opened."""
    fresh(session)
    found: list[Any] = []
    for table in (
        Response,
        Revision,
        QuarantinedDocument,
        Comment,
        Decision,
        ResponseTerm,
        ResponseFlag,
        File,
        Erasure,
    ):
        for row in session.scalars(select(table)):
            found += [getattr(row, column.key) for column in table.__table__.columns]
    found += [entry.details for entry in session.scalars(select(JournalEntry))]
    return json.dumps(found, default=str, ensure_ascii=False)


def test_personal_answers_go_and_the_others_stay(
    phone: Phone, visit: Version, erase: Erase, session: Session, su: FlaskClient
) -> None:
    push_all(phone, visit)
    su.post(f"/office/responses/{ID}/comments", data={"text": "Xiaoming called"})
    board = board_of(su)
    erase()
    first, second = documents(session)
    left = {
        "place": "C01",
        "agree": "yes",
        "hh_size": "4",
        "street": "street.jpg",
        "members": [{"age": "61"}, {"age": "7"}],
    }
    assert first["answers"] == left and second["answers"] == left | {"hh_size": "5"}
    assert [file["name"] for file in second["files"]] == ["street.jpg"]
    response = session.scalars(select(Response)).one()
    assert (response.erased, response.consent, response.instance_name) == ("personal", "given", "")
    assert (response.state, response.place_code, response.current_revision) == ("received", "C01", 2)
    found = everything(session)
    assert [secret for secret in (*SECRETS, "138 0000") if secret in found] == []
    erasure = session.scalars(select(Erasure)).one()
    assert (erasure.extent, erasure.reason, erasure.note) == ("personal", "request", "Asked by telephone")
    assert board_of(su) == board
    page = su.get(f"/office/responses/{ID}").text
    assert "personal answers erased" in page and "Asked by telephone" in page


def test_all_answers_go_but_consent_and_the_counts(
    phone: Phone, visit: Version, erase: Erase, session: Session, su: FlaskClient
) -> None:
    push_all(phone, visit)
    board = board_of(su)
    erase("all")
    assert [document["answers"] for document in documents(session)] == [{"agree": "yes"}] * 2
    response = session.scalars(select(Response)).one()
    assert (response.erased, response.consent, response.place_code) == ("all", "given", "C01")
    assert response.place_id is not None
    assert board_of(su) == board
    assert session.scalars(select(File)).all() == []


def test_the_bytes_of_its_pictures_go(
    phone: Phone, visit: Version, erase: Erase, session: Session, data_dir: Path
) -> None:
    push_all(phone, visit)
    stored = {path.name for path in (data_dir / "files").rglob("*") if path.is_file()}
    assert {FACE_FILE["sha256"], STREET_FILE["sha256"]} <= stored
    erase()
    left = {path.name for path in (data_dir / "files").rglob("*") if path.is_file()}
    assert FACE_FILE["sha256"] not in left and STREET_FILE["sha256"] in left
    assert [file.name for file in fresh(session).scalars(select(File))] == ["street.jpg"]
    with pytest.raises(AssertionError, match="response_deleted"):
        send_file(phone, ID, "face.jpg", JPEG, FACE_FILE["sha256"])
    assert session.scalars(select(Response.missing_files)).one() == 0


def test_a_phone_that_sends_it_again_brings_nothing_back(
    phone: Phone, visit: Version, erase: Erase, session: Session
) -> None:
    first, second = push_all(phone, visit)
    erase()
    for document, number in ((first, 1), (second, 2)):
        [receipt] = phone.receipts(document)
        assert (receipt["status"], receipt["hash"], receipt["revision"]) == (
            "already_stored", content_hash(document), number,
        )  # fmt: skip
        assert receipt["missing_files"] == []
    assert not any(secret in everything(session) for secret in SECRETS)


@pytest.mark.parametrize("extent", ["personal", "all"])
def test_another_revision_comes_in_without_what_was_erased(
    phone: Phone, visit: Version, erase: Erase, session: Session, extent: str
) -> None:
    push_all(phone, visit)
    erase(extent)
    older = visited(visit, phone, base=2, answers=answers(hh_size="6"))
    [receipt] = phone.receipts(older)
    assert (receipt["status"], receipt["hash"], receipt["revision"]) == ("revision_stored", content_hash(older), 3)
    # The street's picture is here already; with all answers erased nobody wants it any more.
    assert receipt["missing_files"] == []
    [again] = phone.receipts(older)
    assert again["status"] == "already_stored"
    third = documents(session)[-1]
    assert third["answers"].get("hh_size") == ("6" if extent == "personal" else None)
    assert not any(secret in everything(session) for secret in SECRETS)
    flags = session.scalars(select(Revision.flags).where(Revision.number == 3)).one()
    assert "erased_before" in {flag["code"] for flag in flags}


def test_what_is_left_and_comes_back_is_known_and_has_its_own_hash_in_its_receipt(
    phone: Phone, visit: Version, erase: Erase, session: Session
) -> None:
    """A client lets go only of what a receipt names by id and hash (A09)."""
    push_all(phone, visit)
    erase()
    left = fresh(session).get_one(Revision, (ID, 1)).document
    [receipt] = phone.receipts(left)
    assert (receipt["status"], receipt["revision"]) == ("already_stored", 1)
    assert (receipt["id"], receipt["hash"]) == (ID, content_hash(left))


def test_a_conflicting_revision_and_one_of_an_unknown_version_too(
    phone: Phone, visit: Version, erase: Erase, session: Session
) -> None:
    push_all(phone, visit)
    erase()
    conflicting = visited(visit, phone, base=1, answers=answers(hh_size="7"))
    unknown = visited(None, phone, model="f" * 64, base=3, answers=answers(hh_size="8", unheard_of="Xiaoming"))
    assert {receipt["status"] for receipt in phone.receipts(conflicting, unknown)} == {"revision_stored"}
    assert not any(secret in everything(session) for secret in SECRETS)


def test_what_cannot_be_placed_is_kept_without_it(phone: Phone, visit: Version, erase: Erase, session: Session) -> None:
    push_all(phone, visit)
    erase()
    odd = visited(visit, phone, form="unheard_of")
    damaged = json.dumps({"id": ID, "form": "visit", "answers": "Xiaoming"})
    assert {receipt["status"] for receipt in phone.receipts(odd, damaged)} == {"quarantined"}
    assert len(fresh(session).scalars(select(QuarantinedDocument.id)).all()) == 2
    assert not any(secret in everything(session) for secret in SECRETS)


def test_copies_in_the_quarantine_are_rewritten(
    phone: Phone, visit: Version, erase: Erase, session: Session, su: FlaskClient
) -> None:
    """One that was accepted under a new id, its file sent under the id that it came with, and one that still waits."""
    waiting = json.dumps({"id": ID, "form": "visit", "answers": "Xiaoming"})
    phone.receipts(waiting)
    nameless = json.loads(visited(visit, phone))
    del nameless["id"]
    phone.receipts(json.dumps(nameless), visited(visit, phone))
    number = (
        fresh(session).scalars(select(QuarantinedDocument.id).where(QuarantinedDocument.reason == "id_missing")).one()
    )
    new_id = su.post(f"/office/quarantine/{number}/accept").headers["Location"].rsplit("/", 1)[1]
    erase()
    erase("all", new_id)
    assert not any(secret in everything(session) for secret in SECRETS)
    [receipt] = phone.receipts(json.dumps(nameless))
    assert (receipt["status"], receipt["missing_files"]) == ("already_stored", [])
    assert not any(secret in everything(session) for secret in SECRETS)


def test_it_is_found_by_its_place_and_no_longer_by_its_name(
    phone: Phone, visit: Version, erase: Erase, su: FlaskClient
) -> None:
    push_all(phone, visit)
    assert ID in su.get("/office/responses?q=xiaoming").text
    erase()
    assert ID not in su.get("/office/responses?q=xiaoming").text
    assert ID in su.get("/office/responses?q=C01").text
    assert ID in su.get("/office/responses?erased=1").text


def test_what_is_erased_is_not_changed_any_more(
    phone: Phone, visit: Version, erase: Erase, su: FlaskClient, session: Session
) -> None:
    """An edit that was begun before would bring it back."""
    push_all(phone, visit)
    page = su.get(f"/office/responses/{ID}/edit")
    assert page.status_code == 200
    erase()
    assert su.get(f"/office/responses/{ID}/edit").status_code == 302
    su.post(f"/office/responses/{ID}/edit", data={"base": "2", "reason": "Late", "a:hh_size": "9"})
    assert len(documents(session)) == 2


def test_a_returned_response_does_not_go_back_to_its_volunteer(
    phone: Phone, visit: Version, erase: Erase, su: FlaskClient
) -> None:
    phone.receipts(visited(visit, phone))
    su.post(f"/office/responses/{ID}/decide", data={"state": "returned", "reason": "Ask again", "seen": "1"})
    pull = "/sync/v1/pull?since=0"
    assert len(phone.client.get(pull, headers=phone.headers).get_json()["returned"]) == 1
    erase()
    assert phone.client.get(pull, headers=phone.headers).get_json()["returned"] == []


def test_personal_first_and_all_later(phone: Phone, visit: Version, erase: Erase, session: Session) -> None:
    push_all(phone, visit)
    erase()
    erase("all")
    assert session.scalars(select(Response.erased)).one() == "all"
    assert [row.extent for row in fresh(session).scalars(select(Erasure).order_by(Erasure.id))] == ["personal", "all"]


def test_what_a_later_version_marks_as_personal_goes_from_earlier_answers(
    phone: Phone, visit: Version, erase: Erase, session: Session, publish: Publish
) -> None:
    phone.receipts(visited(visit, phone))
    publish(VISIT.replace("| integer        | hh_size   | Household size            | 人数             |          |",
                          "| integer        | hh_size   | Household size            | 人数             | yes      |"))  # fmt: skip
    erase()
    assert "hh_size" not in documents(session)[0]["answers"]


def test_several_are_erased_from_the_list(phone: Phone, visit: Version, su: FlaskClient, session: Session) -> None:
    ids = [f"{number}1111111-1111-4111-8111-111111111111" for number in (2, 3, 4)]
    phone.receipts(*(visited(visit, phone, id=id_) for id_ in ids))
    chosen = {"which": "ticked", "response": ids[:2]}
    page = su.post("/office/responses/erase", data=chosen)
    assert page.status_code == 200 and "Erase answers of 2 responses" in page.text
    assert su.post("/office/responses/erase", data=chosen | {"asked": "1", "extent": "personal"}).status_code == 400
    done = su.post("/office/responses/erase", data=chosen | {"asked": "1", "extent": "personal", "note": "Asked"})
    assert done.status_code == 302
    states = dict(fresh(session).execute(select(Response.id, Response.erased)).all())
    assert states == {ids[0]: "personal", ids[1]: "personal", ids[2]: ""}


def test_only_who_may_delete_may_erase(phone: Phone, visit: Version, app: Flask, session: Session, so: Any) -> None:
    phone.receipts(visited(visit, phone, answers=answers(place="C03"), place="C03"))
    data = {"extent": "all", "note": "No"}
    for login in ("ren", "ana", "so"):
        browser = sign_in(app.test_client(), login)
        assert browser.post(f"/office/responses/{ID}/erase", data=data).status_code in (403, 404)
        browser.post("/office/responses/erase", data=data | {"which": "ticked", "response": ID, "asked": "1"})
    assert fresh(session).scalars(select(Response.erased)).one() == ""


def test_nothing_of_it_is_left_in_sqlites_file_and_log(
    phone: Phone, visit: Version, erase: Erase, app: Flask, session: Session, data_dir: Path
) -> None:
    """Words of places and volunteers stand in the database as they are; so does what an earlier release kept unsealed."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("only SQLite leaves what was deleted in its own file")
    ids = [f"{number:08d}-1111-4111-8111-111111111111" for number in range(60)]
    phone.receipts(*(visited(visit, phone, id=id_) for id_ in ids[:50]))
    phone.receipts(*(visited(visit, phone, id=id_) for id_ in ids[50:]))
    # As an earlier release wrote it: the name in plain letters.
    session.execute(text("UPDATE responses SET instance_name = 'Xiaoming Plainname'"))
    session.execute(
        text("UPDATE revisions SET document = replace('%', '%', '" + visited(visit, phone).replace("'", "''") + "')")
    )
    session.commit()
    path = Path(str(session.get_bind().url.database))
    held = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert b"Xiaoming Plainname" in held and b"138 0000-1111" in held
    session.close()
    for id_ in ids:
        erase("personal", id_)
    files = sorted(path.parent.glob(f"{path.name}*"))
    held = b"".join(file.read_bytes() for file in files)
    assert b"Xiaoming" not in held and b"138 0000-1111" not in held and b"Jinhua" not in held
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def faults(app: Flask) -> list[str]:
    """What `collector verify` finds."""
    done = app.test_cli_runner().invoke(args=["collector", "verify", "--json"])
    return [fault["code"] for fault in json.loads(done.stdout.splitlines()[-1])["faults"]]


def test_verify_holds_what_is_left_against_the_journal(
    phone: Phone, visit: Version, erase: Erase, session: Session, app: Flask
) -> None:
    """Also of what came later and of what waits in the quarantine; and it names what was taken out or put back by hand."""
    push_all(phone, visit)
    phone.receipts(json.dumps({"id": ID, "form": "visit", "answers": "Xiaoming"}))
    before = fresh(session).get_one(Revision, (ID, 1)).document
    erase()
    phone.receipts(visited(visit, phone, base=2, answers=answers(hh_size="6")), visited(visit, phone, form="unknown"))
    assert faults(app) == []
    revision = fresh(session).get_one(Revision, (ID, 1))
    left, left_hash = revision.document, revision.erased_hash
    revision.document, revision.erased_hash = before, None
    session.commit()
    assert faults(app) == ["erasure_undone"]
    other = json.dumps(json.loads(left) | {"answers": {}})
    revision.document, revision.erased_hash = other, content_hash(other)
    session.commit()
    assert faults(app) == ["erasure_unknown"]
    revision.document, revision.erased_hash = other, left_hash
    session.commit()
    assert faults(app) == ["document_changed"]


def test_programs_that_keep_a_copy_learn_of_it(
    phone: Phone, visit: Version, erase: Erase, session: Session, app: Flask, people: People
) -> None:
    """By the REST API and as from ODK Central: what is to go from the copy is among what changed."""
    phone.receipts(visited(visit, phone))
    moment = utc_now().isoformat()
    program = program_of(app, session, people.su)
    assert program.read("/responses", updated_since=moment)["items"] == []
    erase()
    [item] = program.read("/responses", updated_since=moment)["items"]
    assert (item["id"], item["erased"], item["instance_name"]) == (ID, "personal", "")
    feed = FEED.replace("household", "visit")
    [row] = read(
        app.test_client(), f"{feed}/Submissions", "su", **{"$filter": f"__system/updatedAt ge {moment[:23]}Z"}
    )["value"]
    assert row["__id"] == f"uuid:{ID}" and row["who"]["nick"] is None


def test_what_arrives_at_that_very_moment_brings_nothing_back(
    phone: Phone, visit: Version, erase: Erase, session: Session
) -> None:
    """Corrections of several requests while it is erased: each is stored before and rewritten, or comes after and is stripped."""
    phone.receipts(visited(visit, phone))
    later = [visited(visit, phone, base=1, answers=answers(hh_size=str(size))) for size in range(5, 13)]
    with ThreadPoolExecutor(5) as pool:
        sent = [pool.submit(phone.receipts, document) for document in later]
        pool.submit(erase).result()
        assert {one.result()[0]["status"] for one in sent} == {"revision_stored"}
    assert len(documents(session)) == 9
    assert not any(secret in everything(session) for secret in SECRETS)
    assert session.scalars(select(Response.erased)).one() == "personal"


def test_where_one_of_several_fails_no_file_holds_those_that_were_erased(
    app: Flask, phone: Phone, visit: Version, su: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.receipts(visited(visit, phone, files=[]))
    made(app, su, form_id="visit", format="csv")

    def ids() -> Iterator[str]:
        yield ID
        raise OSError("the database went away")

    with app.app_context(), pytest.raises(OSError, match="went away"):
        erase_each(ids(), "personal", reason="request")
    assert documents(session)[0]["erased"] == "personal"
    assert fresh(session).scalars(select(ExportJob)).all() == []
