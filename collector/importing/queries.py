"""What an import needs to know of the questionnaire that it goes into."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.importing.documents import Form
from collector.importing.questions import questions_of
from collector.importing.sources import Target
from collector.store import Questionnaire, Version


def find_target(session: Session, form_id: str, time_zone: str) -> Target:
    """The questionnaire with that form id, with the questions of all of its published versions.

    Responses that name no version which is known count for the current one. Raises CollectorError `not_found`, and
    `import_unpublished` where no version is published.
    """
    questionnaire = session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
    if questionnaire is None:
        raise CollectorError("not_found")
    rows = session.execute(
        select(Version.id, Version.version, Version.model_hash, Version.model_json)
        .where(Version.questionnaire_id == questionnaire.id, Version.published_at.is_not(None))
        .order_by(Version.number)
    ).all()
    current = next((row for row in rows if row.id == questionnaire.current_version_id), None)
    if current is None:
        raise CollectorError("import_unpublished")
    models = [json.loads(row.model_json) for row in rows if row is not current]
    current_model = json.loads(current.model_json)
    # Where versions differ in a question, the current one says what it is; of versions of one name, the newest is meant.
    hashes = {row.version: row.model_hash for row in rows} | {current.version: current.model_hash}
    form = Form(form_id, current.version, questions_of([*models, current_model]), hashes, time_zone)
    return Target(form, current_model)
