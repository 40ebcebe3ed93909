"""Whether this process serves."""

from flask import Blueprint, Response
from sqlalchemy import text

from collector.store.session import reading

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Answer 200 once the process serves and reaches its database."""
    reading().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
