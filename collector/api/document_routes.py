"""The OpenAPI document, and the same as a page for people."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from collector.accounts.signed_in import requires_sign_in
from collector.api.blueprint import bp
from collector.api.openapi import api_rules, current_document, path_of

#: The page of the office; it has a session, not a token.
office_bp = Blueprint("api_office", __name__, url_prefix="/office/api")


@bp.get("/openapi.json")
def openapi() -> dict[str, Any]:
    """What the API is; it tells nothing of anybody."""
    return current_document()


@office_bp.get("")
@requires_sign_in
def page() -> str:
    """What programs can ask, in words."""
    document = current_document()
    operations = [
        {
            "path": path_of(rule),
            "method": method.upper(),
            "summary": stated.summary,
            "described": document["paths"][path_of(rule)][method],
        }
        for rule, method, stated in api_rules(current_app)
    ]
    for one in operations:
        one["fields"] = listed(one["described"])
    return render_template(
        "office/api.html",
        operations=operations,
        base=current_app.config["SETTINGS"].public_url,
        document=url_for("api.openapi"),
    )


def listed(described: dict[str, Any]) -> list[tuple[str, str]]:
    """Names of what an operation takes, each with what it is, as the document has it."""
    found = [
        (one["name"], words_of(one["schema"], one.get("description", "")))
        for one in described["parameters"]
        if one["in"] == "query"
    ]
    if "requestBody" in described:
        reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        shape = current_document()["components"]["schemas"][reference.rpartition("/")[2]]
        found += [
            (name, words_of(schema, schema.get("description", ""))) for name, schema in shape["properties"].items()
        ]
    return found


def words_of(schema: dict[str, Any], description: str) -> str:
    """What a value may be, in words."""
    kinds = schema.get("type", "")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if "enum" in schema:
        kind = ", ".join(str(value) for value in schema["enum"])
    return f"{description} ({schema.get('format', kind)})".strip()
