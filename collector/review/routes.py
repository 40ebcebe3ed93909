"""The response browser: the list, one response, and its files."""

import io
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake import words
from collector.intake.rules import RULES
from collector.languages import language
from collector.place_order import read_order
from collector.questionnaires.personal import MADE_OF_ANSWERS
from collector.questionnaires.published import form_model
from collector.review import (
    conflicts,
    decisions,
    deletions,
    duplicates,
    editing,
    quarantine,
    queries,
    unsent,
)
from collector.review.access import asked_filters, find_visible, find_visible_file, hidden_paths, shows_names
from collector.review.columns import Column, list_columns
from collector.review.deletions import show_deleted
from collector.review.filters import BOTH, REAL, Filters
from collector.review.inputs import BulkForm
from collector.review.listing import MAX_AT_ONCE, count_matching, find_page
from collector.review.personal import bare_file_path, is_hidden
from collector.review.response_page import show_response
from collector.review.rows import list_authors, list_places, list_titles, make_rows
from collector.review.thumbnails import make_thumbnail
from collector.store import File, Questionnaire, utc_now
from collector.store import Response as ResponseRow
from collector.store.contents import FILES, contents
from collector.store.session import reading

bp = Blueprint("review", __name__, url_prefix="/office")
for pages in (quarantine, conflicts, deletions, decisions, editing, duplicates, unsent):
    pages.add_routes(bp)

#: Pictures that a browser may show, and recordings that it may play; whatever else a phone sent is only handed out to be saved.
PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PLAYED_TYPES = frozenset({"audio/ogg", "audio/mpeg", "audio/wav", "video/webm", "video/mp4"})
#: Seconds for which a browser may keep a picture: what lies under an address never changes.
KEPT_S = 3600


@bp.app_template_global("shown_as")
def shown_as(found: File) -> str:
    """How a page shows a file: picture, audio, video, or "" for a link alone. By its bytes; what is heard only, by what the phone says."""
    if found.detected_type in PICTURE_TYPES:
        return "picture"
    if found.detected_type not in PLAYED_TYPES:
        return ""
    # The same containers hold sound alone.
    is_sound = found.detected_type.startswith("audio/") or found.claimed_type.startswith("audio/")
    return "audio" if is_sound else "video"


@bp.get("/responses")
@requires("responses.see")
def responses() -> str:
    """The list of responses that the filters of the address let through."""
    seen_at = utc_now()
    store, scope, filters = reading(), current_scope(), asked_filters()
    titles = list_titles(store, language())
    questionnaire = next((one for one, _title in titles.values() if one.form_id == filters.questionnaire), None)
    filters, offered = fit_to_reader(store, filters, questionnaire)
    found, before, after = find_page(store, filters, scope)
    rows = make_rows(store, found, filters.columns, language(), filters.labels or language())
    labels = {column.path: column.label for column in offered}
    total = count_matching(store, filters, scope)
    return render_template(
        "office/responses.html",
        filters=filters,
        seen_at=seen_at,
        rows=rows,
        before=before,
        after=after,
        total=total.shown(filters) if total else None,
        tests=total.tests if total and filters.tests == REAL else 0,
        titles=titles,
        named={one.id for one, _title in titles.values() if shows_names(one)},
        places=list_places(read_order(store), scope, language()),
        authors=list_authors(store, scope),
        states=words.STATES,
        flags=words.FLAGS | {code: rule.words for code, rule in RULES.items()},
        offered=offered,
        chosen=[Column(path, labels[path]) for path in filters.columns],
        quarantined=queries.count_quarantine(store).open if current_user.may("quarantine.change") else 0,
        bulk_form=BulkForm(formdata=None),
        max_at_once=MAX_AT_ONCE,
        batch=queries.find_batch(store, request.args.get("done", ""), current_user.id),
        both=BOTH,
    )


def fit_to_reader(
    store: Session, filters: Filters, questionnaire: Questionnaire | None
) -> tuple[Filters, list[Column]]:
    """The filters with the columns that this person may choose, and all these: of one questionnaire, none that are hidden."""
    offered: list[Column] = []
    if questionnaire and questionnaire.current_version_id:
        model = form_model(store, questionnaire.current_version_id).tree
        offered = list_columns(model, filters.labels or language(), hidden_paths(questionnaire))
    known = {column.path for column in offered}
    return filters.only_columns(known), offered


@bp.get("/responses/<response_id>")
@requires("responses.see")
def response(response_id: str) -> Any:
    """One response; of a deleted one what is remembered."""
    if reading().get(ResponseRow, response_id) is None:
        return show_deleted(response_id)
    return show_response(find_visible(reading(), response_id))


@bp.get("/files/<file_id>")
@requires("responses.see")
def file(file_id: str) -> Response:
    """The bytes of a file, shown only if they are a picture or a recording; nothing in them may run."""
    found = visible_file(file_id)
    is_inline = found.detected_type in PICTURE_TYPES | PLAYED_TYPES
    answer = contents().send(
        FILES,
        found.sha256,
        found.detected_type if is_inline else "application/octet-stream",
        as_attachment=not is_inline,
        download_name=found.name,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get("/files/<file_id>/small")
@requires("responses.see")
def small_picture(file_id: str) -> Any:
    """A photo in a size for lists; the photo itself where no small one can be made of it."""
    found = visible_file(file_id)
    content = small(found) if found.detected_type in PICTURE_TYPES else None
    if content is None:
        return redirect(url_for("review.file", file_id=file_id))
    answer = send_file(io.BytesIO(content), mimetype="image/jpeg", etag=f"{found.sha256}-small", max_age=KEPT_S)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.cache_control.private = True
    return answer


def small(found: File) -> bytes | None:
    """A small picture of a photo; None for what is none."""
    with contents().open(FILES, found.sha256) as photo:
        return make_thumbnail(photo)


def visible_file(file_id: str) -> File:
    """A file that the person may see and whose bytes are there. Raises CollectorError `not_found`."""
    store = reading()
    found, owner = find_visible_file(store, file_id)
    if owner is not None and is_personal(store, found, owner):
        raise CollectorError("not_found")
    if not contents().has(FILES, found.sha256):
        raise CollectorError("not_found")
    return found


def is_personal(store: Session, found: File, owner: ResponseRow) -> bool:
    """Tell whether a file answers a question that is hidden from this person, in any revision of its response.

    What no revision names, as a client may send it besides, might answer any question.
    """
    hidden = hidden_paths(store.get(Questionnaire, owner.questionnaire_id))
    if not hidden:
        return False
    paths = {
        bare_file_path(named.path)
        for revision, _phone in queries.list_revisions(store, owner.id)
        for named in queries.name_files(store, owner.id, queries.files_of(revision))
        if named.name == found.name
    }
    return not paths or any(is_hidden(path, (*hidden, *MADE_OF_ANSWERS)) for path in paths)
