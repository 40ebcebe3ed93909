"""Answers that the office changes: a further revision, made from the current one, that comes in by the same door as a phone's.

In two steps like any arrival: `prepare_edit` builds and checks the document without the database's write lock, `store_edit` writes.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.answer_changes import apply_changes, text_paths
from collector.intake.compared import lock_arrival
from collector.intake.decide import Action
from collector.intake.derived import derive
from collector.intake.documents import read_document, read_under
from collector.intake.flags import check_document, flag, judge_window, parse_moment
from collector.intake.locks import lock_names
from collector.intake.placing import place_into
from collector.intake.revisions import Arrival, put
from collector.journal import record
from collector.questionnaires.engine import Consequences, Engine
from collector.questionnaires.published import FormModel, form_model
from collector.store import Response, Revision, utc_now

#: Rounds in which calculations follow one another; longer chains of them keep the flag `calculate_differs`.
MAX_ROUNDS = 20


@dataclass(frozen=True)
class Edit:
    """A document that was made of the revision `base`, and how many answers it changes."""

    arrival: Arrival
    base: int
    changed: int


def prepare_edit(
    session: Session,
    response: Response,
    revision: Revision,
    changes: Mapping[str, str],
    removed: Collection[str],
    engine: Engine,
) -> Edit:
    """Make and check the document of a response with changed answers (answer_changes.py), made from `revision`.

    Hidden calculations that agreed with the answers follow them. Everything else stays as the volunteer gave it. Raises CollectorError
    `request_malformed` for changes that these answers cannot have.
    """
    document = json.loads(revision.document)
    try:
        answers = apply_changes(document["answers"], changes, removed)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise CollectorError("request_malformed") from None
    model = form_model(session, revision.version_id) if revision.version_id else None
    if model is not None:
        answers = recalculate(model, document, answers, engine)
    made = _make_document(document, answers, revision.number, model)
    read = read_under(read_document(json.dumps(made, ensure_ascii=False, separators=(",", ":"))), response.id)
    if read.problem is not None:
        raise CollectorError("request_malformed")
    placed = place_into(session, [(read, response.questionnaire_id)])[read.content_hash]
    checked = check_document(read, placed, revision.clock_offset_ms, engine)
    verdict = judge_window(read, placed, revision.clock_offset_ms, response.received_at)
    flags = [*checked.flags, flag(verdict)] if verdict else checked.flags
    arrival = Arrival(read, placed, flags, None, revision.clock_offset_ms, unanswered=checked.unanswered)
    return Edit(arrival, revision.number, len(changes) + len(removed))


def _make_document(
    document: dict[str, Any], answers: dict[str, Any], base: int, model: FormModel | None
) -> dict[str, Any]:
    # What another client sent as XML is the first revision's: it says nothing of these answers.
    kept = {key: value for key, value in document.items() if key != "xml"}
    made = kept | {"answers": answers, "base": base, "edited_at": utc_now().isoformat(timespec="milliseconds")}
    name = _instance_name(answers)
    if name and name != _instance_name(document["answers"]):
        made["instance_name"] = name
    root = model.tree["root"]["name"] if model else "data"
    paths = {text: path for path, text in text_paths(answers, f"/{root}")}
    files = document.get("files") or []
    made["files"] = [item | {"path": paths[item["name"]]} for item in files if item["name"] in paths]
    return made


def _instance_name(answers: dict[str, Any]) -> str:
    meta = answers.get("meta")
    name = meta.get("instanceName") if isinstance(meta, dict) else None
    return name if isinstance(name, str) else ""


def recalculate(model: FormModel, document: dict[str, Any], answers: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """The answers with hidden calculations anew, but for those that did not agree with the answers of `document` before."""
    known = set(find_consequences(model, document, document["answers"], engine).calculated)
    root = f"/{model.tree['root']['name']}/"
    for _ in range(MAX_ROUNDS):
        calculated = find_consequences(model, document, answers, engine).calculated
        new = {path.removeprefix(root): value for path, value in calculated.items() if path not in known}
        if not new:
            break
        answers = apply_changes(answers, new)
    return answers


def find_consequences(
    model: FormModel, document: dict[str, Any], answers: dict[str, Any], engine: Engine
) -> Consequences:
    """What the engine says that answers lead to, at the moment when the document was finished."""
    finished = parse_moment(str(document.get("finished_at") or ""))
    return engine.consequences(
        model.model_hash,
        model.model_json,
        answers,
        now_ms=round(finished.timestamp() * 1000),
        tz=document.get("tz") or "UTC",
        offset_minutes=round((finished.utcoffset() or timedelta()).total_seconds() / 60),
        read_list=model.read_list,
    )


def store_edit(session: Session, response_id: str, edit: Edit, *, reason: str, by: str) -> int | None:
    """Store an edit as the current revision and give its number; None where the response has changed since it was read.

    Raises CollectorError `not_found` where it was deleted meanwhile.
    """
    lock_names(session, [response_id])
    query = select(Response.current_revision, Response.is_conflicted, Response.erased).where(Response.id == response_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise CollectorError("not_found")
    if found.current_revision != edit.base or found.is_conflicted or found.erased:
        return None
    lock_arrival(session, response_id, edit.arrival.document, edit.arrival.placed)
    stored = put(session, response_id, replace(edit.arrival, edited_by=by, edit_reason=reason))
    derive(session, response_id)
    item = {
        "id": response_id,
        "revision": stored.number,
        "hash": edit.arrival.document.content_hash,
        "status": Action.ADD_REVISION.value,
    }
    record(session, "response.edit", response_id, user_id=by, base=edit.base, changed=edit.changed, items=[item])
    return stored.number
