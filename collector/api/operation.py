"""What every operation of the API shares: who may, what it takes and gives. The OpenAPI document is made of the same statements."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from marshmallow import Schema, ValidationError

from collector.api.shapes import read_arguments
from collector.errors import CollectorError

#: Where a view keeps what is stated of it.
STATED = "api_operation"

View = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """What is stated of a view. `needs`: an action of collector/accounts/permissions.py; `answer`: None for bytes or for nothing.

    `summary`: translated when it is read; `media_type`: of an answer that is no JSON; `faults`: statuses of errors besides those that
    every operation can give.
    """

    summary: Any
    needs: str | None = None
    query: Schema | None = None
    body: Schema | None = None
    answer: Schema | None = None
    status: int = 200
    media_type: str = "application/json"
    faults: tuple[int, ...] = ()


def operation(summary: Any, **stated: Any) -> Callable[[View], View]:
    """State what a view is. It is then called with the parts of its address, and with `query` and `body` where it takes them.

    What it gives is shaped by its answer's schema; a Response goes out as it is.
    """
    described = Operation(summary, **stated)

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(**parts: Any) -> Response:
            if described.needs is not None and not current_user.may(described.needs):
                raise CollectorError("not_allowed")
            given = view(**parts, **_read_request(described))
            return given if isinstance(given, Response) else _write_answer(described, given)

        setattr(answered, STATED, described)
        return answered

    return decorate


def _read_request(described: Operation) -> dict[str, Any]:
    """Query and body of the request. Raises CollectorError `input_invalid` with what is wrong with which field."""
    read: dict[str, Any] = {}
    try:
        if described.query is not None:
            read["query"] = read_arguments(described.query, request.args)
        elif request.args:
            raise ValidationError({name: ["Unknown field."] for name in request.args})
        if described.body is not None:
            read["body"] = described.body.load(_read_json())
    except ValidationError as error:
        raise CollectorError("input_invalid", fields=error.messages_dict) from None
    return read


def _read_json() -> Any:
    if request.mimetype != "application/json":
        raise CollectorError("media_type")
    try:
        content = request.get_json()
    except RecursionError:
        raise CollectorError("body_not_json") from None
    if not isinstance(content, dict):
        raise CollectorError("input_invalid", fields={})
    if _holds_nul(content):
        raise CollectorError("request_malformed")
    return content


def _holds_nul(content: dict[str, Any]) -> bool:
    """Tell whether a text of a body holds the character NUL, which PostgreSQL has no place for, or half a character."""
    texts = [value for value in content.values() if isinstance(value, str)]
    texts += [part for value in content.values() if isinstance(value, list) for part in value if isinstance(part, str)]
    return any("\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text) for text in texts)


def _write_answer(described: Operation, given: Any) -> Response:
    if described.answer is None:
        return Response(status=described.status)
    content = current_app.json.dumps(described.answer.dump(given), ensure_ascii=False, sort_keys=False)
    answer = Response(content, described.status, mimetype="application/json")
    if request.method in ("GET", "HEAD"):
        answer.add_etag()
        answer.make_conditional(request)
    return answer
