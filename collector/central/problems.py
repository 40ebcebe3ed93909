"""Errors in ODK Central's shape: `{"code": 404.1, "message": …, "details": …}`. Pure."""

from typing import Any

from collector.errors import CollectorError

#: ODK Central's code for each error of ours that it has one for. Of others it is the status with `.1` behind it.
CODES: dict[str, float] = {
    "body_not_json": 400.1,
    "request_malformed": 400.1,
    "parameter_missing": 400.2,
    "parameter_value": 400.8,
    "odata_filter": 400.18,
    "odata_property": 400.23,
    "odata_select_in_repeat": 400.24,
    "token_unknown": 401.2,
    "credentials_wrong": 401.2,
    "not_allowed": 403.1,
    "not_found": 404.1,
    "form_file_unknown": 404.1,
    "format_unacceptable": 406.1,
    "option_unsupported": 501.1,
    "odata_filter_unsupported": 501.4,
    "odata_field_unsupported": 501.5,
    "odata_expand": 501.6,
    "odata_select_expand": 501.11,
}


def problem_of(error: CollectorError) -> dict[str, Any]:
    """The body of an answer that says what went wrong. The whole part of its code is the HTTP status."""
    code = CODES.get(error.code, error.status + 0.1)
    return {"code": code, "message": error.message, "details": error.details or None}
