"""Responses that a supervisor returned to the one who filled them in, whichever places are theirs by now."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.languages import timestamp
from collector.store import Decision, Questionnaire, Response, Revision, Version
from collector.store.responses import RETURNED

#: How many responses, and about how many characters of documents, one pull brings; the rest follows as these are sent again.
MOST_RETURNED = 200
MOST_CHARACTERS = 4 * 1024 * 1024


def returned_responses(session: Session, user_id: str) -> list[dict[str, Any]]:
    """The volunteer's returned responses with their current answers, the newest first. Shape: docs/sync-protocol.md, Returned responses."""
    query = (
        select(Response, Revision, Revision.document, Questionnaire)
        .join(Revision, (Revision.response_id == Response.id) & (Revision.number == Response.current_revision))
        .join(Questionnaire, Questionnaire.id == Response.questionnaire_id)
        # What was erased cannot be corrected any more.
        .where(Response.author_id == user_id, Response.state == RETURNED, Response.is_conflicted.is_(False))
        .where(Response.erased == "")
        .order_by(Response.received_at.desc(), Response.id)
        .limit(MOST_RETURNED)
    )
    found = session.execute(query).all()
    decisions = latest_decisions(session, [response.id for response, *_ in found])
    versions = versions_of(session, found)
    entries: list[dict[str, Any]] = []
    room = MOST_CHARACTERS
    for response, revision, document, questionnaire in found:
        version_id = revision.version_id or questionnaire.current_version_id
        version = versions.get(version_id) if version_id else None
        room -= len(document)
        # Without a form model the phone could not open it.
        if version is None or (room < 0 and entries):
            continue
        decision = decisions.get(response.id)
        entries.append(
            {
                "id": response.id,
                "form": questionnaire.form_id,
                "version": version.version,
                "model": version.model_hash,
                "title": version.title,
                "revision": revision.number,
                "reason": decision.reason if decision else "",
                "returned_at": timestamp(decision.at) if decision else None,
                "document": document,
            }
        )
    return entries


def latest_decisions(session: Session, response_ids: list[str]) -> dict[str, Decision]:
    """The decision by which each response was returned last."""
    query = (
        select(Decision)
        .where(Decision.response_id.in_(response_ids), Decision.to_state == RETURNED, Decision.undone_at.is_(None))
        .order_by(Decision.at, Decision.id)
    )
    return {decision.response_id: decision for decision in session.scalars(query)} if response_ids else {}


def versions_of(session: Session, found: Any) -> dict[int, Version]:
    """The versions that the returned revisions were filled in with, and the present ones of their questionnaires, by id."""
    ids = {revision.version_id for _, revision, *_ in found} | {form.current_version_id for *_, form in found}
    query = select(Version).where(Version.id.in_(ids - {None}))
    return {version.id: version for version in session.scalars(query)} if found else {}


def place_codes(entries: list[dict[str, Any]]) -> set[str]:
    """Codes of the places from which the returned responses were begun, so that the phone can name them."""
    documents = [json.loads(entry["document"]) for entry in entries]
    return {document["place"] for document in documents if isinstance(document.get("place"), str)}
