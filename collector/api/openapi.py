"""The OpenAPI 3.1 document, made of what the views state and of the schemas that they use."""

import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, current_app
from flask_babel import force_locale
from marshmallow import Schema
from werkzeug.routing import Rule

from collector.api.blueprint import bp
from collector.api.operation import STATED, Operation
from collector.api.schemas import ErrorSchema

#: What each status of an error means.
FAULTS = {
    400: "Something in the request cannot be read or used.",
    401: "No access token, or one that is not known, has expired or was taken back.",
    403: "The token may only read, or the person's role does not allow this.",
    404: "There is nothing of this name, or nothing that the person may see.",
    405: "This address does not take that kind of request.",
    409: "Not in this state.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    416: "The file has no such range.",
    429: "As many files as one person may wait for are being made already.",
    503: "The server cannot store anything right now. Try again in a moment.",
}
#: What every operation can answer, and those with a body besides.
ALWAYS, WITH_BODY = (400, 401, 403, 405, 503), (413, 415)
#: Where the app keeps its document.
EXTENSION = "collector_openapi"
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
SENTENCES = """Everything that a program may read of a Collector, with an access token of a person of the office: it sees what that person
sees, and no more. Tokens are made on the page "My account"."""


def api_rules(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Every operation of the API: its rule, its method and what is stated of it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        stated = getattr(view, STATED, None)
        if rule.endpoint.startswith(f"{bp.name}.") and stated is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method.lower(), stated


def make_document(app: Flask) -> dict[str, Any]:
    """The document of `app`."""
    spec = APISpec(
        title="Collector",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name_of)],
        info={"description": " ".join(SENTENCES.split())},
        servers=[{"url": app.config["SETTINGS"].public_url}],
        security=[{"token": []}],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for status, words in FAULTS.items():
        content = {"application/json": {"schema": ErrorSchema()}}
        spec.components.response(f"E{status}", {"description": words, "content": content})
    for rule, method, stated in api_rules(app):
        spec.path(path=path_of(rule), operations={method: _describe(app, rule, method, stated)})
    document: dict[str, Any] = spec.to_dict()
    return document


def current_document() -> dict[str, Any]:
    """The document of the current app, made once by each process."""
    if EXTENSION not in current_app.extensions:
        with force_locale("en"):
            current_app.extensions[EXTENSION] = make_document(current_app)
    document: dict[str, Any] = current_app.extensions[EXTENSION]
    return document


def path_of(rule: Rule) -> str:
    """The address of a rule as the document has it: `/api/v1/responses/{response_id}`."""
    return _PART.sub(r"{\2}", rule.rule)


def _name_of(schema: Any) -> str:
    kind = type(schema) if isinstance(schema, Schema) else schema
    return str(kind.__name__).removesuffix("Schema")


def _describe(app: Flask, rule: Rule, method: str, stated: Operation) -> dict[str, Any]:
    """One operation as the document has it."""
    words = (app.view_functions[rule.endpoint].__doc__ or "").strip()
    if stated.needs is not None:
        words += f" Needs the right “{stated.needs}”."
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": str(stated.summary),
        "description": words,
        "parameters": [_part(kind, name) for kind, name in _PART.findall(rule.rule)],
        "responses": _answers(method, stated),
    }
    if stated.query is not None:
        described["parameters"].append({"in": "query", "schema": stated.query})
    if stated.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": stated.body}}}
    return described


def _part(kind: str, name: str) -> dict[str, Any]:
    """A part of an address."""
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^/]+$"}
    if kind == "int":
        schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    return {"in": "path", "name": name, "required": True, "schema": schema}


def _answers(method: str, stated: Operation) -> dict[str, Any]:
    """All that an operation can answer."""
    found: dict[str, Any] = {
        str(stated.status): {"description": "Done." if stated.answer is None else str(stated.summary)}
    }
    good = found[str(stated.status)]
    if stated.answer is not None:
        good["content"] = {stated.media_type: {"schema": stated.answer}}
    elif stated.status != 204:
        # Bytes (OpenAPI 3.1, section 4.8.14.3): no schema describes them.
        good["content"] = {stated.media_type: {}}
    if method == "get":
        found["304"] = {"description": "Unchanged since the answer whose ETag the request names in If-None-Match."}
    if 416 in stated.faults:
        found["206"] = {"description": "The range that was asked for.", "content": {stated.media_type: {}}}
    with_body = WITH_BODY if stated.body is not None else ()
    for status in sorted({*ALWAYS, *stated.faults, *with_body}):
        found[str(status)] = f"E{status}"
    return found
