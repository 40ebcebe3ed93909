"""Why a document could not be placed, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

#: Reason codes of the quarantine and what they mean to the volunteer and the supervisor.
REASONS: dict[str, Any] = {
    "document_not_json": _l("This is not a response: it is not JSON."),
    "document_malformed": _l("This response lacks a part that every response has, or a part has the wrong shape."),
    "document_too_large": _l("This response is too large to be checked."),
    "id_missing": _l("This response has no id."),
    "form_unknown": _l("The server does not know this response's questionnaire."),
    "id_of_other_form": _l("Another questionnaire's response has the same id."),
    "id_deleted": _l("A supervisor deleted an earlier state of this response."),
    "finished_after_close": _l("This response was finished after the questionnaire had closed."),
    "finished_before_open": _l("This response was finished before the questionnaire opened."),
}
#: Reasons for which the document needs another id to become a response.
NEEDS_NEW_ID = frozenset({"id_missing", "id_of_other_form", "id_deleted"})
#: Reasons that a supervisor can set aside by accepting the document all the same.
ACCEPTABLE = NEEDS_NEW_ID | {"form_unknown", "finished_after_close", "finished_before_open"}


def reason_text(reason: str) -> str:
    """The sentence for `reason` in the present language. It ends by saying that nothing is lost."""
    # Not inside the braces of an f-string: there the extraction of texts does not see it.
    kept = _l("It is kept at the server, and a supervisor will look at it.")
    return f"{REASONS[reason]} {kept}"
