"""The page of exports and the CSV of one table."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.export.csv_format import write_csv
from collector.export.queries import (
    Selection,
    counted_questionnaires,
    find_questionnaire,
    header_of,
    questionnaire_tables,
    table_rows,
)
from collector.export.tables import MAIN, file_name
from collector.store import Questionnaire
from collector.store.session import database, reading

bp = Blueprint("export", __name__, url_prefix="/office/exports")


def sees_personal() -> bool:
    """Whether personal answers go out: not to people who may not see them, and not where the address says `personal=0`."""
    return bool(current_user.sees_personal) and request.args.get("personal") != "0"


def selection_for(questionnaire: Questionnaire | None = None) -> Selection:
    """What may go out to the person who asks, and what they want of it; without a questionnaire: no question is hidden."""
    hidden = None if questionnaire is None or sees_personal() else frozenset(questionnaire.personal_fields)
    return Selection(current_scope(), with_tests=request.args.get("test") == "1", hidden=hidden)


@bp.get("/")
@requires("responses.export")
def exports() -> str:
    """List what can be exported: each questionnaire's tables. `archived=1`: those in the archive too."""
    session = reading()
    with_archived = request.args.get("archived") == "1"
    found = []
    for questionnaire, count in counted_questionnaires(session, selection_for(), with_archived=with_archived):
        selection = selection_for(questionnaire)
        tables = [selection.columns_of(table) for table in questionnaire_tables(session, questionnaire.id)]
        found.append({"questionnaire": questionnaire, "count": count, "tables": tables})
    return render_template(
        "office/exports.html",
        found=found,
        asked=wanted(),
        with_archived=with_archived,
        is_whole=current_scope().is_whole,
        sees_personal=sees_personal(),
    )


def wanted() -> dict[str, Any]:
    """What the links to files carry on of this page's address."""
    asked = {"personal": "0", "test": "1"}
    return {key: value for key, value in asked.items() if request.args.get(key) == value}


@bp.get("/<form_id>.csv", defaults={"table_name": MAIN})
@bp.get("/<form_id>/<table_name>.csv")
@requires("responses.export")
def table_csv(form_id: str, table_name: str) -> Response:
    """Stream one table as CSV. `raw=1` leaves formulas as they were typed, `bom=0` leaves the byte-order mark out, `test=1` takes
    test responses in, `personal=0` leaves personal answers out."""
    session = reading()
    questionnaire = find_questionnaire(session, form_id)
    if questionnaire is None:
        raise CollectorError("not_found")
    tables = questionnaire_tables(session, questionnaire.id)
    table = next((table for table in tables if table.name == table_name), None)
    if table is None:
        raise CollectorError("not_found")
    selection = selection_for(questionnaire)
    content = write_csv(
        header_of(table, selection),
        table_rows(database(), questionnaire.id, tables, table, selection),
        has_mark=request.args.get("bom") != "0",
        is_safe=request.args.get("raw") != "1",
    )
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=file_name(form_id, table))
    # What a person may export changes with their account; no copy of it is to lie about.
    response.headers["Cache-Control"] = "no-store"
    return response
