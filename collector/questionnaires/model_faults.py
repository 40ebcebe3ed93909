"""The engine's faults of a form model, brought back to the workbook's rows and columns."""

from __future__ import annotations

from collector.questionnaires.columns import Table, TableRow
from collector.questionnaires.engine import EngineError, Fault, shared_engine
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import Outline
from collector.questionnaires.references import shorten

# The engine's codes -> ours.
_CODES = {
    "unknown_function": "expression_function",
    "argument_count": "expression_function",
    "not_nodes": "expression_function",
    "unknown_list": "expression_list",
    "circle": "expression_circle",
    "unknown_path": "expression_path",
}
# A name that is no question is an empty node-set in XPath, and forms in use live with it: `null` is written so.
_TOLERATED = ("expression_path", "expression_host_list")
# Lists that the CHT gives a form when it is opened; here they are empty.
_HOST_LISTS = ("contact-summary", "user-contact-summary")
_COUNT = "_count"
# Parts of an entity's declaration -> columns of the entities sheet.
_ENTITY = "/meta/entity/"
_ENTITY_COLUMNS = {"@create": "create_if", "@update": "update_if", "@id": "entity_id", "label": "label"}
# Keys of the model's nodes -> columns of the survey sheet.
_COLUMNS = {"calculate": "calculation", "count": "repeat_count", "itemset": "choice_filter"}


def model_faults(model_json: str, tables: dict[str, Table], outline: Outline) -> tuple[list[Finding], list[Finding]]:
    """Errors, then warnings: each expression that the engine cannot read, and each circle of calculations."""
    try:
        faults = shared_engine().check_model(model_json)
    except EngineError as error:
        return [Finding("model_unreadable", {"detail": str(error)})], []
    rows = {item.path: item.row for item in outline.items}
    found = [_finding(fault, tables, rows) for fault in faults]
    errors = [finding for finding in found if finding.code not in _TOLERATED]
    return errors, [finding for finding in found if finding.code in _TOLERATED]


def _finding(fault: Fault, tables: dict[str, Table], rows: dict[str, TableRow]) -> Finding:
    code = _CODES.get(fault["code"], "expression_syntax")
    if code == "expression_list" and any(f" {name}." in fault["message"] for name in _HOST_LISTS):
        code = "expression_host_list"
    survey, settings = tables["survey"], tables.get("settings")
    params = {"detail": fault["message"], "members": _members(fault, rows)}
    if fault["path"].endswith("/meta/instanceName") and settings is not None and settings.rows:
        value = shorten(settings.rows[0].get("instance_name"))
        return settings.finding(code, settings.rows[0], "instance_name", value=value, **params)
    if _ENTITY in fault["path"] and "entities" in tables and tables["entities"].rows:
        column = _ENTITY_COLUMNS.get(fault["path"].rpartition("/")[2], "entity_id")
        first = tables["entities"].rows[0]
        return tables["entities"].finding(code, first, column, value=shorten(first.get(column)), **params)
    row, column = rows.get(fault["path"]), _column(fault["key"], rows.get(fault["path"]))
    if row is None and fault["path"].endswith(_COUNT):
        # pyxform puts an expression for the number of rows into a question of its own.
        row, column = rows.get(fault["path"].removesuffix(_COUNT)), "repeat_count"
    value = shorten(row.get(column) if row and row.get(column) else fault["path"])
    return survey.finding(code, row, column, value=value, **params)


def _members(fault: Fault, rows: dict[str, TableRow]) -> str:
    """The questions of a circle in form order, each with its row."""
    paths = fault.get("paths", [fault["path"]])
    known = [f"{path.rpartition('/')[2]} ({rows[path].number})" for path in rows if path in paths]
    return ", ".join([*known, *(path for path in paths if path not in rows)])


def _column(key: str, row: TableRow | None) -> str:
    """The survey's column that the node's key came from. A `setvalue` action is a default, or a calculation with a
    trigger.
    """
    if key == "action":
        return "default" if row is not None and row.get("default") else "calculation"
    if key in ("label", "hint", "constraint_message", "required_message") and row is not None:
        return next((name for name in row.values if name.split("::")[0] == key and "${" in row.values[name]), key)
    return _COLUMNS.get(key, key)
