"""The response browser, the files of responses, and the quarantine."""

import json
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from collector.accounts.queries import list_subdistricts
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.questionnaires.published import form_model
from collector.questionnaires.queries import list_questionnaires
from collector.review import queries, words
from collector.review.answers import label_of, read_answers
from collector.review.filters import read_filters, read_id
from collector.store import File, Place, QuarantinedDocument, Revision
from collector.store.file_paths import stored_path
from collector.store.session import reading

bp = Blueprint("review", __name__, url_prefix="/office")

#: Pictures that a browser may show; whatever else a phone sent is only handed out to be saved.
INLINE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@bp.get("/responses")
@requires("responses.see")
def responses() -> str:
    """The list of responses, newest first."""
    store, filters = reading(), read_filters(request.args)
    return render_template(
        "office/responses.html",
        filters=filters,
        page=queries.list_responses(store, filters, language()),
        questionnaires={row.questionnaire.id: row for row in list_questionnaires(store)},
        subdistricts=list_subdistricts(store, language()),
        authors=queries.list_authors(store),
        states=words.STATES,
    )


@bp.get("/responses/<response_id>")
@requires("responses.see")
def response(response_id: str) -> str:
    """One response: answers, flags, files and revisions; `?revision=` shows an earlier or conflicting one."""
    store = reading()
    found = queries.find_response(store, response_id)
    if found is None:
        raise CollectorError("not_found")
    revisions = queries.list_revisions(store, response_id)
    number = request.args.get("revision", found.current_revision, type=int)
    revision = next((revision for revision, _phone in revisions if revision.number == number), None)
    if revision is None:
        raise CollectorError("not_found")
    document = json.loads(revision.document)
    model = form_model(store, revision.version_id).tree if revision.version_id else None
    place = store.get(Place, found.place_id) if found.place_id else None
    questionnaire = next(row for row in list_questionnaires(store) if row.questionnaire.id == found.questionnaire_id)
    return render_template(
        "office/response.html",
        found=found,
        revision=revision,
        revisions=revisions,
        document=document,
        questionnaire=questionnaire,
        place=place.name(language()) if place else found.place_code,
        author=queries.name_of_author(store, found.author_id),
        items=read_answers(model, document["answers"], language()),
        flags=flags_in_words(revision, model),
        files=queries.name_files(store, response_id, document.get("files") or []),
        inline_types=INLINE_TYPES,
        state=words.in_words(words.STATES, found.state),
    )


@bp.get("/files/<file_id>")
@requires("responses.see")
def file(file_id: str) -> Response:
    """The bytes of a file, shown only if they are a picture; nothing in them may run."""
    found = reading().get(File, file_id)
    if found is None or found.completed_at is None:
        raise CollectorError("not_found")
    path = stored_path(found.sha256)
    if not path.is_file():
        raise CollectorError("not_found")
    is_inline = found.detected_type in INLINE_TYPES
    answer = send_file(
        path,
        mimetype=found.detected_type if is_inline else "application/octet-stream",
        as_attachment=not is_inline,
        download_name=found.name,
        etag=found.sha256,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get("/quarantine")
@requires("responses.see")
def quarantine() -> str:
    """What phones sent and what could not be placed."""
    store = reading()
    documents, next_id = queries.list_quarantine(store, request.args.get("before", type=read_id))
    return render_template(
        "office/quarantine.html",
        documents=[(document, words.in_words(words.REASONS, document.reason)) for document in documents],
        phones=queries.phones_by_id(store, (document.device_id for document in documents)),
        next_id=next_id,
    )


@bp.get("/quarantine/<int:document_id>/document")
@requires("responses.see")
def quarantined_document(document_id: int) -> Response:
    """A quarantined document as it came, to be saved."""
    found = reading().get(QuarantinedDocument, document_id)
    if found is None:
        raise CollectorError("not_found")
    answer = Response(found.document, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"quarantine-{document_id}.txt")
    return answer


def flags_in_words(revision: Revision, model: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The flags of a revision: the question's label, "" when it is about the whole response, and what was noticed."""
    return [
        (
            label_of(model, flag["path"], language()) if flag.get("path") else "",
            words.in_words(words.FLAGS, flag["code"]),
        )
        for flag in revision.flags
    ]
