"""Everything under `/v1`, put together."""

from typing import Any

from flask import request

from collector.central import form_routes, odata_routes, session_routes, submission_routes
from collector.central.blueprint import bp
from collector.errors import CollectorError

__all__ = ["bp", "form_routes", "odata_routes", "session_routes", "submission_routes"]


@bp.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@bp.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def anything_else(path: str = "") -> Any:
    """What ODK Central may have and Collector has not: there is nothing to read, and nothing is written this way."""
    if request.method in ("GET", "HEAD"):
        raise CollectorError("not_found")
    raise CollectorError("option_unsupported", feature=f"{request.method} /v1/{path}"[:100])
