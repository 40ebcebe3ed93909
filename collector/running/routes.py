"""Health for whoever sends requests here, metrics for Prometheus, and the owner's page."""

from hmac import compare_digest

from flask import Blueprint, Response, current_app, render_template, request
from sqlalchemy import text

from collector.accounts.guesses import count_guess
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import size_words
from collector.running.exposition import CONTENT_TYPE, exposition, is_of_this_machine
from collector.running.judge import AMBER, GREEN, RED, judge, worst
from collector.running.queries import read_state
from collector.running.readiness import reasons_against
from collector.store.session import reading

health_bp = Blueprint("health", __name__)
bp = Blueprint("running", __name__, url_prefix="/office")

#: How a level is shown: kind of the tag and icon.
LOOKS = {GREEN: ("success", "check"), AMBER: ("warning", "warning"), RED: ("danger", "stop")}


bp.add_app_template_filter(size_words, "size_words")


@health_bp.get("/healthz")
def healthz() -> Response:
    """Answer 200 once the process serves and reaches its database."""
    reading().execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@health_bp.get("/readyz")
def readyz() -> Response:
    """Answer 200 when this host should get requests, else 503 with a line for each reason."""
    reasons = reasons_against()
    return Response("".join(f"{line}\n" for line in reasons or ["ok"]), 503 if reasons else 200, mimetype="text/plain")


@health_bp.get("/metrics")
def show_metrics() -> Response:
    """Figures for Prometheus: for whoever knows METRICS_TOKEN; without one, for this machine itself."""
    check_may_measure(current_app.config["SETTINGS"].metrics_token)
    return Response(exposition(), content_type=CONTENT_TYPE)


def check_may_measure(token: str) -> None:
    """Raise CollectorError `token_unknown` or `not_allowed` for somebody who may not see the figures."""
    if not token:
        if not is_of_this_machine(request.headers, request.remote_addr):
            raise CollectorError("not_allowed")
        return
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    is_token = scheme.lower() == "bearer" and bool(given)
    if is_token and compare_digest(given.strip().encode(), token.encode()):
        return
    if is_token:
        count_guess(given, request.remote_addr or "")
    raise CollectorError("token_unknown")


@bp.get("/status")
@requires("installation.see")
def status() -> str:
    """How the installation is doing, and what to do about what is not well."""
    state = read_state(reading())
    lines = judge(state)
    return render_template("office/status.html", state=state, lines=lines, worst=worst(lines), looks=LOOKS, RED=RED)
