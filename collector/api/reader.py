"""Who reads in this request, and the questionnaires that addresses name."""

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.api.queries import Reader
from collector.errors import CollectorError
from collector.store import Questionnaire


def current_reader() -> Reader:
    """The token's person as a reader of responses."""
    return Reader(current_scope(), bool(current_user.sees_personal))


def find_questionnaire(session: Session, form_id: str) -> Questionnaire:
    """The questionnaire with that form id. Raises CollectorError `not_found`, also for one never published, but to those who make them."""
    found = session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
    if found is None or (found.current_version_id is None and not current_user.may("questionnaires.change")):
        raise CollectorError("not_found")
    return found


def questionnaire_id_of(session: Session, form_id: str | None) -> int | None:
    """The id of the questionnaire with that form id; None for none. Raises CollectorError `not_found`."""
    return None if form_id is None else find_questionnaire(session, form_id).id
