"""What of responses the person who is signed in may see: those of their places, without the personal answers that are not for them."""

from flask import request
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.errors import CollectorError
from collector.review.filters import Filters, read_filters
from collector.store import File, Questionnaire, Response


def find_visible(session: Session, response_id: str) -> Response:
    """The response with that id. Raises CollectorError `not_found` where there is none in the scope."""
    found = session.get(Response, response_id)
    if found is None:
        raise CollectorError("not_found")
    current_scope().require(found.place_id)
    return found


def find_visible_file(session: Session, file_id: str) -> tuple[File, Response | None]:
    """A file that has arrived whole, with its response if that is there already. Raises CollectorError `not_found` as above."""
    found = session.get(File, file_id)
    if found is None or found.completed_at is None:
        raise CollectorError("not_found")
    response = session.get(Response, found.response_id)
    # A file may come before its response, and then belongs to no place.
    current_scope().require(response.place_id if response else None)
    return found, response


def asked_filters() -> Filters:
    """The filters of this request's address, as far as they are for the person: nothing may tell them whose name a word is of."""
    return read_filters(request.args).for_reader(sees_personal=current_user.sees_personal)


def hidden_paths(questionnaire: Questionnaire | None) -> frozenset[str]:
    """Paths of the questions, without the root's name, whose answers the person may not see."""
    if questionnaire is None or current_user.sees_personal:
        return frozenset()
    return frozenset(str(path) for path in questionnaire.personal_fields)


def shows_names(questionnaire: Questionnaire | None) -> bool:
    """Whether the person may see the names of responses: those are made of answers, and may tell who somebody is."""
    return not hidden_paths(questionnaire)
