"""The blueprint of the API: whoever asks shows an access token with every request; cookies count for nothing."""

from flask import Blueprint, Response, request

from collector.accounts.access_tokens import authenticate

bp = Blueprint("api", __name__, url_prefix="/api/v1")

#: What tells nothing of anybody, and needs no token.
OPEN = "api.openapi"


@bp.before_request
def require_token() -> None:
    """Let the request act with its token. Raises CollectorError `token_unknown` or `token_read_only`."""
    if request.endpoint != OPEN:
        authenticate(request)


@bp.after_request
def add_headers(answer: Response) -> Response:
    """Say how to authenticate (RFC 6750, section 3)."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Collector"'
    return answer
