"""Codes of flags, states and quarantine reasons in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from collector.store.responses import (
    ACCEPTED,
    APPROVED,
    ARRIVED,
    RECEIVED,
    REJECTED,
    RESUBMITTED,
    RETURNED,
    SET_ASIDE,
)

#: What was noticed about a response. The codes are those of docs/engine.md and of the intake.
FLAGS: dict[str, Any] = {
    "unknown_question": _l("There is an answer whose question this version does not have."),
    "bad_type": _l("The answer is not of the question's type."),
    "unknown_choice": _l("The answer is not among the choices."),
    "required_missing": _l("A required answer is missing."),
    "constraint_broken": _l("The answer breaks the question's rule."),
    "not_relevant": _l("There is an answer although the question did not apply."),
    "reason_unknown": _l("A reason is given for no answer that the questionnaire does not offer."),
    "reason_beside_answer": _l("There is an answer, and a reason why there is none."),
    "calculate_differs": _l("The calculated value does not follow from the answers."),
    "unknown_place": _l("The community's code is not known here."),
    "unknown_author": _l("The volunteer is not known here."),
    "unknown_version": _l("The questionnaire's version is not known here, so the answers could not be checked."),
    "edition_of_unknown": _l(
        "It says that it corrects a response that is not here, or somebody else's. It stands for itself."
    ),
    "no_consent": _l("There are answers to personal questions, and the respondent has not agreed to give them."),
    "erased_before": _l("Its answers had been erased when it came once more; what had been erased was left out."),
    "clock_differs": _l("The phone's clock was wrong by more than 15 minutes."),
    "check_timed_out": _l("The check took too long and was stopped."),
    "check_skipped_too_large": _l("It has more rows than any interview, and was not checked."),
    "check_failed": _l("The check could not be done."),
    "lists_too_large": _l("The questionnaire's lists are too large for the check."),
    "not_an_image": _l("The photo is not a picture."),
    "late": _l("It was finished in time and arrived after the questionnaire had closed."),
    "finished_after_close": _l("It was finished after the questionnaire had closed; a supervisor accepted it."),
    "finished_before_open": _l("It was finished before the questionnaire opened; a supervisor accepted it."),
}

#: Why a question has no answer, by the reasons that a form may allow (docs/form-model.md, `missing`).
MISSING: dict[str, Any] = {
    "declined": _l("Declines to answer"),
    "dont_know": _l("Does not know"),
}

STATES: dict[str, Any] = {
    RECEIVED: _l("received"),
    RESUBMITTED: _l("resubmitted"),
    RETURNED: _l("returned"),
    APPROVED: _l("approved"),
    REJECTED: _l("rejected"),
}

#: Why a document is in quarantine.
REASONS: dict[str, Any] = {
    "document_not_json": _l("It is not JSON."),
    "document_malformed": _l("A part that every response has is missing or has the wrong shape."),
    "document_too_large": _l("It is larger than a response may be."),
    "id_missing": _l("It has no id."),
    "form_unknown": _l("Its questionnaire is not known here. Upload and publish it."),
    "id_of_other_form": _l("Another questionnaire's response has the same id."),
    "id_deleted": _l("A supervisor deleted an earlier state of this response."),
    "finished_after_close": _l("It was finished after the questionnaire had closed."),
    "finished_before_open": _l("It was finished before the questionnaire opened."),
}

#: What became of a quarantined document.
RESOLUTIONS: dict[str, Any] = {
    ACCEPTED: _l("accepted"),
    SET_ASIDE: _l("put aside"),
    ARRIVED: _l("found its place"),
}

#: What the respondent said when asked for consent.
CONSENTS: dict[str, Any] = {"given": _l("given"), "refused": _l("refused")}

#: What was erased of a response.
ERASED: dict[str, Any] = {
    "personal": _l("personal answers erased"),
    "all": _l("all answers erased"),
}

#: Why answers were erased.
ERASURE_REASONS: dict[str, Any] = {
    "request": _l("somebody asked for it"),
    "retention": _l("their time was over"),
}

#: Why a response was deleted. The codes stay in the database and the journal.
DELETION_REASONS: dict[str, Any] = {
    "test": _l("It was only a test"),
    "doubled": _l("The same interview was entered twice"),
    "withdrawn": _l("The respondent wants it erased"),
    "other": _l("Another reason"),
}


def in_words(words: dict[str, Any], code: str) -> str:
    """The words for `code`; the code itself when a later release wrote one that has none here."""
    return str(words.get(code, code))
