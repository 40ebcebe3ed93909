"""The response browser and the files of responses."""

import json
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from collector.accounts.queries import list_subdistricts
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.questionnaires.queries import list_questionnaires
from collector.review import decisions, quarantine, queries, unsent, words
from collector.review.answers import read_answers
from collector.review.decisions import compare_heads, flags_in_words, model_of, show_deleted
from collector.review.filters import read_filters
from collector.store import File, Place
from collector.store.file_paths import stored_path
from collector.store.session import reading

bp = Blueprint("review", __name__, url_prefix="/office")
quarantine.add_routes(bp)
decisions.add_routes(bp)
unsent.add_routes(bp)

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
        quarantined=queries.count_quarantine(store).open,
    )


@bp.get("/responses/<response_id>")
@requires("responses.see")
def response(response_id: str) -> Any:
    """One response: answers, flags, files and revisions; `?revision=` shows an earlier or conflicting one."""
    store = reading()
    found = queries.find_response(store, response_id)
    if found is None:
        return show_deleted(response_id)
    revisions = queries.list_revisions(store, response_id)
    number = request.args.get("revision", found.current_revision, type=int)
    revision = next((revision for revision, _phone in revisions if revision.number == number), None)
    if revision is None:
        raise CollectorError("not_found")
    document = json.loads(revision.document)
    model = model_of(revision)
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
        conflict=compare_heads(found, revisions) if found.is_conflicted else None,
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
