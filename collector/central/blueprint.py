"""The blueprint of `/v1`: who may ask, and errors as clients of ODK Central read them."""

from typing import Any

from flask import Blueprint, g, jsonify, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from collector.central.access import authenticate
from collector.central.problems import problem_of
from collector.errors import ERRORS, CollectorError

bp = Blueprint("central", __name__, url_prefix="/v1")

#: The one project: Collector has no others inside it.
PROJECT = 1
#: Beginning a session asks nobody who they are; who somebody is may be asked by everybody of the office.
FOR_ANYONE = frozenset({"central.begin_session"})
FOR_EVERYBODY = frozenset({"central.current_user_shape", "central.current_session", "central.end_session"})
#: What reading responses needs (collector/accounts/permissions.py).
ACTION = "responses.export"
#: Codes of plain HTTP errors; all others are about what is not there.
OF_STATUS = {400: "request_malformed", 413: "body_too_large", 415: "media_type"}


@bp.before_request
def let_in() -> None:
    """Let in whoever shows who they are and may export responses. Raises CollectorError `not_allowed` and those of `authenticate`."""
    if request.endpoint in FOR_ANYONE:
        return
    g.central_token = authenticate(request)
    if request.endpoint not in FOR_EVERYBODY and not current_user.may(ACTION):
        raise CollectorError("not_allowed")


@bp.errorhandler(CollectorError)
def answer_problem(error: CollectorError) -> tuple[Any, int]:
    """Give an error in ODK Central's shape; to nobody known also how they can say who they are (RFC 9110, section 11.6.1)."""
    answer = jsonify(problem_of(error))
    if error.status == 401:
        # Bearer is not named: Excel and Power BI would ask for an organisation's account.
        answer.headers["WWW-Authenticate"] = 'Basic realm="Collector", charset="UTF-8"'
    return answer, error.status


@bp.errorhandler(HTTPException)
def answer_http_problem(error: HTTPException) -> Any:
    """Give an HTTP error of Flask's in the same shape; redirects pass through."""
    if (error.code or 500) < 400:
        return error
    code = OF_STATUS.get(error.code or 500, "not_found")
    details = {"limit_bytes": request.max_content_length} if code == "body_too_large" else {}
    assert code in ERRORS
    return answer_problem(CollectorError(code, **details))


@bp.after_request
def name_version(answer: Response) -> Response:
    """Say which OData this is (OData 4.0, part 1, section 8.1.5)."""
    if ".svc" in request.path:
        answer.headers["OData-Version"] = "4.0"
    return answer


def require_project(project_id: int) -> None:
    """Raises CollectorError `not_found` for another project than the one there is."""
    if project_id != PROJECT:
        raise CollectorError("not_found")
