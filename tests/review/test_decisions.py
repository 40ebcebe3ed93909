"""Approving, returning, rejecting: one response, several, a whole filter; undone again; and what is said of it."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.review import listing, operations
from collector.store import Comment, Decision, JournalEntry, Place, Response, Version
from tests.conftest import People, Phone, sign_in
from tests.documents import ID, fresh, make_document
from tests.review.test_responses import MARKUP, send


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def states(session: Session, *ids: str) -> list[str]:
    """The states of these responses."""
    fresh(session)
    return [session.get_one(Response, response_id).state for response_id in ids]


def decide(client: FlaskClient, response_id: str, state: str, **data: Any) -> Any:
    """Decide about one response on its page."""
    sent = {"state": state, "seen": 1} | data
    return client.post(f"/office/responses/{response_id}/decide", data=sent, follow_redirects=True)


def entries(session: Session, action: str) -> list[JournalEntry]:
    """The journal's entries about an action."""
    return list(fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == action)))


def test_a_reviewer_approves_and_it_can_be_undone(
    app: Flask, people: People, phone: Phone, household: Version, session: Session
) -> None:
    response_id = send(phone, household)
    ren = sign_in(app.test_client(), "ren")
    page = decide(ren, response_id, "approved").text
    assert states(session, response_id) == ["approved"]
    undo = re.search(r'action="(/office/decisions/[^"]+)"', page)
    assert "1 response is now “approved”." in page and undo
    page = ren.post(undo[1].replace("&amp;", "&"), follow_redirects=True).text
    assert "1 decision was taken back." in page and states(session, response_id) == ["received"]
    assert "undone" in page, "the history keeps it"
    [entry] = entries(session, "response.decide")
    assert entry.details == {"state": "approved", "responses": [response_id]} and entry.user_id == people.ren.id
    [entry] = entries(session, "response.undo")
    assert entry.details == {"responses": [response_id]}


def test_A73_returned_with_a_reason_and_sent_again(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """A73: the reason is needed and kept for the phone; after re-sending: resubmitted, one record, two revisions."""
    phone.receipts(make_document(household, author=phone.user.id))
    refused = su.post(f"/office/responses/{ID}/decide", data={"state": "returned", "seen": 1, "reason": "  "})
    assert refused.status_code == 400 and "This is needed." in refused.text and states(session, ID) == ["received"]
    decide(su, ID, "returned", reason="age of child 2?")
    [decision] = fresh(session).scalars(select(Decision))
    assert (decision.to_state, decision.reason, decision.revision) == ("returned", "age of child 2?", 1)
    assert states(session, ID) == ["returned"]
    again = make_document(household, author=phone.user.id, base=1, answers={"place": "C01", "hh_size": "5"})
    assert phone.receipts(again)[0]["status"] == "revision_stored"
    assert states(session, ID) == ["resubmitted"]
    assert len(session.scalars(select(Response)).all()) == 1
    assert session.get_one(Response, ID).current_revision == 2
    page = su.get(f"/office/responses/{ID}").text
    assert "age of child 2?" in page and "resubmitted" in page
    assert entries(session, "response.decide")[0].details == {"state": "returned", "responses": [ID]}, "no reason there"


def test_an_unseen_revision_is_not_decided_about(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    phone.receipts(make_document(household), make_document(household, base=1, answers={"place": "C01"}))
    assert "Another revision has arrived meanwhile." in decide(su, ID, "approved").text
    assert states(session, ID) == ["received"]
    assert su.post(f"/office/responses/{ID}/decide", data={"state": "eaten", "seen": 2}).status_code == 400


def bulk(client: FlaskClient, address: str = "", **data: Any) -> Any:
    """Decide about several from the list."""
    return client.post(f"/office/responses/decide{address}", data=data, follow_redirects=True)


def test_several_are_approved_at_once(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    one, two, three = (send(phone, household) for _ in range(3))
    page = bulk(su, "?place=C01", state="approved", which="ticked", response=[one, two]).text
    assert "2 responses are now “approved”." in page and 'value="C01" selected' in page
    assert states(session, one, two, three) == ["approved", "approved", "received"]
    assert "No response is ticked." in bulk(su, state="approved", which="ticked").text
    page = bulk(su, state="approved", which="page", page=[one, two, three]).text
    assert "1 response is now “approved”." in page, "those that are approved already are not counted"
    assert "they all are “approved” already" in bulk(su, state="approved", which="page", page=[one]).text


def test_returning_several_asks_for_the_reason(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    one, two = send(phone, household), send(phone, household)
    sent = {"state": "returned", "which": "page", "page": [one, two]}
    page = bulk(su, **sent).text
    assert "2 responses: “returned”" in page and states(session, one) == ["received"]
    asked = {"state": "returned", "which": "ticked", "response": [one, two], "asked": "1"}
    refused = bulk(su, **asked, reason="")
    assert refused.status_code == 400 and "This is needed." in refused.text
    bulk(su, **asked, reason="Which door?")
    assert states(session, one, two) == ["returned", "returned"]
    assert {decision.reason for decision in session.scalars(select(Decision))} == {"Which door?"}


def test_what_came_after_the_page_was_made_is_not_decided_about(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """Neither a response that nobody has seen nor a revision."""
    seen, corrected = send(phone, household), send(phone, household)
    page = su.get("/office/responses?place=S1").text
    made = re.search(r'name="seen_at" value="([^"]+)"', page)
    assert made
    seen_at = html.unescape(made[1])
    phone.receipts(make_document(household, id=corrected, base=1, answers={"place": "C01"}))
    new = send(phone, household)
    asked = bulk(su, "?place=S1", state="approved", which="every", seen_at=seen_at).text
    assert seen_at in html.unescape(asked)
    bulk(su, "?place=S1", state="approved", which="every", asked="1", seen_at=seen_at)
    assert states(session, seen, corrected, new) == ["approved", "received", "received"]


def test_a_whole_filter_in_steps_and_back(
    su: FlaskClient, phone: Phone, household: Version, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one transaction; what has changed since stays as it is, and the page says how many."""
    monkeypatch.setattr("collector.review.decisions.CHUNK", 2)
    monkeypatch.setattr(operations, "CHUNK", 2)
    inside = [send(phone, household) for _ in range(5)]
    outside = send(phone, household, answers={"place": "C03", "hh_size": "4"})
    page = bulk(su, "?place=S1", state="approved", which="every").text
    assert "5 responses: “approved”" in page and states(session, *inside) == ["received"] * 5
    page = bulk(su, "?place=S1", state="approved", which="every", asked="1").text
    assert "5 responses are now “approved”." in page
    assert states(session, *inside, outside) == ["approved"] * 5 + ["received"]
    assert len(entries(session, "response.decide")) == 3
    decide(su, inside[0], "rejected", reason="Test")
    phone.receipts(make_document(household, id=inside[1], base=1, answers={"place": "C01"}))
    undo = re.search(r'action="(/office/decisions/[^"]+)"', page)
    assert undo
    page = su.post(undo[1].replace("&amp;", "&"), follow_redirects=True).text
    assert "3 decisions were taken back." in page and "2 responses stay as they are" in page
    assert states(session, *inside) == ["rejected", "resubmitted", "received", "received", "received"]


def test_no_more_than_can_be_done_at_once(
    su: FlaskClient, phone: Phone, household: Version, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.review.decisions.MAX_AT_ONCE", 2)
    ids = [send(phone, household) for _ in range(3)]
    assert "The filter lets through more than 2." in bulk(su, state="approved", which="every").text
    bulk(su, state="approved", which="every", asked="1")
    assert states(session, *ids) == ["received", "approved", "approved"]
    assert listing.MAX_AT_ONCE == 10_000


def test_A82_comments_and_reasons_are_text(
    su: FlaskClient, people: People, phone: Phone, household: Version, session: Session
) -> None:
    """A82: markup in a comment or a reason stays text; the journal has neither."""
    response_id = send(phone, household)
    address = f"/office/responses/{response_id}"
    assert su.post(f"{address}/comments", data={"text": " "}).status_code == 400
    su.post(f"{address}/comments", data={"text": MARKUP})
    page = decide(su, response_id, "rejected", reason=MARKUP).text
    assert "<img src=x" not in page and page.count("&lt;img src=x") == 2
    comment = fresh(session).scalars(select(Comment)).one()
    assert (comment.text, comment.by) == (MARKUP, people.su.id)
    [entry] = entries(session, "response.comment")
    assert (entry.subject, entry.details) == (response_id, {"comment": comment.id})
    assert MARKUP not in str([entry.details for entry in session.scalars(select(JournalEntry))])


def test_a_deleted_response_takes_what_was_said_with_it(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """Decisions, comments, pairs; the others keep theirs."""
    gone, stays = send(phone, household), send(phone, household)
    for response_id in (gone, stays):
        decide(su, response_id, "approved")
        su.post(f"/office/responses/{response_id}/comments", data={"text": "Seen"})
    su.post("/office/duplicates/apart", data={"response": [gone, stays]})
    answer = su.post(f"/office/responses/{gone}/delete", data={"reason": "test", "note": "x"})
    assert answer.status_code == 302, answer.text
    assert [one.response_id for one in fresh(session).scalars(select(Decision))] == [stays]
    assert [one.response_id for one in session.scalars(select(Comment))] == [stays]


def test_rejected_states_stay_through_an_undo_of_another(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """Only the last decision of a response is taken back, even where the state is the same again."""
    response_id = send(phone, household)
    decide(su, response_id, "approved")
    first = session.scalars(select(Decision.batch_id)).one()
    decide(su, response_id, "received")
    decide(su, response_id, "approved")
    assert "1 response stays as it is" in su.post(f"/office/decisions/{first}/undo", follow_redirects=True).text
    assert states(session, response_id) == ["approved"]
