"""Files of responses: asked for, watched, fetched. The same ones as on the page of exports."""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from collector.api.blueprint import bp
from collector.api.inputs import ExportRequestSchema
from collector.api.operation import operation
from collector.api.reader import find_questionnaire
from collector.api.response_routes import BYTES, EXPORT
from collector.api.schemas import ExportSchema, list_of
from collector.export.jobs.operations import ask_export, delete_export
from collector.export.jobs.queries import find_job, jobs_of
from collector.export.jobs.sending import send_export
from collector.export.options import MANY, Options
from collector.store import ExportJob, Questionnaire
from collector.store.session import reading, writing


@bp.get("/exports")
@operation(_l("Exports"), needs=EXPORT, answer=list_of(ExportSchema))
def exports() -> dict[str, Any]:
    """The person's files, newest first."""
    return {"items": [describe(job, owner) for job, owner in jobs_of(reading(), current_user.id)]}


@bp.post("/exports")
@operation(
    _l("Ask for an export"),
    needs=EXPORT,
    body=ExportRequestSchema(),
    answer=ExportSchema(),
    status=201,
    faults=(404, 429),
)
def ask(body: dict[str, Any]) -> dict[str, Any]:
    """Have a file made in the background; what is left out of the options stands as on the page."""
    with writing() as session:
        questionnaire = find_questionnaire(session, body.pop("questionnaire"))
        given: dict[str, Any] = {name: tuple(value) if name in MANY else value for name, value in body.items()}
        options = Options(**given)
        job = ask_export(session, current_user.id, questionnaire, options)
        return describe(job, questionnaire)


@bp.get("/exports/<job_id>")
@operation(_l("An export"), needs=EXPORT, answer=ExportSchema(), faults=(404,))
def export(job_id: str) -> dict[str, Any]:
    """How far a file is."""
    session = reading()
    job = find_job(session, job_id, current_user.id)
    return describe(job, session.get_one(Questionnaire, job.questionnaire_id))


@bp.get("/exports/<job_id>/file")
@operation(_l("The file of an export"), needs=EXPORT, media_type=BYTES, faults=(404, 409, 416))
def export_file(job_id: str) -> Response:
    """The file, once it is ready; a part of it where the request asks for a range."""
    return send_export(find_job(reading(), job_id, current_user.id))


@bp.delete("/exports/<job_id>")
@operation(_l("Delete an export"), needs=EXPORT, status=204, faults=(404,))
def delete_file(job_id: str) -> None:
    """Delete a file; one that is being made is given up."""
    with writing() as session:
        delete_export(session, find_job(session, job_id, current_user.id))


def describe(job: ExportJob, questionnaire: Questionnaire) -> dict[str, Any]:
    """A job as the API gives it."""
    names = ("id", "state", "created_at", "finished_at", "done", "total", "file_name", "size_bytes", "sha256", "error")
    known = {name: value for name, value in job.options.items() if name in Options.__dataclass_fields__}
    return {name: getattr(job, name) for name in names} | {"questionnaire": questionnaire.form_id, "options": known}
