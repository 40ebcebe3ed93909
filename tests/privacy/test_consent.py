"""Consent: recorded with each response, whichever way it comes; personal answers without it are pointed out, never refused."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.intake.derived import derive_all
from collector.store import Response, ResponseFlag, Version
from collector.store.session import writing
from tests.api.programs import program_of
from tests.conftest import People, Phone
from tests.documents import ID, fresh, make_document
from tests.export.waiting import made
from tests.privacy.conftest import answers, visited

OTHER_ID = "22222222-2222-4222-8222-222222222222"


def consent_of(session: Session, response_id: str = ID) -> str | None:
    return fresh(session).scalars(select(Response.consent).where(Response.id == response_id)).one()


def codes_of(session: Session) -> set[str]:
    return set(fresh(session).scalars(select(ResponseFlag.code).where(ResponseFlag.response_id == ID)))


@pytest.mark.parametrize(
    ("said", "consent", "is_flagged"), [("yes", "given", False), ("no", "refused", True), (None, None, True)]
)
def test_what_was_said_is_kept_and_personal_answers_without_it_are_flagged(
    phone: Phone, visit: Version, session: Session, said: str | None, consent: str | None, is_flagged: bool
) -> None:
    [receipt] = phone.receipts(visited(visit, phone, answers=answers(agree=said)))
    assert receipt["status"] == "stored"
    assert consent_of(session) == consent
    assert ("no_consent" in codes_of(session)) is is_flagged


def test_without_personal_answers_nothing_is_pointed_out(phone: Phone, visit: Version, session: Session) -> None:
    """Whoever refuses may still be counted."""
    bare = {"place": "C01", "agree": "no", "hh_size": "4", "members": [{"age": "7"}]}
    phone.receipts(visited(visit, phone, answers=bare, files=[], instance_name=""))
    assert (consent_of(session), codes_of(session) & {"no_consent"}) == ("refused", set())


def test_a_form_that_does_not_ask_has_none(phone: Phone, household: Version, places: Any, session: Session) -> None:
    phone.receipts(make_document(household))
    assert consent_of(session) is None and "no_consent" not in codes_of(session)


def test_it_follows_corrections_and_is_drawn_anew(
    phone: Phone, visit: Version, session: Session, su: FlaskClient, app: Flask
) -> None:
    phone.receipts(visited(visit, phone))
    phone.receipts(visited(visit, phone, base=1, answers=answers(agree="no")))
    assert consent_of(session) == "refused"
    typed = {"base": "2", "reason": "A slip", "answer:agree": "yes", "answer:hh_size": "4"}
    su.post(f"/office/responses/{ID}/edit", data=typed)
    assert consent_of(session) == "given"
    session.execute(update(Response).values(consent=None))
    session.commit()
    with app.app_context(), writing() as store:
        derive_all(store, [ID])
    assert consent_of(session) == "given"


def test_the_office_sees_filters_and_exports_it(
    phone: Phone, visit: Version, session: Session, su: FlaskClient, app: Flask, people: People
) -> None:
    phone.receipts(visited(visit, phone), visited(visit, phone, id=OTHER_ID, answers=answers(agree="no")))
    page = su.get(f"/office/responses/{ID}").text
    assert "May we keep your answers?" in page and "given" in page
    found = su.get("/office/responses?consent=refused").text
    assert OTHER_ID in found and ID not in found
    job = made(app, su, form_id="visit", format="csv", repeats="wide")
    text = su.get(f"/office/exports/-/{job}").data.decode("utf-8-sig")
    rows = {row["response_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows[ID]["consent_state"], rows[OTHER_ID]["consent_state"]) == ("given", "refused")
    assert "erased" not in rows[ID]
    program = program_of(app, session, people.su)
    assert program.read(f"/responses/{OTHER_ID}")["consent"] == "refused"
    assert program.read(f"/responses/{OTHER_ID}")["erased"] == ""
